import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFields } from '#app/payload/json-fields.ts';
import { formatJson } from '#app/payload/json-format.ts';
import { isNumberLine, jsonLinePath } from './json-line-path.ts';

const limits = { maxTextLength: 1e6, maxDepth: 100, isOver: () => false };

it('names the number in each line as the list of fields does, whatever the document', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      const lines = formatJson(text, limits).text.split('\n');
      const found = lines.flatMap((line, index) =>
        isNumberLine(line) ? [jsonLinePath((at) => lines[at - 1] ?? '', index + 1)] : [],
      );
      const numbers = jsonFields(new TextEncoder().encode(text), limits)
        .filter((field) => typeof field.value === 'number' || typeof field.value === 'bigint')
        .map(({ path }) => path);
      expect(found).toEqual(numbers);
    }),
  );
});

it('gives up rather than going through a huge text', () => {
  expect(jsonLinePath(() => '  1,', 60_000)).toBeUndefined();
});
