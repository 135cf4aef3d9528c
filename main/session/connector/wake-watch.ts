import { networkInterfaces } from 'node:os';
import type { Disposable } from '#app/base/disposable.ts';

/** What {@link watchWake} needs of the machine; tests bring their own. */
export interface WakeClock {
  /** Milliseconds since the epoch: unlike a monotonic clock it goes on while the machine sleeps. */
  now(): number;
  every(milliseconds: number, tick: () => void): Disposable;
  /** The machine's own addresses, in any form that is equal for equal ones. */
  addresses(): string;
}

/** Milliseconds between two looks, and how much later than due one may come on a machine that is merely busy. */
const INTERVAL = 5000;
const LATE = 10_000;

/**
 * Tells when the machine has slept (a timer fires far too late) or when its addresses changed (another network, a VPN,
 * a cable). A connection from before may be dead without knowing, and a wait from before pointless.
 */
export function watchWake(onWake: () => void, clock: WakeClock = systemClock): Disposable {
  let lookedAt = clock.now();
  let addresses = clock.addresses();
  return clock.every(INTERVAL, () => {
    const now = clock.now();
    const present = clock.addresses();
    const hasSlept = now - lookedAt > INTERVAL + LATE;
    // Without any address there is nothing to try; the next change brings one.
    const hasMoved = present !== addresses && present !== '';
    lookedAt = now;
    addresses = present;
    if (hasSlept || hasMoved) {
      onWake();
    }
  });
}

const systemClock: WakeClock = {
  now: () => Date.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds).unref();
    return { dispose: () => clearInterval(timer) };
  },
  addresses: () =>
    Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address)
      .sort()
      .join(' '),
};
