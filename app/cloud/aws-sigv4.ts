import { hmacSha256, sha256Hex } from './digests.ts';
import { hex, percentEncode, utf8 } from './encoding.ts';

/** What a presigned GET is made of. */
export interface AwsRequest {
  /** As the Host header has it: with the port where that is not the protocol's own. */
  readonly host: string;
  /** Begins with a slash; may have a query of its own, which is signed as well. */
  readonly path: string;
  readonly region: string;
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials (AWS STS, IAM roles, Cognito). */
  readonly sessionToken?: string | undefined;
  /** Seconds for which the request may be sent; absent: the service's own limit. */
  readonly expires?: number;
  /**
   * `signed`: the session token is part of what is signed, as the test suite of AWS has it for most services. `appended`:
   * it is added after signing, which is what AWS IoT wants (AWS IoT developer guide, MQTT over the WebSocket protocol).
   */
  readonly token: 'signed' | 'appended';
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * The query that signs a GET by AWS Signature Version 4, without the query that the path already has: to be appended to
 * the path. `now` in milliseconds since the epoch.
 */
export async function presignedQuery(request: AwsRequest, now: number, method = 'GET'): Promise<string> {
  const { host, region, service, accessKeyId, sessionToken = '', expires, token } = request;
  const timestamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const signed: [name: string, value: string][] = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${accessKeyId}/${scope}`],
    ['X-Amz-Date', timestamp],
    ...(expires === undefined ? [] : [['X-Amz-Expires', String(expires)] as [string, string]]),
    ['X-Amz-SignedHeaders', 'host'],
  ];
  const tokenParameter: [string, string] = ['X-Amz-Security-Token', sessionToken];
  if (sessionToken !== '' && token === 'signed') {
    signed.push(tokenParameter);
  }
  const [path = '/', ownQuery = ''] = splitOnce(request.path, '?');
  const canonicalRequest = [
    method,
    canonicalPath(path),
    canonicalQuery([...parseQuery(ownQuery), ...signed]),
    `host:${host.toLowerCase()}`,
    '',
    'host',
    await sha256Hex(''),
  ].join('\n');
  const stringToSign = [ALGORITHM, timestamp, scope, await sha256Hex(canonicalRequest)].join('\n');
  const signature = hex(
    await hmacSha256(await signingKey(request.secretAccessKey, date, region, service), stringToSign),
  );
  const rest: [string, string][] = [['X-Amz-Signature', signature]];
  if (sessionToken !== '' && token === 'appended') {
    rest.push(tokenParameter);
  }
  return [...signed, ...rest].map(encodePair).join('&');
}

/** Signature Version 4, task 3: the key is good for one day, region and service. */
async function signingKey(
  secret: string,
  date: string,
  region: string,
  service: string,
): Promise<Uint8Array> {
  let key: Uint8Array = utf8(`AWS4${secret}`);
  for (const part of [date, region, service, 'aws4_request']) {
    key = await hmacSha256(key, part);
  }
  return key;
}

/** Each segment percent-encoded once; what is encoded already stays as it is. */
function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => percentEncode(decode(segment)))
    .join('/');
}

/** Sorted by encoded name, then by value, in the order of character codes. */
function canonicalQuery(pairs: readonly [name: string, value: string][]): string {
  return pairs
    .map(([name, value]): [string, string] => [percentEncode(name), percentEncode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseQuery(query: string): [string, string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const [name = '', value = ''] = splitOnce(pair, '=');
      return [decode(name), decode(value)];
    });
}

function encodePair([name, value]: readonly [string, string]): string {
  return `${percentEncode(name)}=${percentEncode(value)}`;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Percent-decoded; text that is not validly encoded is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
