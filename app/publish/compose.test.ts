import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleCodec } from '../payload/rule-codec.ts';
import { type ComposeContext, composeMessages } from './compose.ts';
import { emptyTemplate, messageTemplateSchema } from './message-template.ts';
import { emptyProperties } from './template-properties.ts';

const context: ComposeContext = {
  version: '5.0',
  hasVariables: true,
  generators: (place) => ({
    now: 0,
    startedAt: 0,
    index: 10 + place,
    random: () => 0,
    uuid: () => 'id',
    variables: new Map([['site', 'north']]),
  }),
  codecFor: (topic) => (topic.startsWith('t/') ? ruleCodec({ id: 'template', template: 'u8 n' }) : undefined),
};
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const failureOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as { failure?: unknown }).failure;
  }
  return undefined;
};

describe('composeMessages', () => {
  it('makes a message for each topic, each with its own number, and fills text and properties in', () => {
    const template = {
      ...emptyTemplate,
      topic: '{{site}}/line{1..3}/set',
      text: '{{seq}} at {{env.site}}',
      properties: {
        ...emptyProperties,
        correlation: '{{seq}}',
        userProperties: [{ key: 'site', value: '{{site}}' }],
      },
    };
    const messages = composeMessages(template, context);
    expect(messages.map(({ topic, payload }) => `${topic}: ${textOf(payload)}`)).toEqual([
      'north/line1/set: 11 at north',
      'north/line2/set: 12 at north',
      'north/line3/set: 13 at north',
    ]);
    expect(messages[2]?.properties).toEqual({
      correlationData: new TextEncoder().encode('13'),
      userProperties: [{ key: 'site', value: 'north' }],
    });
  });

  it('sends what stands in braces as it is where nothing is to be filled in', () => {
    const [message] = composeMessages(
      { ...emptyTemplate, topic: 'a', text: '{{seq}}', fills: false },
      context,
    );
    expect(textOf(message?.payload ?? new Uint8Array())).toBe('{{seq}}');
  });

  it('writes as the rule of each topic says', () => {
    const template = { ...emptyTemplate, format: 'rule' as const, text: '{"n": 7}' };
    expect([...(composeMessages({ ...template, topic: 't/1' }, context)[0]?.payload ?? [])]).toEqual([7]);
    expect(failureOf(() => composeMessages({ ...template, topic: 'u/1' }, context))).toMatchObject({
      code: 'publish.rule',
    });
  });

  it('names what is wrong', () => {
    expect(failureOf(() => composeMessages({ ...emptyTemplate, topic: 'a/#' }, context))).toMatchObject({
      code: 'publish.topic',
    });
    const wrong = { ...emptyTemplate, topic: 'a', text: '{{random x}}' };
    expect(failureOf(() => composeMessages(wrong, context))).toMatchObject({ code: 'publish.generator' });
    const properties = { ...emptyProperties, responseTopic: 'a/#' };
    expect(
      failureOf(() => composeMessages({ ...emptyTemplate, topic: 'a', properties }, context)),
    ).toMatchObject({
      code: 'publish.properties',
    });
    expect(
      failureOf(() => composeMessages({ ...emptyTemplate, topic: 'a', format: 'json', text: '{' }, context)),
    ).toMatchObject({ code: 'payload.json' });
  });

  it('leaves properties out on connections before MQTT 5.0, wrong ones too', () => {
    const properties = { ...emptyProperties, responseTopic: 'a/#' };
    const [message] = composeMessages(
      { ...emptyTemplate, topic: 'a', properties },
      { ...context, version: '3.1.1' },
    );
    expect(message?.properties).toEqual({});
  });

  it('takes any text as it is where nothing is filled in, and keeps it through its schema', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const template = messageTemplateSchema.parse({ ...emptyTemplate, topic: 'a', text, fills: false });
        expect(textOf(composeMessages(template, context)[0]?.payload ?? new Uint8Array())).toBe(text);
      }),
    );
  });
});
