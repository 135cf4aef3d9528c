import { type LookupAddress, lookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { explainDns, explainTcp, type Target } from './explain-network.ts';
import { ConnectError } from './verdict.ts';

/** Milliseconds before the next address is tried beside those that have not answered yet (RFC 8305 section 5). */
const ATTEMPT_DELAY = 250;

/** All addresses of a host, in the order in which to try them: families alternate (RFC 8305 section 4). */
export async function resolveHost(host: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) {
    return [{ address: host, family }];
  }
  const addresses = await new Promise<readonly LookupAddress[]>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
      if (error !== null) {
        reject(new ConnectError(explainDns(error, host)));
      } else {
        resolve(found);
      }
    });
  });
  return interleaveFamilies(addresses);
}

/** Keeps the order within each family and alternates between them, beginning with the first one's. */
export function interleaveFamilies(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
  const first = addresses.filter((entry) => entry.family === addresses[0]?.family);
  const second = addresses.filter((entry) => entry.family !== addresses[0]?.family);
  const result: LookupAddress[] = [];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    for (const entry of [first[index], second[index]]) {
      if (entry !== undefined) {
        result.push(entry);
      }
    }
  }
  return result;
}

/**
 * Connects to the first address that answers ("happy eyeballs", RFC 8305). Node's own `autoSelectFamily` gives each
 * address but the last 250 ms and then drops it, which fails on slow links; here the earlier ones go on.
 */
export function openTcp(
  addresses: readonly LookupAddress[],
  target: Target,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    let lastError: unknown = new Error('no address');

    const finish = (winner: Socket | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const socket of sockets) {
        if (socket !== winner) {
          socket.destroy();
        }
      }
      sockets.clear();
    };
    const onAbort = () => {
      finish(undefined);
      reject(signal.reason);
    };
    const tryNext = () => {
      clearTimeout(timer);
      const entry = addresses[next];
      if (entry === undefined) {
        return;
      }
      next += 1;
      const socket = connect({ host: entry.address, port: target.port, noDelay: true });
      sockets.add(socket);
      socket.once('connect', () => {
        if (sockets.has(socket)) {
          finish(socket);
          socket.removeListener('error', onError);
          // An error between here and the next stage's own listener must not bring the process down.
          socket.on('error', () => undefined);
          resolve(socket);
        }
      });
      const onError = (error: Error) => {
        lastError = error;
        if (!sockets.delete(socket)) {
          return;
        }
        if (next < addresses.length) {
          tryNext();
        } else if (sockets.size === 0) {
          finish(undefined);
          reject(new ConnectError(explainTcp(lastError, target)));
        }
      };
      socket.on('error', onError);
      timer = setTimeout(tryNext, ATTEMPT_DELAY);
    };
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    tryNext();
  });
}
