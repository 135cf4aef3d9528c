import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadRow, readRows } from './row-reader.ts';

async function read(text: string | Uint8Array, format: 'csv' | 'jsonl'): Promise<ReadRow[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const rows: ReadRow[] = [];
  for await (const row of readRows(bytes, format)) {
    rows.push(row);
  }
  return rows;
}
const plain = (rows: readonly ReadRow[]) =>
  rows.map((row) =>
    'problem' in row ? [row.line, row.problem] : [row.line, Object.fromEntries(row.values)],
  );

describe('CSV', () => {
  it('is read with its columns, whatever separates them', async () => {
    expect(plain(await read('topic,payload\na/b,"1, ""2"""\nc,3\n', 'csv'))).toEqual([
      [2, { topic: 'a/b', payload: '1, "2"' }],
      [3, { topic: 'c', payload: '3' }],
    ]);
    expect(plain(await read('\ufefftopic;temp\r\na;1,5\r\n\r\nb;2', 'csv'))).toEqual([
      [2, { topic: 'a', temp: '1,5' }],
      [4, { topic: 'b', temp: '2' }],
    ]);
    expect(plain(await read('a\tb\n1\t2', 'csv'))).toEqual([[2, { a: '1', b: '2' }]]);
  });

  it('names the lines that are none, and reads the others', async () => {
    const rows = plain(await read('a,b\n1,2\n1,2,3\n4,5\n6\n7,8\n', 'csv'));
    expect(rows.filter(([, value]) => typeof value === 'string')).toEqual([
      [3, 'It has not as many columns as the first line.'],
      [5, 'It has not as many columns as the first line.'],
    ]);
    expect(rows.filter(([, value]) => typeof value !== 'string')).toHaveLength(3);
    const open = plain(await read('a,b\n1,2\n"3,4\n', 'csv'));
    expect(open).toContainEqual([3, 'A quotation mark is not closed before the end of the file.']);
    expect(open).toContainEqual([2, { a: '1', b: '2' }]);
    expect(await read('', 'csv')).toEqual([]);
  });

  it('gives every text back that is quoted as RFC 4180 says', async () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['one,two', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
        const values = (await read(text, 'csv')).map((row) =>
          'values' in row ? [...row.values.values()] : row,
        );
        expect(values).toEqual(rows);
      }),
    );
  });
});

describe('JSON lines', () => {
  it('are read as objects; values that are no text stay JSON, numbers as they are written', async () => {
    const text =
      '{"topic":"a","payload":{"n":12345678901234567890,"x":1.0},"retain":true,"qos":1}\n\n{"p":null}\r\n';
    expect(plain(await read(text, 'jsonl'))).toEqual([
      [1, { topic: 'a', payload: '{"n":12345678901234567890,"x":1.0}', retain: 'true', qos: '1' }],
      [3, { p: '' }],
    ]);
  });

  it('that are none are named', async () => {
    const rows = plain(await read('{"a":1}\n[1]\n{"a":\n{"a":2}', 'jsonl'));
    expect(rows.map(([line]) => line)).toEqual([1, 2, 3, 4]);
    expect(rows[1]?.[1]).toContain('no JSON object');
    expect(rows[2]?.[1]).toContain('not JSON');
    expect(plain(await read(new Uint8Array([0xff, 0x0a, 0x7b, 0x7d]), 'jsonl'))).toEqual([
      [1, 'It is not UTF-8 text.'],
      [2, {}],
    ]);
  });
});
