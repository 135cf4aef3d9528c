/** Timers as mqtt.js takes them for its keep alive. */
export interface KeepAliveTimers {
  set(tick: () => void, milliseconds: number): number;
  clear(timer: number): void;
}

/**
 * Keep alive that a flood cannot break. mqtt.js ticks every half keep alive: the second tick sends PINGREQ, the third
 * gives the connection up, and no PUBLISH starts it anew. Behind megabytes of messages the PINGRESP comes too late,
 * though the broker is plainly alive. So a tick that would give up while bytes still arrive sends another PINGREQ
 * instead: the broker hears from us in time, and silence is still noticed half a keep alive later.
 */
export function keepAliveTimers(bytesRead: () => number, sendPing: () => void): KeepAliveTimers {
  return {
    set(tick, milliseconds) {
      let ticks = 0;
      let bytesAtLastTick = bytesRead();
      const timer = setInterval(() => {
        ticks += 1;
        const bytes = bytesRead();
        const isAlive = bytes !== bytesAtLastTick;
        bytesAtLastTick = bytes;
        if (ticks > 2 && isAlive) {
          sendPing();
        } else {
          tick();
        }
      }, milliseconds);
      return timer[Symbol.toPrimitive]();
    },
    clear: (timer) => clearInterval(timer),
  };
}
