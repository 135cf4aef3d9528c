import { describe, expect, it } from 'vitest';
import { BytePages, PAGE_BYTES } from './byte-pages.ts';

const size = PAGE_BYTES * 3 + 10;
const payload = Uint8Array.from({ length: size }, (_, index) => index % 251);

function open(
  read = (offset: number, length: number) => Promise.resolve(payload.slice(offset, offset + length)),
) {
  const asked: number[] = [];
  const failures: unknown[] = [];
  let changes = 0;
  const pages = new BytePages(
    size,
    (offset, length) => {
      asked.push(offset);
      return read(offset, length);
    },
    () => {
      changes += 1;
    },
    (error) => failures.push(error),
  );
  return { pages, asked, failures, changes: () => changes };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('BytePages', () => {
  it('fetches each page once and gives back the bytes of a row', async () => {
    const { pages, asked, changes } = open();
    expect(pages.peek(16, 32)).toBeUndefined();
    pages.want(0, 2 * PAGE_BYTES);
    pages.want(0, 2 * PAGE_BYTES);
    await settled();
    pages.want(10, 20);
    expect(asked).toEqual([0, PAGE_BYTES]);
    expect(changes()).toBe(2);
    expect(pages.peek(PAGE_BYTES + 16, PAGE_BYTES + 32)).toEqual(
      payload.slice(PAGE_BYTES + 16, PAGE_BYTES + 32),
    );
  });

  it('ends with the payload', async () => {
    const { pages, asked } = open();
    pages.want(3 * PAGE_BYTES, 3 * PAGE_BYTES + 4096);
    await settled();
    expect(asked).toEqual([3 * PAGE_BYTES]);
    expect(pages.peek(3 * PAGE_BYTES, 3 * PAGE_BYTES + 16)).toEqual(payload.slice(3 * PAGE_BYTES));
  });

  it('reports a failure and tries again when asked again', async () => {
    const { pages, asked, failures } = open(() => Promise.reject(new Error('gone')));
    pages.want(0, 16);
    await settled();
    expect(failures).toHaveLength(1);
    pages.want(0, 16);
    await settled();
    expect(asked).toEqual([0, 0]);
  });
});
