import { FailureError } from '#app/contract/failure.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { ConnectorEvents } from './connector.ts';
import { ConnectError } from './verdict.ts';

/**
 * The settings with the proxy that the system has now, where they follow it: a laptop that moves from the office to the
 * road has another one. Throws a ConnectError that may pass, since the system may be changed.
 */
export async function withSystemProxy(
  settings: ConnectionSettings,
  systemProxy: ConnectorEvents['systemProxy'],
): Promise<ConnectionSettings> {
  if (settings.followsSystemProxy !== true || systemProxy === undefined) {
    return settings;
  }
  const { protocol, host, port, proxy: _, ...rest } = settings;
  try {
    const proxy = await systemProxy({ protocol, host, port });
    return { ...rest, protocol, host, port, ...(proxy === undefined ? {} : { proxy }) };
  } catch (error) {
    throw error instanceof FailureError ? new ConnectError({ retry: true, failure: error.failure }) : error;
  }
}
