import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTemplate } from '../publish/message-template.ts';
import { foldersOf, matchesSearch, moved, movedBy } from './arrange.ts';
import { atHand, givingWay, keyHolders } from './keys.ts';
import { libraryFile, libraryFileSchema, type SavedMessage } from './saved-message.ts';

const saved = (id: string, folder = ''): SavedMessage => ({
  id,
  name: id,
  folder,
  message: { ...emptyTemplate, topic: `t/${id}` },
});
const list = [saved('a'), saved('b', 'one'), saved('c', 'two'), saved('d', 'one'), saved('e')];
const shape = (messages: readonly SavedMessage[]) =>
  foldersOf(messages).map((folder) => `${folder.name}: ${folder.messages.map(({ id }) => id).join(' ')}`);

describe('saved messages', () => {
  it('stand in folders', () => {
    expect(shape(list)).toEqual([': a e', 'one: b d', 'two: c']);
    expect(shape([])).toEqual([]);
  });

  it('are moved in front of another one, to the end of a folder, and by a step', () => {
    expect(shape(moved(list, 'e', 'one', 'd'))).toEqual([': a', 'one: b e d', 'two: c']);
    expect(shape(moved(list, 'a', 'two'))).toEqual([': e', 'one: b d', 'two: c a']);
    expect(shape(moved(list, 'a', 'new'))).toEqual([': e', 'one: b d', 'two: c', 'new: a']);
    expect(shape(movedBy(list, 'd', -1))).toEqual([': a e', 'one: d b', 'two: c']);
    expect(shape(movedBy(list, 'b', 1))).toEqual([': a e', 'one: d b', 'two: c']);
    expect(shape(movedBy(list, 'd', 1))).toEqual([': a e', 'one: b', 'two: d c']);
    expect(shape(movedBy(list, 'b', -1))).toEqual([': a e b', 'one: d', 'two: c']);
    expect(shape(movedBy(list, 'a', -1))).toEqual(shape(list));
  });

  it('are at hand once, also while one is moved to where it is shared', () => {
    const own = { ...saved('a'), name: 'own' };
    expect(atHand([own, saved('b')], [saved('c'), saved('a')])).toEqual([own, saved('b'), saved('c')]);
  });

  it('are all there after any move', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'gone');
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(ids, fc.constantFrom('', 'one', 'new'), fc.option(ids, { nil: undefined }), fc.boolean()),
        ),
        (moves) => {
          const end = moves.reduce<readonly SavedMessage[]>(
            (messages, [id, folder, before, isStep]) =>
              isStep ? movedBy(messages, id, folder === '' ? 1 : -1) : moved(messages, id, folder, before),
            list,
          );
          expect(end.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
        },
      ),
    );
  });

  it('are found by words of name, folder and topic', () => {
    expect(list.filter((message) => matchesSearch(message, 'ONE t/')).map(({ id }) => id)).toEqual([
      'b',
      'd',
    ]);
    expect(list.filter((message) => matchesSearch(message, '')).length).toBe(5);
  });

  it('go into a file and come back, without their keys', () => {
    const text = libraryFile([{ ...saved('a', 'one'), shortcut: 'alt+shift+1' }]);
    expect(libraryFileSchema.parse(JSON.parse(text)).messages).toEqual([
      { name: 'a', folder: 'one', message: saved('a').message },
    ]);
  });

  it('give way to others that have their key, and keep it where nobody has', () => {
    const [one, two] = [
      { ...saved('a'), shortcut: 'alt+shift+1' } as const,
      { ...saved('b'), shortcut: 'alt+shift+1' } as const,
    ];
    const keys = (messages: readonly SavedMessage[]) => messages.map(({ shortcut }) => shortcut);
    expect(keys(givingWay([one], [two]))).toEqual([undefined]);
    expect(keys(givingWay([one], [one, saved('b')]))).toEqual(['alt+shift+1']);
    expect(keys(givingWay([one, two], []))).toEqual(['alt+shift+1', undefined]);
    expect(keyHolders([two, one]).get('alt+shift+1')?.id).toBe('b');
  });
});
