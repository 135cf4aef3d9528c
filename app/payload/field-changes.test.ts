import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FieldAt, type FieldChange, type FieldValue, fieldChanges } from './field-changes.ts';

const fields = fc.array(
  fc.record({
    path: fc.constantFrom('temp', 'err', 'list[0]', 'list[1]', '__proto__', 'constructor'),
    value: fc.oneof(fc.constantFrom<FieldValue>(null, true, 'on', '', 0, -0, Number.NaN), fc.double()),
  }),
  { maxLength: 8 },
);

const asMap = (list: readonly FieldAt[]) => new Map(list.map(({ path, value }) => [path, value]));

function apply(list: readonly FieldAt[], changes: readonly FieldChange[]): Map<string, FieldValue> {
  const values = asMap(list);
  for (const change of changes) {
    if (change.kind === 'gone') {
      values.delete(change.path);
    } else {
      values.set(change.path, change.after.value);
    }
  }
  return values;
}

it('gives the next value when its changes are made to the one before', () => {
  fc.assert(
    fc.property(fields, fields, (before, after) => {
      const next = apply(before, fieldChanges(before, after));
      expect(new Map([...next].sort())).toEqual(new Map([...asMap(after)].sort()));
    }),
  );
});

it('tells no change of what is the same, and what was there of what is not', () => {
  fc.assert(
    fc.property(fields, fields, (before, after) => {
      expect(fieldChanges(before, before)).toEqual([]);
      for (const change of fieldChanges(before, after)) {
        expect(asMap(before).has(change.path)).toBe(change.kind !== 'appeared');
        if (change.kind !== 'appeared') {
          expect(change.before.value).toBe(asMap(before).get(change.path));
        }
      }
    }),
  );
});

it('names what changed, what appeared and what is gone, in this order', () => {
  expect(
    fieldChanges(
      [
        { path: 'unit', value: 'C' },
        { path: 'temp', value: 21.4 },
      ],
      [
        { path: 'temp', value: 21.6 },
        { path: 'err', value: 'E7' },
      ],
    ),
  ).toEqual([
    {
      kind: 'changed',
      path: 'temp',
      before: { path: 'temp', value: 21.4 },
      after: { path: 'temp', value: 21.6 },
    },
    { kind: 'appeared', path: 'err', after: { path: 'err', value: 'E7' } },
    { kind: 'gone', path: 'unit', before: { path: 'unit', value: 'C' } },
  ]);
});
