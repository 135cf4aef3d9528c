import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldAt, FieldValue } from './field-changes.ts';
import { fieldType, TopicShape } from './topic-shape.ts';

const payload = fc.array(
  fc.record({
    path: fc.constantFrom('a', 'b', 'c[0]', '__proto__'),
    value: fc.oneof(fc.constantFrom<FieldValue>(null, true, 'x', 0), fc.double({ noNaN: true })),
  }),
  { maxLength: 5 },
);

const find = (shape: TopicShape, path: string) => [...shape.fields].find((field) => field.path === path);
const record = (values: Record<string, FieldValue>): FieldAt[] =>
  Object.entries(values).map(([path, value]) => ({ path, value }));

it('only ever learns: no count falls, no range narrows, no field is forgotten', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 12 }), (payloads) => {
      const shape = new TopicShape();
      for (const fields of payloads) {
        const before = [...shape.fields].map((field) => ({ ...field, types: new Map(field.types) }));
        shape.add(fields);
        for (const old of before) {
          const now = find(shape, old.path);
          expect(now).toBeDefined();
          expect(now?.present).toBeGreaterThanOrEqual(old.present);
          expect(now?.first).toBe(old.first);
          expect(now?.min ?? 0).toBeLessThanOrEqual(old.min ?? now?.min ?? 0);
          expect(now?.max ?? 0).toBeGreaterThanOrEqual(old.max ?? now?.max ?? 0);
          for (const [type, count] of old.types) {
            expect(now?.types.get(type)).toBeGreaterThanOrEqual(count);
          }
        }
        for (const { path, value } of fields) {
          expect(find(shape, path)?.types.get(fieldType(value)) ?? 0).toBeGreaterThanOrEqual(
            fields.findLast((field) => field.path === path)?.value === value ? 1 : 0,
          );
        }
        for (const field of shape.fields) {
          expect(field.present).toBeLessThanOrEqual(shape.payloads);
          expect([...field.types.values()].reduce((sum, count) => sum + count, 0)).toBe(field.present);
        }
      }
    }),
  );
});

it('tells a type that became another one, null aside', () => {
  const shape = new TopicShape();
  for (const temp of [21, null, 22, '22', '23']) {
    shape.add(record({ temp }));
  }
  expect(find(shape, 'temp')?.flip).toEqual({ mark: 4, from: 'number', to: 'text' });
  const steady = new TopicShape();
  for (const temp of [21, null, 22]) {
    steady.add(record({ temp }));
  }
  expect(find(steady, 'temp')?.flip).toBeUndefined();
});

it('tells a field that is new, and one that is missing, until that is usual', () => {
  const shape = new TopicShape();
  for (let i = 0; i < 5; i++) {
    shape.add(record({ temp: i, unit: 'C' }));
  }
  shape.add(record({ temp: 6, err: 'E7' }));
  const flags = (path: string) => {
    const field = find(shape, path);
    return field === undefined ? undefined : [shape.isNew(field), shape.isMissing(field)];
  };
  expect(flags('temp')).toEqual([false, false]);
  expect(flags('err')).toEqual([true, false]);
  expect(flags('unit')).toEqual([false, true]);
  for (let i = 0; i < 20; i++) {
    shape.add(record({ temp: 6, err: 'E7' }));
  }
  expect(flags('err')).toEqual([false, false]);
  expect(flags('unit')).toEqual([false, false]);
});

it('follows a bounded number of fields, and says so', () => {
  const shape = new TopicShape();
  shape.add(Array.from({ length: 1000 }, (_, index) => ({ path: `f${index}`, value: index })));
  expect(shape.isCut).toBe(false);
  shape.add(record({ other: 1 }));
  expect([shape.isCut, [...shape.fields].length]).toEqual([true, 1000]);
});
