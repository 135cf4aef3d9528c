import { z } from 'zod';
import { topicFilterProblem } from '../mqtt/topic.ts';
import { parseCondition } from '../payload/field-condition.ts';
import { emptyTemplate, messageTemplateSchema } from '../publish/message-template.ts';

/** Rules of one connection. */
export const MAX_REPLY_RULES = 200;

/** What answers messages by itself. */
export const replyRuleSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1, 'A rule needs a name').max(200),
  enabled: z.boolean(),
  filter: z.string().min(1).max(65535),
  /** On the fields of the payload, as in searches: `temp > 30 and mode = "auto"`; empty: any payload. */
  condition: z.string().max(2000),
  /** Retained messages, which come again with each subscription, are answered too. */
  answersRetained: z.boolean(),
  /** To the topic of `message`, or to the response topic of the request with its correlation data (MQTT 5.0 section 4.10). */
  to: z.enum(['topic', 'responseTopic']),
  message: messageTemplateSchema,
  /** Milliseconds before the reply goes out, and up to how much more at random. */
  delay: z.number().min(0).max(3_600_000),
  jitter: z.number().min(0).max(3_600_000),
  /** Replies a second at most; what comes beyond is not answered. */
  perSecond: z.number().min(0.1).max(1000),
  /** Rules after it are not asked any more about a message that it answers. */
  stops: z.boolean(),
});
export type ReplyRule = Readonly<z.infer<typeof replyRuleSchema>>;

export function newReplyRule(name: string): ReplyRule {
  return {
    id: crypto.randomUUID(),
    name,
    enabled: true,
    filter: '',
    condition: '',
    answersRetained: false,
    to: 'topic',
    message: emptyTemplate,
    delay: 0,
    jitter: 0,
    perSecond: 10,
    stops: false,
  };
}

/** What keeps a rule from being used, for the field that it is about. */
export function replyRuleProblem(
  rule: ReplyRule,
): { readonly field: 'name' | 'filter' | 'condition' | 'topic'; readonly message: string } | undefined {
  if (rule.name.trim() === '') {
    return { field: 'name', message: 'Give the rule a name.' };
  }
  const filter = topicFilterProblem(rule.filter);
  if (filter !== undefined) {
    return { field: 'filter', message: filter };
  }
  const condition = rule.condition.trim() === '' ? [] : parseCondition(rule.condition);
  if (typeof condition === 'string') {
    return { field: 'condition', message: `${condition}.` };
  }
  return rule.to === 'topic' && rule.message.topic === ''
    ? { field: 'topic', message: 'Enter the topic of the reply.' }
    : undefined;
}
