import type { Event } from '#app/base/event.ts';
import type { FeedSource } from '#app/contract/server.ts';

/** A feed whose window is one value: sent at once, and again after a change, once the client has taken the last. */
export function valueFeed<Window>(
  current: () => Window,
  onDidChange: Event<void>,
): FeedSource<Record<string, never>, Window> {
  return (_, push) => {
    let isDirty = true;
    let isAwaited = false;
    const sendIfDue = () => {
      if (isDirty && isAwaited) {
        isDirty = false;
        isAwaited = false;
        push(current());
      }
    };
    const subscription = onDidChange(() => {
      isDirty = true;
      sendIfDue();
    });
    return {
      update: () => undefined,
      pull() {
        isAwaited = true;
        sendIfDue();
      },
      dispose: () => subscription.dispose(),
    };
  };
}
