import type { Failure } from '#app/contract/failure.ts';
import type { ConnectionSettings } from '../../session/settings.ts';

/** Characters under which a secret can't be told from ordinary words in a text. */
const MIN_LENGTH = 4;

/** Everything of the settings that no report may contain, the longest first. */
export function secretsOf(settings: ConnectionSettings): readonly string[] {
  const { password, proxy, tls, secrets, webSocket } = settings;
  return [
    password,
    proxy?.password,
    tls.passphrase,
    ...Object.values(secrets),
    ...webSocket.headers.map(({ value }) => value),
  ]
    .filter((value) => value !== undefined)
    .filter(({ length }) => length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
}

/** The text with each of the values taken out, as it is and as an address would carry it. */
export function withoutValues(text: string, values: readonly string[]): string {
  return values
    .flatMap((value) => [value, encodeURIComponent(value)])
    .reduce((rest, value) => rest.replaceAll(value, '[removed]'), text);
}

/** The failure with each of the values taken out of all that it says: brokers and proxies repeat what they were sent. */
export function withoutSecretsIn(failure: Failure, secrets: readonly string[]): Failure {
  const { code, message, hint, detail } = failure;
  return {
    code,
    message: withoutValues(message, secrets),
    ...(hint === undefined ? {} : { hint: withoutValues(hint, secrets) }),
    ...(detail === undefined ? {} : { detail: withoutValues(detail, secrets) }),
  };
}
