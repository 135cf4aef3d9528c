import { describe, expect, it } from 'vitest';
import type { PayloadSchema } from '../../profile/schemas.ts';
import type { DecodeLimits } from '../codec.ts';
import { ruleCodec, ruleViewProblem } from '../rule-codec.ts';

const limits: DecodeLimits = { maxTextLength: 10_000, maxDepth: 100, isOver: () => false };
const schema = (text: string, name = 'Plant'): PayloadSchema => ({
  id: 's',
  name,
  kind: 'protobuf',
  files: [{ path: 'a.proto', text }],
});
const view = { id: 'protobuf', schema: 's', type: 'A' };
const good = schema('syntax = "proto3"; message A { int32 x = 1; }');
const bytes = Uint8Array.of(0x08, 5);

describe('a codec that is bound to a schema', () => {
  it('has an id of its own for each schema and type, which a name does not change', () => {
    const idOf = (one: PayloadSchema, type = 'A') => ruleCodec({ ...view, type }, [one])?.id ?? '';
    const id = idOf(good);
    expect(id).toMatch(/^protobuf:[0-9a-f]{16}$/);
    expect(idOf({ ...good, name: 'Other', id: 's' })).toBe(id);
    expect(idOf(good, 'B')).not.toBe(id);
    expect(idOf(schema('syntax = "proto3"; message A { int32 y = 1; }'))).not.toBe(id);
    expect(idOf({ ...good, id: 'gone' })).not.toBe(id);
  });

  it('reads and writes by it, by its first type where none is named', () => {
    for (const chosen of [view, { id: 'protobuf', schema: 's' }]) {
      const codec = ruleCodec(chosen, [good]);
      expect(codec?.decode(bytes, limits, { topic: '' })).toMatchObject({ text: '{\n  "x": 5\n}' });
      expect(codec?.preview(bytes, 80)).toBe('{"x":5}');
      expect(codec?.fields?.(bytes, limits)).toEqual([{ path: 'x', value: 5 }]);
      expect(codec?.encode?.('{"x":5}')).toEqual(bytes);
    }
  });

  it.each([
    ['schema.gone', view, [] as PayloadSchema[]],
    ['schema.gone', view, [{ ...good, kind: 'avro' as const }]],
    ['schema.type-gone', { ...view, type: 'Z' }, [good]],
    ['schema.syntax', view, [schema('message A {')]],
    ['schema.empty', { id: 'protobuf', schema: 's' }, [schema('syntax = "proto3"; enum E { A = 0; }')]],
  ])('shows the bytes and why, where it is %s', (code, chosen, schemas) => {
    const problem = ruleViewProblem(chosen, schemas)?.failure;
    expect(problem?.code).toBe(code);
    const codec = ruleCodec(chosen, schemas);
    expect(codec?.decode(bytes, limits, { topic: '' })).toEqual({
      shape: 'bytes',
      notes: [`${problem?.message} ${problem?.hint}`],
    });
    expect(() => codec?.preview(bytes, 80)).toThrow(problem?.message);
  });

  it('is none for a view without a schema', () => {
    expect(ruleCodec({ id: 'protobuf' })?.id).toBe('protobuf');
    expect(ruleCodec({ id: 'auto' })).toBeUndefined();
  });
});
