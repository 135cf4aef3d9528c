import { assertNever } from '#app/base/assert.ts';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { MqttVersion, Protocol } from '#app/profile/profile.ts';

/** The state in one or two words, the same wherever it is named. */
export function stateWord(state: ConnectionState): string {
  switch (state.kind) {
    case 'offline':
      return 'Not connected';
    case 'connecting':
      return state.attempt > 1 ? `Connecting, attempt ${state.attempt}` : 'Connecting';
    case 'connected':
      return 'Connected';
    case 'waiting':
      return 'Waiting to reconnect';
    case 'disconnecting':
      return 'Disconnecting';
    case 'failed':
      return 'Connection failed';
    default:
      return assertNever(state);
  }
}

interface EndpointParts {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  /** Dialled instead of host and port; empty or absent: none. */
  readonly socketPath?: string;
}

/** `mqtts://broker.example:8883`, `ws://[::1]:8080/mqtt`, `mqtt: /run/mosquitto.sock`. */
export function endpointText({ protocol, host, port, path, socketPath }: EndpointParts): string {
  if (socketPath !== undefined && socketPath !== '') {
    return `${protocol}: ${socketPath}`;
  }
  const name = host.includes(':') ? `[${host}]` : host;
  const isWeb = protocol === 'ws' || protocol === 'wss';
  const tail = isWeb && path !== undefined && path !== '' ? (path.startsWith('/') ? path : `/${path}`) : '';
  return `${protocol}://${name}:${port}${tail}`;
}

/** Where a session connects to, with the variables of its environment filled in. */
export function sessionEndpoint({ profile, resolved }: Pick<SessionSummary, 'profile' | 'resolved'>): string {
  return endpointText(resolved === undefined ? profile : { ...profile, ...resolved });
}

/** `MQTT 3.1.1`; `MQTT 5.0`. */
export function versionText(version: MqttVersion): string {
  return `MQTT ${version}`;
}

/** `TLS 1.3` for what TLS libraries call `TLSv1.3`. */
export function tlsText(version: string): string {
  return version.replace(/^TLSv/, 'TLS ');
}

/** Whether there is something to disconnect from. */
export function isActive(state: ConnectionState): boolean {
  return state.kind === 'connected' || state.kind === 'connecting' || state.kind === 'waiting';
}

/** Whole seconds until a moment, never below zero. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}
