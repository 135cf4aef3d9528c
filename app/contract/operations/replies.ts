import { z } from 'zod';
import { MAX_REPLY_RULES, type ReplyRule, replyRuleSchema } from '../../reply/reply-rule.ts';
import { defineOperation } from '../define.ts';
import type { Failure } from '../failure.ts';

const id = z.string().min(1).max(64);
const rules = z.array(replyRuleSchema).max(MAX_REPLY_RULES);

/** What a rule would do with a message. */
export type ReplyTrial =
  | {
      readonly kind: 'reply';
      readonly messages: readonly {
        readonly topic: string;
        readonly preview: string;
        readonly size: number;
      }[];
    }
  /** Its condition does not hold. */
  | { readonly kind: 'noMatch' }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** Rules that answer messages. How they do shows in the feed `replies`. */
export const repliesOperations = {
  /**
   * From now on messages are answered by the enabled ones of these rules; in the place of others before. `confirmation`
   * is needed to begin with on a production connection. Fails with `guard.readOnly` and `guard.confirm`.
   */
  'replies.start': defineOperation<void>()(z.object({ rules, confirmation: z.string().max(64).optional() })),
  /** Takes other rules over where rules are on; where they are off they stay so, and nothing happens. */
  'replies.change': defineOperation<void>()(z.object({ rules })),
  /** No message is answered any more, nor are replies sent that wait for their delay. */
  'replies.stop': defineOperation<void>()(z.object({})),
  /** What a rule makes of a kept message; nothing is sent. */
  'replies.try': defineOperation<ReplyTrial>()(z.object({ rule: replyRuleSchema, sequence: z.int().min(1) })),
};

/** Rules as they are kept. */
export const replyRulesOperations = {
  'replyRules.keep': defineOperation<readonly ReplyRule[]>()(
    z.object({ profileId: id, rule: replyRuleSchema }),
  ),
  'replyRules.remove': defineOperation<readonly ReplyRule[]>()(z.object({ profileId: id, ruleId: id })),
  'replyRules.order': defineOperation<readonly ReplyRule[]>()(
    z.object({ profileId: id, ruleIds: z.array(id).max(MAX_REPLY_RULES) }),
  ),
};
