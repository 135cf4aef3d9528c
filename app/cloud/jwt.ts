import { fail } from '../contract/failure.ts';
import { base64Url, utf8 } from './encoding.ts';
import { readPrivateKey } from './private-key.ts';

export type JwtAlgorithm = 'RS256' | 'ES256';

/** How RFC 7518 section 3 and the Web Cryptography API call the same. The latter makes r||s, as a JWS wants it. */
const algorithms = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', key: 'RSA', words: 'an RSA key' },
  ES256: {
    name: 'ECDSA',
    hash: 'SHA-256',
    namedCurve: 'P-256',
    key: 'EC',
    words: 'an EC key on the curve P-256',
  },
} as const;

/** Why a PEM text can't sign tokens of the algorithm, with the remedy; undefined when nothing shows without trying. */
export function jwtKeyProblem(pem: string, algorithm: JwtAlgorithm): string | undefined {
  const reading = readPrivateKey(pem);
  if (reading.kind === 'unusable') {
    return reading.problem;
  }
  const wanted = algorithms[algorithm];
  const other = algorithm === 'RS256' ? 'ES256' : 'RS256';
  return reading.algorithm === wanted.key
    ? undefined
    : reading.algorithm === 'other'
      ? `${algorithm} needs ${wanted.words}, and this is one of another kind.`
      : `${algorithm} needs ${wanted.words}. This one is for ${other}: choose that, or another key.`;
}

/** A JSON Web Signature in compact form (RFC 7515 section 3.1) over header and payload as they stand. Throws a failure. */
export async function signJws(
  header: string,
  payload: string,
  pem: string,
  algorithm: JwtAlgorithm,
): Promise<string> {
  const problem = jwtKeyProblem(pem, algorithm);
  const reading = readPrivateKey(pem);
  if (problem !== undefined || reading.kind === 'unusable') {
    throw unusableKey(problem ?? 'The private key can’t be used.');
  }
  const signingInput = `${base64Url(utf8(header))}.${base64Url(utf8(payload))}`;
  const { name, hash } = algorithms[algorithm];
  let key: PlatformKey;
  try {
    key = await crypto.subtle.importKey('pkcs8', reading.pkcs8, algorithms[algorithm], false, ['sign']);
  } catch (error) {
    const curve = algorithm === 'ES256' ? ', or on another curve than P-256' : '';
    throw unusableKey(
      `The private key is damaged${curve}.`,
      error instanceof Error ? error.message : undefined,
    );
  }
  const signature = await crypto.subtle.sign({ name, hash }, key, utf8(signingInput));
  return `${signingInput}.${base64Url(new Uint8Array(signature))}`;
}

/** A JSON Web Token (RFC 7519) as Google Cloud IoT Core wanted it. Times in seconds since the epoch. */
export function deviceJwt(
  claims: { readonly iat: number; readonly exp: number; readonly aud: string },
  pem: string,
  algorithm: JwtAlgorithm,
): Promise<string> {
  const header = JSON.stringify({ alg: algorithm, typ: 'JWT' });
  return signJws(header, JSON.stringify(claims), pem, algorithm);
}

function unusableKey(problem: string, detail?: string) {
  return fail(
    'credentials.private-key',
    problem,
    'Open the profile and choose the private key whose public half is registered for the device.',
    detail,
  );
}
