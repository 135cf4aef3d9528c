import { describe, expect, it } from 'vitest';
import type { GeneratorContext } from '../generate/generators.ts';
import { ruleCodec } from '../payload/rule-codec.ts';
import { payloadFormats } from '../profile/profile.ts';
import { checkPayload, fillProperties } from './composition.ts';
import { emptyProperties } from './template-properties.ts';

const generators: GeneratorContext = {
  now: 0,
  startedAt: 0,
  index: 6,
  random: () => 0,
  uuid: () => 'id',
  variables: new Map([['site', 'north']]),
};
const plain = { ruled: undefined, generators: undefined };
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('checkPayload', () => {
  it('takes an empty text for an empty payload in every format', () => {
    for (const format of payloadFormats) {
      expect(checkPayload('', { ...plain, format })).toEqual({ ok: true, bytes: new Uint8Array() });
    }
  });

  it('gives bytes, or the place of what is wrong', () => {
    const bytes = new Uint8Array([10, 255]);
    expect(checkPayload('0a ff', { ...plain, format: 'hex' })).toEqual({ ok: true, bytes });
    expect(checkPayload('{"a": tru}', { ...plain, format: 'json' })).toMatchObject({
      ok: false,
      offset: 6,
      length: 3,
      failure: { code: 'payload.json' },
    });
    expect(checkPayload('{"a": h\'0g\'}', { ...plain, format: 'cbor' })).toMatchObject({
      ok: false,
      offset: 6,
    });
    expect(checkPayload('a: [', { ...plain, format: 'yaml' })).toMatchObject({ ok: false });
  });

  it('writes what only bytes can hold', () => {
    const check = checkPayload('{"n": 1.5, "b": h\'0a\'}', { ...plain, format: 'cbor' });
    expect(check.ok && hexOf(check.bytes)).toBe('a2616ef93e006162410a');
  });

  it('writes as the rule for the topic says, and says where none does', () => {
    const ruled = ruleCodec({ id: 'template', template: 'u8 id; u16le temp' });
    const check = checkPayload('{"id":7,"temp":305}', { ...plain, ruled, format: 'rule' });
    expect(check.ok && hexOf(check.bytes)).toBe('073101');
    expect(checkPayload('{"id":700,"temp":1}', { ...plain, ruled, format: 'rule' })).toMatchObject({
      ok: false,
    });
    expect(checkPayload('x', { ...plain, format: 'rule' })).toMatchObject({
      failure: { code: 'publish.rule' },
    });
    expect(checkPayload('x', { ...plain, ruled: ruleCodec({ id: 'image' }), format: 'rule' })).toMatchObject({
      failure: { message: 'The rule’s view “Image” cannot be written.' },
    });
  });

  it('fills generators in before it is judged, and leaves them where that is off', () => {
    const filled = checkPayload('{"n":{{seq}},"at":"{{site}}"}', { ...plain, generators, format: 'json' });
    expect(filled).toMatchObject({ ok: true, filled: '{"n":7,"at":"north"}' });
    expect(checkPayload('{"n":{{seq}}}', { ...plain, format: 'json' })).toMatchObject({ ok: false });
    expect(checkPayload('a {{nope}}', { ...plain, generators, format: 'text' })).toMatchObject({
      ok: false,
      offset: 2,
      length: 8,
      failure: { message: 'There is no generator and no variable “nope”.' },
    });
    const asTyped = checkPayload('a {{nope}}', { ...plain, format: 'text' });
    expect(asTyped.ok && new TextDecoder().decode(asTyped.bytes)).toBe('a {{nope}}');
  });
});

describe('fillProperties', () => {
  it('fills all that is text, and names what cannot be', () => {
    const draft = {
      ...emptyProperties,
      contentType: 'a/{{site}}',
      responseTopic: 'r/{{seq}}',
      correlation: '{{uuid}}',
      userProperties: [{ key: 'n', value: '{{seq}}' }],
    };
    expect(fillProperties(draft, generators)).toMatchObject({
      contentType: 'a/north',
      responseTopic: 'r/7',
      correlation: 'id',
      userProperties: [{ key: 'n', value: '7' }],
    });
    expect(fillProperties(draft, undefined)).toBe(draft);
    expect(() => fillProperties({ ...draft, contentType: '{{nope}}' }, generators)).toThrow(
      'no generator and no variable “nope”, in a property',
    );
  });
});
