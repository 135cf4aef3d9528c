import type { SavedMessage } from './saved-message.ts';

/** A folder with what it holds, in the order of the list. */
export interface Folder {
  /** Empty: what is in none. */
  readonly name: string;
  readonly messages: readonly SavedMessage[];
}

/** Parts a list into its folders: first what is in none, then each folder where its first message stands. */
export function foldersOf(messages: readonly SavedMessage[]): readonly Folder[] {
  const folders = new Map<string, SavedMessage[]>([['', []]]);
  for (const message of messages) {
    const known = folders.get(message.folder);
    if (known === undefined) {
      folders.set(message.folder, [message]);
    } else {
      known.push(message);
    }
  }
  return [...folders].flatMap(([name, held]) => (held.length === 0 ? [] : [{ name, messages: held }]));
}

/** Puts a message into a folder, in front of another one of it, or at its end. What is not named keeps its order. */
export function moved(
  messages: readonly SavedMessage[],
  id: string,
  folder: string,
  beforeId?: string,
): readonly SavedMessage[] {
  const found = messages.find((message) => message.id === id);
  if (found === undefined || id === beforeId) {
    return messages;
  }
  const others = messages.filter((message) => message.id !== id);
  const before = others.findIndex((message) => message.id === beforeId);
  const last = others.findLastIndex((message) => message.folder === folder);
  const place = before >= 0 ? before : last >= 0 ? last + 1 : others.length;
  const order = [...new Set(['', ...messages.map((message) => message.folder), folder])];
  // Folders keep their places, whichever of their messages is the first one now.
  return others
    .toSpliced(place, 0, { ...found, folder })
    .toSorted((a, b) => order.indexOf(a.folder) - order.indexOf(b.folder));
}

/** Moves a message by one place among those of its folder; at its edge into the next folder. */
export function movedBy(messages: readonly SavedMessage[], id: string, by: -1 | 1): readonly SavedMessage[] {
  const folders = foldersOf(messages);
  const at = folders.findIndex((folder) => folder.messages.some((message) => message.id === id));
  const folder = folders[at];
  if (folder === undefined) {
    return messages;
  }
  const place = folder.messages.findIndex((message) => message.id === id);
  const neighbour = folder.messages[place + by];
  if (neighbour !== undefined) {
    return by < 0
      ? moved(messages, id, folder.name, neighbour.id)
      : moved(messages, id, folder.name, folder.messages[place + 2]?.id);
  }
  const next = folders[at + by];
  return next === undefined
    ? messages
    : moved(messages, id, next.name, by < 0 ? undefined : next.messages[0]?.id);
}

/** Whether all words stand in its name, folder or topic. */
export function matchesSearch({ name, folder, message }: SavedMessage, search: string): boolean {
  const text = `${name}\n${folder}\n${message.topic}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
