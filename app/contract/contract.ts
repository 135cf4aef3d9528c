import { mainFeeds } from './feeds/main.ts';
import { readerFeeds } from './feeds/readers.ts';
import { sessionFeeds } from './feeds/session.ts';
import { mainOperations } from './operations/main.ts';
import { readerOperations } from './operations/readers.ts';
import { sessionOperations } from './operations/session.ts';

/** Who serves what. `session` stands for the id of a session in a frame's target. */
export const contract = {
  main: { operations: mainOperations, feeds: mainFeeds },
  session: { operations: sessionOperations, feeds: sessionFeeds },
  readers: { operations: readerOperations, feeds: readerFeeds },
} as const;
