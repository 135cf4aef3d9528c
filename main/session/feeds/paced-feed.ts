import type { Disposable } from '#app/base/disposable.ts';
import type { FeedInstance } from '#app/contract/server.ts';
import type { Pacer } from './pacer.ts';

/** What differs between feeds: how a window is built, and when there is nothing new to show. */
export interface WindowBuilder<Params, Window> {
  /**
   * The window as it is now, or `undefined` when nothing in it changed since the last one that was returned.
   * `moved` is true for the first window and after each change of the parameters: then a window must come.
   */
  build(params: Params, moved: boolean): Window | undefined;
  dispose?(): void;
}

/**
 * A feed on the pacer's tick: builds a window when the client wants one and something may have changed.
 * A client that moved its window is answered at once, not at the next tick.
 */
export function pacedFeed<Params, Window>(
  pacer: Pacer,
  initial: Params,
  push: (window: Window) => void,
  builder: WindowBuilder<Params, Window>,
): FeedInstance<Params> {
  let params = initial;
  let isWanted = false;
  let hasMoved = true;
  const offer = () => {
    if (!isWanted) {
      return;
    }
    const window = builder.build(params, hasMoved);
    if (window !== undefined) {
      isWanted = false;
      hasMoved = false;
      push(window);
    }
  };
  const ticking: Disposable = pacer.onTick(offer);
  return {
    update(next) {
      params = next;
      hasMoved = true;
      offer();
    },
    pull() {
      isWanted = true;
      if (hasMoved) {
        offer();
      } else {
        // What changed while the client was busy must not wait for the next change.
        pacer.markDirty();
      }
    },
    dispose() {
      ticking.dispose();
      builder.dispose?.();
    },
  };
}
