import { fail } from '#app/contract/failure.ts';
import type { Settings } from '#app/contract/settings.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { SecretVault } from '../vault.ts';
import { isLoopback, type ProxyAddress, proxyFromEnvironment, type SystemProxy } from './system-proxy.ts';

/** What is known of proxies beside the profile. */
export interface ProxySources {
  /** The proxy of the settings, with the vault that holds its password. */
  readonly settings: () => Settings['proxy'];
  readonly vault: SecretVault;
  readonly system: SystemProxy;
}

/** The system's proxy where nothing but the environment tells of one. */
export const environmentProxy: SystemProxy = async (target) => proxyFromEnvironment(target);

/**
 * The proxy of a connection: the profile's own word, or that of the settings; `undefined`: straight to the broker. The
 * settings' proxy is not for this machine itself, nor is any proxy for a socket. `password` is that of the profile's.
 */
export async function resolveProxy(
  profile: Pick<Profile, 'protocol' | 'host' | 'port' | 'socketPath' | 'proxy'>,
  password: string | undefined,
  sources: ProxySources | undefined,
): Promise<ProxyAddress | undefined> {
  if (profile.socketPath !== '') {
    return undefined;
  }
  const own = profile.proxy;
  const chosen = own ?? sources?.settings();
  if (chosen === undefined || chosen.kind === 'none') {
    return undefined;
  }
  if (chosen.kind === 'system') {
    return (sources?.system ?? environmentProxy)(profile);
  }
  if (own === undefined && isLoopback(profile.host)) {
    return undefined;
  }
  const { kind, port, username } = chosen;
  const host = chosen.host.trim();
  if (host === '') {
    throw fail(
      'proxy.host',
      'A proxy is chosen, but its host is missing.',
      own === undefined
        ? 'Enter its host name or IP address in the settings.'
        : 'Open the profile, tab “Advanced”, and enter its host name or IP address.',
    );
  }
  const secret = own === undefined ? await settingsPassword(sources) : password;
  return { kind, host, port, username, ...(secret === undefined ? {} : { password: secret }) };
}

/** Whether it is the system that names the proxy of the connection. */
export function followsSystemProxy(
  { proxy, socketPath }: Pick<Profile, 'proxy' | 'socketPath'>,
  sources: ProxySources | undefined,
): boolean {
  return socketPath === '' && (proxy ?? sources?.settings())?.kind === 'system';
}

async function settingsPassword(sources: ProxySources | undefined): Promise<string | undefined> {
  const ref = sources?.settings().passwordRef;
  if (sources === undefined || ref === undefined) {
    return undefined;
  }
  const bytes = await sources.vault.get(ref);
  if (bytes === undefined) {
    throw fail(
      'vault.missing',
      'The password of the proxy is not stored here.',
      'It may have been stored by the desktop app or in another data directory. Enter it again in the settings.',
    );
  }
  return new TextDecoder().decode(bytes);
}
