import type { Event } from '#app/base/event.ts';
import type { FeedSource } from '#app/contract/server.ts';

/** A feed whose window is one value: sent at once, and again after a change, once the client has taken the last. */
export function valueFeed<Params, Window>(
  current: (params: Params) => Window,
  onDidChange: Event<void>,
): FeedSource<Params, Window> {
  return (initial, push) => {
    let params = initial;
    let isDirty = true;
    let isAwaited = false;
    const sendIfDue = () => {
      if (isDirty && isAwaited) {
        isDirty = false;
        isAwaited = false;
        push(current(params));
      }
    };
    const change = () => {
      isDirty = true;
      sendIfDue();
    };
    const subscription = onDidChange(change);
    return {
      update(next) {
        params = next;
        change();
      },
      pull() {
        isAwaited = true;
        sendIfDue();
      },
      dispose: () => subscription.dispose(),
    };
  };
}
