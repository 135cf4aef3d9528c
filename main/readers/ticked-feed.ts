import type { Disposable } from '#app/base/disposable.ts';
import type { FeedInstance } from '#app/contract/server.ts';
import type { Ticker } from './ticker.ts';

/** What differs between feeds that read along with a log. */
export interface TickedSource<Params, Window> extends Disposable {
  /** Reads on until the deadline; true: there is more to read. */
  advance(deadline: number): boolean;
  /** The window as it is now, or `undefined` when it is the one that was returned last and `moved` is false. */
  build(moved: boolean): Window | undefined;
  update(params: Params): void;
}

/** A feed on the ticker's beat: a window when the client wants one and something changed. */
export function tickedFeed<Params, Window>(
  ticker: Ticker,
  push: (window: Window) => void,
  source: TickedSource<Params, Window>,
): FeedInstance<Params> {
  let isWanted = false;
  let hasMoved = true;
  const ticking = ticker.onTick((deadline) => {
    const hasMore = source.advance(deadline);
    const window = isWanted ? source.build(hasMoved) : undefined;
    if (window !== undefined) {
      isWanted = false;
      hasMoved = false;
      push(window);
    }
    return hasMore;
  });
  return {
    update(params) {
      source.update(params);
      hasMoved = true;
      ticker.soon();
    },
    pull() {
      isWanted = true;
      if (hasMoved) {
        ticker.soon();
      }
    },
    dispose() {
      ticking.dispose();
      source.dispose();
    },
  };
}
