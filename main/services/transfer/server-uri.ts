import { defaultPorts } from '#app/profile/defaults.ts';
import type { Protocol } from '#app/profile/profile.ts';
import type { ProfileDraft } from './profile-draft.ts';

const schemes: ReadonlyMap<string, Protocol> = new Map([
  ['mqtt', 'mqtt'],
  ['tcp', 'mqtt'],
  ['mqtts', 'mqtts'],
  ['ssl', 'mqtts'],
  ['tls', 'mqtts'],
  ['ws', 'ws'],
  ['wss', 'wss'],
]);

/** The parts of `ssl://host:8883`, `host:1883`, `[::1]:1883`, `wss://host/path`. Nothing in it is decoded. */
export interface ServerUri {
  readonly protocol: Protocol | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
}

export function parseServerUri(text: string): ServerUri {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(\/.*)?$/i.exec(text.trim());
  const [, scheme, host, port, path] = match ?? [];
  return {
    protocol: schemes.get(scheme?.toLowerCase() ?? ''),
    host: (host ?? text.trim()).replace(/^\[(.*)\]$/, '$1'),
    port: port === undefined ? undefined : Number(port),
    path: path === '/' ? undefined : path,
  };
}

/** Sets protocol, host, port and path; `hasTls` and `isWebSocket` hold where the address names no scheme. */
export function setEndpoint(
  draft: ProfileDraft,
  uri: ServerUri,
  { hasTls, isWebSocket }: { readonly hasTls: boolean; readonly isWebSocket: boolean },
): void {
  const web = isWebSocket || uri.protocol === 'ws' || uri.protocol === 'wss';
  const tls = hasTls || uri.protocol === 'mqtts' || uri.protocol === 'wss';
  const protocol = web ? (tls ? 'wss' : 'ws') : tls ? 'mqtts' : 'mqtt';
  draft.endpoint(protocol, uri.host, uri.port, defaultPorts[protocol]);
  if (web && uri.path !== undefined) {
    draft.set({ path: uri.path.slice(0, 2000) }, 'Path');
  }
}
