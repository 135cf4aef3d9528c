import { useEffect, useRef, useState } from 'react';
import type { HoldWay } from '#app/contract/operations/session.ts';
import { engineClient } from '../client/engine.ts';

/** Milliseconds that a button has to be held; the engine wants a little less. */
export const HOLD_TIME = 1000;
/** Milliseconds for which a first press of the keys waits for the second one. */
const PATIENCE = 5000;

/** How a publish of a production connection is confirmed; the engine gives the token and measures the time itself. */
export interface Confirmation {
  /** The keys were pressed once. */
  readonly isArmed: boolean;
  /** The button went down, or the keys were pressed for the first time. */
  begin(way: HoldWay): void;
  /** The token of what was begun last, once it counts. Rejects when the engine could not be asked. */
  take(): Promise<string>;
}

interface Hold {
  readonly token: string;
  /** Until when it has to be waited for (`performance.now`). */
  readonly ready: number;
}

/** Has the engine give a token for a hold that begins now. */
export type HoldRequest = (way: HoldWay) => Promise<{ readonly token: string; readonly holdFor: number }>;

/** `request`: where the token is from; absent: from the session, for its own messages. */
export function useConfirmation(sessionId: string, request?: HoldRequest): Confirmation {
  const ask = (way: HoldWay) =>
    requested(
      request ?? ((chosen) => engineClient().session(sessionId, 'publish.hold', { way: chosen })),
      way,
    );
  const [isArmed, setArmed] = useState(false);
  const hold = useRef<Promise<Hold> | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // A first press does not wait for its second in a tab that was left.
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      setArmed(false);
    },
    [],
  );
  return {
    isArmed,
    begin(way) {
      clearTimeout(timer.current);
      const asked = ask(way);
      // Told by `take`, if it comes to that.
      asked.catch(() => undefined);
      hold.current = asked;
      setArmed(way === 'twice');
      if (way === 'twice') {
        timer.current = setTimeout(() => setArmed(false), PATIENCE);
      }
    },
    async take() {
      clearTimeout(timer.current);
      setArmed(false);
      const current = hold.current ?? ask('twice');
      hold.current = undefined;
      const { token, ready } = await current;
      const rest = ready - performance.now();
      if (rest > 0) {
        await new Promise((resolve) => setTimeout(resolve, rest));
      }
      return token;
    },
  };
}

async function requested(request: HoldRequest, way: HoldWay): Promise<Hold> {
  const { token, holdFor } = await request(way);
  return { token, ready: performance.now() + holdFor };
}
