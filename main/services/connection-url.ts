import { fail } from '#app/contract/failure.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { defaultPorts, newProfile, newSubscription } from '#app/profile/defaults.ts';
import { type Profile, type Protocol, profileSchema, protocols } from '#app/profile/profile.ts';

/** A profile made up for a URL. The password stays apart: it is never part of a profile. */
export interface UrlProfile {
  readonly profile: Profile;
  readonly password?: string;
}

const EXAMPLE = 'Write it like mqtt://user:password@host:1883 or wss://host/path?topic=plant/%23.';

/**
 * Reads `mqtt://user:pass@host:port/path?topic=...`; `topic` may come several times. In topics `+` and `#` stand for
 * themselves, though a URL would read them as a blank and a fragment. Failures (`url.*`) never repeat the password.
 */
export function profileFromUrl(text: string): UrlProfile {
  const url = parseUrl(text.trim());
  const protocol = url.protocol.slice(0, -1);
  if (!isProtocol(protocol)) {
    throw fail(
      'url.protocol',
      `“${protocol}:” is not a protocol that Topicscope speaks.`,
      `Use mqtt, mqtts, ws or wss. ${EXAMPLE}`,
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') {
    throw fail('url.host', 'The address names no host.', EXAMPLE);
  }
  const port = url.port === '' ? portWithout(protocol) : Number(url.port);
  if (port < 1) {
    throw fail('url.port', 'Port 0 can’t be connected to.', EXAMPLE);
  }
  const username = decode(url.username, 'user name');
  const password = decode(url.password, 'password');
  const filters = topicsOf(url.search);
  const isWebSocket = protocol === 'ws' || protocol === 'wss';
  const profile = profileSchema.safeParse(
    newProfile({
      name: `${host.includes(':') ? `[${host}]` : decode(host, 'host')}:${port}`,
      protocol,
      host: decode(host, 'host'),
      port,
      username,
      // The path as it was written: `/` is a path, and none at all means the customary one.
      ...(isWebSocket && url.pathname !== '' && url.pathname !== '/' ? { path: url.pathname } : {}),
      ...(isWebSocket && url.pathname === '/' ? { path: '/' } : {}),
      subscriptions: filters.map((filter) => newSubscription(filter)),
    }),
  );
  if (!profile.success) {
    throw fail('url.invalid', profile.error.issues[0]?.message ?? 'The address is not valid.', EXAMPLE);
  }
  return { profile: profile.data, ...(password === '' ? {} : { password }) };
}

function parseUrl(text: string): URL {
  try {
    // `#` begins a fragment in a URL, but in an MQTT address it is nearly always a topic filter.
    return new URL(text.replaceAll('#', '%23'));
  } catch {
    const withoutScheme = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
    throw fail(
      'url.invalid',
      withoutScheme ? 'The address does not begin with a protocol.' : 'The address can’t be read.',
      withoutScheme
        ? EXAMPLE
        : `Check host and port; write special characters in user and password as %XX. ${EXAMPLE}`,
    );
  }
}

/** `ws:` and `wss:` are known to URL, which drops their own default ports 80 and 443. */
function portWithout(protocol: Protocol): number {
  return protocol === 'ws' ? 80 : protocol === 'wss' ? 443 : defaultPorts[protocol];
}

function topicsOf(search: string): readonly string[] {
  return search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const at = part.indexOf('=');
      const name = at < 0 ? part : part.slice(0, at);
      if (name !== 'topic') {
        throw fail(
          'url.query',
          `The address has the unknown part “${name.slice(0, 40)}”.`,
          `Only topic is known. ${EXAMPLE}`,
        );
      }
      const filter = decode(part.slice(at + 1), 'topic');
      const problem = at < 0 ? 'It is empty.' : topicFilterProblem(filter);
      if (problem !== undefined) {
        throw fail('url.topic', `The topic filter of the address is not valid. ${problem}`, EXAMPLE);
      }
      return [filter];
    });
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fail('url.encoding', `The ${what} in the address is not encoded correctly.`, 'Write a % as %25.');
  }
}

function isProtocol(name: string): name is Protocol {
  return (protocols as readonly string[]).includes(name);
}
