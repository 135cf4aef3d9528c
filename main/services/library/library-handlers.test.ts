import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toDisposable } from '#app/base/disposable.ts';
import { type SavedMessage, SHARED } from '#app/library/saved-message.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import { testDirectory } from '../test-directory.fixture.ts';
import { type LibraryStore, libraryHandlers, openLibrary } from './library-handlers.ts';

let directory: Awaited<ReturnType<typeof testDirectory>>;
let library: LibraryStore;
beforeEach(async () => {
  directory = await testDirectory();
  library = await openLibrary(directory.file('library.json'), () => undefined);
});
afterEach(() => directory.dispose());

const saved = (id: string, shortcut?: SavedMessage['shortcut']): SavedMessage => ({
  id,
  name: id,
  folder: '',
  message: emptyTemplate,
  ...(shortcut === undefined ? {} : { shortcut }),
});
const keep = (ownerId: string, ...messages: readonly SavedMessage[]) =>
  libraryHandlers(library)['library.keep'](
    { ownerId, profileId: 'p', messages: [...messages] },
    { isCancelled: false, onCancel: () => toDisposable(() => undefined) },
  );
const keys = (ownerId: string) => library.list(ownerId).map(({ id, shortcut }) => `${id} ${shortcut}`);

describe('a message that is kept', () => {
  it('does without a key that another one of the connection or of all has', async () => {
    await keep('p', saved('a', 'alt+shift+1'), saved('b', 'alt+shift+2'));
    await keep(SHARED, saved('c', 'alt+shift+1'), saved('d', 'alt+shift+3'));
    await keep('p', saved('e', 'alt+shift+3'), saved('f', 'alt+shift+4'));
    expect(keys('p')).toEqual(['a alt+shift+1', 'b alt+shift+2', 'e undefined', 'f alt+shift+4']);
    expect(keys(SHARED)).toEqual(['c undefined', 'd alt+shift+3']);
  });

  it('takes its key along to the other list', async () => {
    await keep('p', saved('a', 'alt+shift+1'));
    await keep(SHARED, saved('a', 'alt+shift+1'));
    expect(keys(SHARED)).toEqual(['a alt+shift+1']);
  });
});
