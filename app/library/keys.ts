import type { SavedMessage } from './saved-message.ts';

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
