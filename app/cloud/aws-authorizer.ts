import { percentEncode } from './encoding.ts';

/** What a custom authorizer of AWS IoT Core is told in the user name. Empty: left out. */
export interface AwsAuthorizerLogin {
  readonly username: string;
  readonly authorizer: string;
  /** Name under which the authorizer expects the token; with the token and its signature, or without all three. */
  readonly tokenKeyName: string;
  readonly token: string;
  /** Base64, made with the authorizer's private key over the token. */
  readonly signature: string;
}

/**
 * `alice?x-amz-customauthorizer-name=mine&x-amz-customauthorizer-signature=...&tokenKey=...` (AWS IoT developer guide,
 * Connecting to AWS IoT Core by using custom authentication). Values are percent-encoded; a signature that was copied in
 * its encoded form stays as it is, as Base64 has no percent sign.
 */
export function authorizerUsername(login: AwsAuthorizerLogin): string {
  const { username, authorizer, tokenKeyName, token, signature } = login;
  const query: string[] = [];
  if (authorizer !== '') {
    query.push(`x-amz-customauthorizer-name=${percentEncode(authorizer)}`);
  }
  if (signature !== '') {
    const isEncoded = /%[0-9a-f]{2}/i.test(signature);
    query.push(`x-amz-customauthorizer-signature=${isEncoded ? signature : percentEncode(signature)}`);
  }
  if (tokenKeyName !== '') {
    query.push(`${percentEncode(tokenKeyName)}=${percentEncode(token)}`);
  }
  return query.length === 0 ? username : `${username}?${query.join('&')}`;
}
