import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTemplate } from '../publish/message-template.ts';
import { newReplyRule, replyRuleProblem, replyRuleSchema } from './reply-rule.ts';
import { requestVariables } from './request-values.ts';

const request = {
  topic: 'line/7/get',
  text: () => '{"id": 5}',
  fields: [
    { path: 'id', value: 5, written: '5.0' },
    { path: 'items[1].name', value: '{{seq}}' },
  ],
  qos: 1,
} as const;

describe('values of a request', () => {
  it('are those that the reply names and that are there', () => {
    const message = {
      ...emptyTemplate,
      topic: 'line/{{topic.2}}/answer',
      text: '{{payload.id}} {{ payload.items.1.name }} {{payload.gone}} {{topic.9}} {{qos}} {{seq}} {{payload}}',
    };
    expect(Object.fromEntries(requestVariables(message, request))).toEqual({
      'topic.2': '7',
      'payload.id': '5.0',
      'payload.items.1.name': '{{seq}}',
      qos: '1',
      payload: '{"id": 5}',
    });
  });

  it('of any text are found or not, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const names = [...requestVariables({ ...emptyTemplate, text }, request).keys()];
        expect(names.every((name) => /^(topic|payload|qos)/.test(name))).toBe(true);
      }),
    );
  });
});

describe('a rule', () => {
  const rule = { ...newReplyRule('r'), filter: 'a/+', message: { ...emptyTemplate, topic: 'b' } };

  it('is judged field by field', () => {
    expect(replyRuleProblem(rule)).toBeUndefined();
    expect(replyRuleSchema.parse(rule)).toEqual(rule);
    expect(replyRuleProblem({ ...rule, name: ' ' })?.field).toBe('name');
    expect(replyRuleProblem({ ...rule, filter: 'a/#/b' })?.field).toBe('filter');
    expect(replyRuleProblem({ ...rule, condition: 'temp >' })?.field).toBe('condition');
    expect(replyRuleProblem({ ...rule, message: emptyTemplate })?.field).toBe('topic');
    expect(replyRuleProblem({ ...rule, message: emptyTemplate, to: 'responseTopic' })).toBeUndefined();
  });
});
