import type { ContractClient } from '#app/contract/client.ts';
import type { StatusWindow } from '#app/contract/feeds/session.ts';

/** The status of a session as it is now. */
export async function readStatus(client: ContractClient, sessionId: string): Promise<StatusWindow> {
  return new Promise((resolve, reject) => {
    const feed = client.sessionFeed(
      sessionId,
      'status',
      {},
      {
        onWindow: (window) => {
          resolve(window);
          // Not within the call: the feed acknowledges when it returns.
          queueMicrotask(() => feed.dispose());
        },
        onEnd: (failure) => reject(new Error(failure.message)),
      },
    );
  });
}
