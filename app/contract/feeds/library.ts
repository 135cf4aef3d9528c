import { z } from 'zod';
import type { SavedMessage } from '../../library/saved-message.ts';
import { defineFeed } from '../define.ts';

export const libraryFeeds = {
  /** The saved messages of a profile (by its id) or of all (`shared`). */
  library: defineFeed<{ readonly messages: readonly SavedMessage[] }>()(
    z.object({ ownerId: z.string().min(1).max(64) }),
  ),
};
