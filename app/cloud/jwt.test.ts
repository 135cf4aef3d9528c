import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../contract/failure.ts';
import { deviceJwt, jwtKeyProblem, signJws } from './jwt.ts';

/** RFC 7515, appendix A.2.1 and A.1.1: key and payload of the RS256 example. */
const rsa = {
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
  d: 'Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ',
  p: '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
  q: 'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
};
const payload = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
const rs256 =
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.' +
  'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw';
/** RFC 7515, appendix A.3.1: key of the ES256 example. */
const ec = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
};

const number = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
const text = (value: bigint) => {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
};

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    result = rest & 1n ? (result * square) % modulus : result;
    square = (square * square) % modulus;
  }
  return result;
}

/** The RFC prints the other parameters of the key as well; they follow from these. */
function rfcRsaKey(): KeyObject {
  const [d, p, q] = [number(rsa.d), number(rsa.p), number(rsa.q)];
  const rest = { dp: text(d % (p - 1n)), dq: text(d % (q - 1n)), qi: text(power(q, p - 2n, p)) };
  return createPrivateKey({ key: { kty: 'RSA', ...rsa, ...rest }, format: 'jwk' });
}

const rsaKey = rfcRsaKey();
const ecKey = createPrivateKey({ key: ec, format: 'jwk' });
const pem = (key: KeyObject, type: 'pkcs1' | 'sec1' | 'pkcs8') =>
  key.export({ format: 'pem', type }).toString();
/** What a single-line field makes of a PEM text. */
const oneLine = (key: string) => key.replaceAll('\n', '');

describe('signJws', () => {
  it.each([
    ['PKCS#8', pem(rsaKey, 'pkcs8')],
    ['PKCS#1', pem(rsaKey, 'pkcs1')],
    ['PKCS#8 without line ends', oneLine(pem(rsaKey, 'pkcs8'))],
    ['PKCS#1 with CRLF and text around', `notes\r\n${pem(rsaKey, 'pkcs1').replaceAll('\n', '\r\n')}\r\nmore`],
  ])('signs the RS256 example of RFC 7515 with the key as %s', async (_, key) => {
    expect(await signJws('{"alg":"RS256"}', payload, key, 'RS256')).toBe(rs256);
  });

  it.each([
    ['PKCS#8', pem(ecKey, 'pkcs8')],
    ['SEC1', pem(ecKey, 'sec1')],
    [
      'SEC1 behind its parameters',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(ecKey, 'sec1')}`,
    ],
  ])('signs the ES256 example of RFC 7515, r and s side by side, with the key as %s', async (_, key) => {
    const token = await signJws('{"alg":"ES256"}', payload, key, 'ES256');
    const [header, body, signature = ''] = token.split('.');
    expect(`${header}.${body}`).toBe(`eyJhbGciOiJFUzI1NiJ9.${rs256.split('.')[1]}`);
    const bytes = Buffer.from(signature, 'base64url');
    expect(bytes).toHaveLength(64);
    const signed = Buffer.from(`${header}.${body}`);
    const verifier = { key: createPublicKey(ecKey), dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', signed, verifier, bytes)).toBe(true);
    expect(verify('sha256', Buffer.concat([signed, signed]), verifier, bytes)).toBe(false);
  });
});

describe('deviceJwt', () => {
  it('holds the claims that the service asks for', async () => {
    const claims = { iat: 1_700_000_000, exp: 1_700_003_600, aud: 'my-project' };
    const token = await deviceJwt(claims, pem(rsaKey, 'pkcs8'), 'RS256');
    const [header = '', body = '', signature = ''] = token.split('.');
    const parsed = [header, body].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(parsed).toEqual([{ alg: 'RS256', typ: 'JWT' }, claims]);
    const signed = Buffer.from(`${header}.${body}`);
    expect(verify('sha256', signed, createPublicKey(rsaKey), Buffer.from(signature, 'base64url'))).toBe(true);
  });
});

describe('keys that can’t sign', () => {
  const encrypted = rsaKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const oldEncrypted = rsaKey
    .export({ format: 'pem', type: 'pkcs1', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const publicPem = createPublicKey(rsaKey).export({ format: 'pem', type: 'spki' }).toString();

  it.each([
    ['nothing', '', /not a private key in PEM/],
    ['a password', 'hunter2', /not a private key in PEM/],
    ['half a key', pem(rsaKey, 'pkcs8').slice(0, 200), /cut off/],
    ['garbage', '-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----', /damaged/],
    ['an encrypted key', encrypted, /encrypted.*openssl pkcs8/],
    ['a key encrypted the old way', oldEncrypted, /encrypted.*openssl pkcs8/],
    ['a public key', publicPem, /public key/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', /certificate/],
    ['an EC key', pem(ecKey, 'sec1'), /RS256 needs an RSA key.*ES256/],
    ['an Ed25519 key', pem(ed25519, 'pkcs8'), /another kind/],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nMA==\n-----END OPENSSH PRIVATE KEY-----',
      /OPENSSH/,
    ],
  ])('says what is wrong with %s', async (_, key, words) => {
    expect(jwtKeyProblem(key, 'RS256')).toMatch(words);
    const failure = await deviceJwt({ iat: 0, exp: 1, aud: 'p' }, key, 'RS256').catch((error) => error);
    expect(failure).toBeInstanceOf(FailureError);
    expect(failure.failure.code).toBe('credentials.private-key');
  });

  it('has an answer to any text, and to a key with any part of it changed', () => {
    const key = pem(rsaKey, 'pkcs8');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (random) => {
        expect(jwtKeyProblem(random, 'ES256')).toBeTypeOf('string');
      }),
    );
    fc.assert(
      fc.property(fc.nat(key.length), fc.nat(40), fc.string(), (at, length, random) => {
        const changed = `${key.slice(0, at)}${random}${key.slice(at + length)}`;
        const problem = jwtKeyProblem(changed, 'RS256');
        expect(problem === undefined || problem.length > 20).toBe(true);
      }),
    );
  });

  it('never fails but with a named failure, whatever a damaged key holds', async () => {
    const key = pem(rsaKey, 'pkcs1');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 40, max: key.length - 40 }),
        fc.base64String(),
        async (at, random) => {
          const changed = `${key.slice(0, at)}${random}${key.slice(at)}`;
          const outcome = await deviceJwt({ iat: 0, exp: 1, aud: 'p' }, changed, 'RS256').catch(
            (error) => error,
          );
          expect(typeof outcome === 'string' || outcome instanceof FailureError).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds an RSA key where an EC key is needed', () => {
    expect(jwtKeyProblem(pem(rsaKey, 'pkcs1'), 'ES256')).toMatch(/ES256 needs an EC key.*RS256/);
  });

  it('finds another curve when it signs', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    for (const type of ['sec1', 'pkcs8'] as const) {
      const failure = await deviceJwt({ iat: 0, exp: 1, aud: 'p' }, pem(p384, type), 'ES256').catch((e) => e);
      expect(failure.failure.message).toMatch(/P-256/);
    }
  });
});
