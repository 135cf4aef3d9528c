import type { SavedMessage } from './saved-message.ts';

/**
 * What a connection has at hand: its own messages, then those of all connections. One that is in both for a while,
 * because it is moved from one to the other, is there once.
 */
export function atHand(
  own: readonly SavedMessage[],
  shared: readonly SavedMessage[],
): readonly SavedMessage[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...own, ...shared.filter(({ id }) => !ids.has(id))];
}

/** Who has each key, of all messages that are at hand together; of several that were given one, the first. */
export function keyHolders(
  messages: readonly SavedMessage[],
): ReadonlyMap<NonNullable<SavedMessage['shortcut']>, SavedMessage> {
  const holders = new Map<NonNullable<SavedMessage['shortcut']>, SavedMessage>();
  for (const message of messages) {
    if (message.shortcut !== undefined && !holders.has(message.shortcut)) {
      holders.set(message.shortcut, message);
    }
  }
  return holders;
}

/** Messages that are added to others, without the keys that somebody else has: a key sends one message. */
export function givingWay(
  added: readonly SavedMessage[],
  others: readonly SavedMessage[],
): readonly SavedMessage[] {
  const ids = new Set(added.map(({ id }) => id));
  const holders = keyHolders([...others.filter(({ id }) => !ids.has(id)), ...added]);
  return added.map((message) => {
    const { shortcut, ...rest } = message;
    return shortcut === undefined || holders.get(shortcut) === message ? message : rest;
  });
}
