import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFailure } from '#app/contract/failure.ts';
import { encodeFrame, FrameKind, MAX_FRAME_BYTES } from '#app/contract/frames.ts';
import {
  certificateOperations,
  MAX_DROPPED_BYTES,
  MAX_DROPPED_FILES,
} from '#app/contract/operations/certificates.ts';
import { type DroppedFile, filesOfDrop, filesOfInput, readDropped } from './dropped-files.ts';

/** A folder by its entries; a file by its content. */
type Tree = string | { readonly [name: string]: Tree };

/** As browsers hand folders out: in portions, an empty one at the end. */
function entryOf(path: string, content: Tree, portion: number): FileSystemEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const common = { name, fullPath: path, isFile: typeof content === 'string' };
  if (typeof content === 'string') {
    const file = (resolve: (file: File) => void) => resolve(new File([content], name));
    return { ...common, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  return {
    ...common,
    isDirectory: true,
    createReader() {
      const left = Object.entries(content).map(([child, inside]) =>
        entryOf(`${path}/${child}`, inside, portion),
      );
      return {
        readEntries: (resolve: (some: FileSystemEntry[]) => void) => resolve(left.splice(0, portion)),
      };
    },
  } as unknown as FileSystemEntry;
}

function transferOf(dropped: Readonly<Record<string, Tree>>, portion = 2): Pick<DataTransfer, 'items'> {
  const items = Object.entries(dropped).map(([name, content]) => ({
    kind: 'file',
    webkitGetAsEntry: () => entryOf(`/${name}`, content, portion),
    getAsFile: () => (typeof content === 'string' ? new File([content], name) : null),
  }));
  const text = { kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null };
  return { items: [...items, text] as unknown as DataTransferItemList };
}

const namesOf = async (files: Promise<readonly DroppedFile[]>) =>
  (await files).map(({ name }) => name).toSorted();
const failureOf = async (promise: Promise<unknown>) =>
  toFailure(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
const sized = (size: number, name = 'x'): DroppedFile => ({
  name,
  file: { size, arrayBuffer: () => Promise.resolve(new ArrayBuffer(size)) },
});

describe('filesOfDrop', () => {
  it('takes files as they are, and those in folders under their path', async () => {
    const files = filesOfDrop(
      transferOf({ 'ca.pem': 'ca', kit: { 'a.pem': 'a', 'b.key': 'b', deep: { er: { 'c.crt': 'c' } } } }),
    );
    expect(await namesOf(files)).toEqual(['ca.pem', 'kit/a.pem', 'kit/b.key', 'kit/deep/er/c.crt']);
    const read = await readDropped(await files);
    expect(
      Object.fromEntries(read.map((one) => [one.fileName, new TextDecoder().decode(one.bytes)])),
    ).toEqual({
      'ca.pem': 'ca',
      'kit/a.pem': 'a',
      'kit/b.key': 'b',
      'kit/deep/er/c.crt': 'c',
    });
  });

  it('passes over what systems leave behind in folders, but not over what was meant', async () => {
    const litter = { '.DS_Store': '', 'Thumbs.db': '', __MACOSX: { 'a.pem': '' }, '.git': { 'b.pem': '' } };
    expect(await namesOf(filesOfDrop(transferOf({ kit: { ...litter, 'a.pem': '' } })))).toEqual([
      'kit/a.pem',
    ]);
    expect(await namesOf(filesOfDrop(transferOf({ '.hidden.pem': '' })))).toEqual(['.hidden.pem']);
  });

  it('finds every file of a folder, however many portions it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(MAX_DROPPED_FILES),
        fc.integer({ min: 1, max: 100 }),
        async (count, portion) => {
          const folder = Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}.pem`, '']));
          const files = await filesOfDrop(transferOf({ folder }, portion));
          expect(new Set(files.map(({ name }) => name)).size).toBe(count);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('ends with too many files, and with folders that nest without end', async () => {
    const many = Object.fromEntries(Array.from({ length: MAX_DROPPED_FILES + 1 }, (_, n) => [`${n}`, '']));
    expect(await failureOf(filesOfDrop(transferOf({ many }, 100)).then(readDropped))).toMatchObject({
      code: 'certificates.tooMuch',
      message: `The drop holds more than ${MAX_DROPPED_FILES} files.`,
    });
    let nested: Tree = { 'deepest.pem': '' };
    for (let depth = 0; depth < 20; depth += 1) {
      nested = { nested, [`${depth}.pem`]: '' };
    }
    const names = await namesOf(filesOfDrop(transferOf({ nested })));
    expect(names.some((name) => name.endsWith('19.pem'))).toBe(true);
    expect(names.some((name) => name.endsWith('deepest.pem'))).toBe(false);
  });

  it('passes on that a file can’t be read', async () => {
    const broken = {
      name: 'gone.pem',
      file: { size: 1, arrayBuffer: () => Promise.reject(new Error('gone')) },
    };
    expect(await failureOf(readDropped([broken]))).toMatchObject({
      code: 'certificates.unreadable',
      message: '“gone.pem” could not be read.',
    });
  });
});

describe('filesOfInput', () => {
  const chosen = (name: string, path: string) =>
    Object.assign(new File([''], name), { webkitRelativePath: path });
  it('names files of a chosen folder by their path, without litter', () => {
    const files = [chosen('a.pem', ''), chosen('b.pem', 'kit/b.pem'), chosen('.DS_Store', 'kit/.DS_Store')];
    expect(filesOfInput(files).map(({ name }) => name)).toEqual(['a.pem', 'kit/b.pem']);
  });

  it('keeps the end of a name that is too long for the engine', () => {
    const [file] = filesOfInput([chosen('x', `${'folder/'.repeat(60)}device.pem`)]);
    expect(file?.name).toHaveLength(255);
    expect(file?.name.endsWith('/device.pem')).toBe(true);
  });
});

describe('readDropped', () => {
  it('refuses what is too much before it reads anything', async () => {
    const unread = (size: number): DroppedFile => ({
      name: 'x',
      file: { size, arrayBuffer: () => Promise.reject(new Error('was read')) },
    });
    expect((await failureOf(readDropped([unread(MAX_DROPPED_BYTES), unread(1)]))).message).toBe(
      'The drop holds more than 12 MB.',
    );
    const many = Array.from({ length: MAX_DROPPED_FILES + 1 }, () => unread(0));
    expect((await failureOf(readDropped(many))).code).toBe('certificates.tooMuch');
    expect(await readDropped([sized(MAX_DROPPED_BYTES)])).toHaveLength(1);
  });

  it('lets through only what fits into a frame and what the engine takes', async () => {
    const part = Math.floor(MAX_DROPPED_BYTES / MAX_DROPPED_FILES);
    const name = '€'.repeat(255);
    const files = await readDropped(Array.from({ length: MAX_DROPPED_FILES }, () => sized(part, name)));
    const file = { ref: 'r'.repeat(64), fileName: name };
    const input = {
      profileId: 'p'.repeat(64),
      host: '€'.repeat(1000),
      files: [...files],
      passphrases: Array.from({ length: 10 }, () => '€'.repeat(65535)),
      present: { ca: Array.from({ length: 100 }, () => file), certificate: file, key: file },
    };
    const operation = certificateOperations['certificates.sort'];
    expect(operation.input.safeParse(input).success).toBe(true);
    const body = { operation: 'certificates.sort', input };
    const frame = encodeFrame({ kind: FrameKind.request, channel: 1, target: 'main', body });
    expect(frame.length).toBeLessThan(MAX_FRAME_BYTES);
    const more = { ...input, files: [{ fileName: 'x', bytes: new Uint8Array(MAX_DROPPED_BYTES + 1) }] };
    expect(operation.input.safeParse(more).error?.message).toContain('More than 12 MB in all');
  });
});
