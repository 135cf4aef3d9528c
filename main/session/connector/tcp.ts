import { type LookupAddress, lookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import type { ConnectionSettings } from '../settings.ts';
import { ConnectError, type Verdict } from './verdict.ts';

/** Milliseconds before the next address is tried beside those that have not answered yet (RFC 8305 section 5). */
const ATTEMPT_DELAY = 250;

/** How a stage's failure is put into words: about the broker, or about the proxy before it. */
export interface AddressWords {
  dns(error: unknown): Verdict;
  family(family: 'ipv4' | 'ipv6', found: readonly string[]): Verdict;
  tcp(error: unknown): Verdict;
}

/** The addresses of a host, in the order in which to try them: families alternate (RFC 8305 section 4). */
export async function resolveHost(
  host: string,
  family: ConnectionSettings['addressFamily'],
  words: AddressWords,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const literal = isIP(host);
  const addresses = literal === 0 ? await lookUp(host, words, signal) : [{ address: host, family: literal }];
  if (family === 'any') {
    return interleaveFamilies(addresses);
  }
  const wanted = addresses.filter((entry) => entry.family === (family === 'ipv4' ? 4 : 6));
  if (wanted.length === 0) {
    throw new ConnectError(
      words.family(
        family,
        addresses.map((entry) => entry.address),
      ),
    );
  }
  return wanted;
}

function lookUp(host: string, words: AddressWords, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
      if (error !== null) {
        reject(new ConnectError(words.dns(error)));
      } else {
        resolve(found);
      }
    });
  });
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
  port: number,
  words: AddressWords,
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
      const socket = connect({ host: entry.address, port, noDelay: true });
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
          reject(new ConnectError(words.tcp(lastError)));
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
