import type { contract } from '#app/contract/contract.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { MAX_REPLY_RULES, type ReplyRule, replyRuleSchema } from '#app/reply/reply-rule.ts';
import { ProfileItemsStore } from './profile-items-store.ts';

/** Version of the stored file; raised with each change of shape. */
const STORED_VERSION = 1;
const MAX_BYTES = 4_000_000;

export type ReplyRulesStore = ProfileItemsStore<ReplyRule>;

/** Reads `replies.json`. What is wrong with it is told through `onNotice`. */
export function openReplyRules(
  path: string,
  onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
): Promise<ReplyRulesStore> {
  return ProfileItemsStore.open<ReplyRule>(
    {
      path,
      what: 'The rules for replies',
      kind: 'replies',
      version: STORED_VERSION,
      parse: (stored) => replyRuleSchema.parse(stored),
      maxItems: MAX_REPLY_RULES,
      maxBytes: MAX_BYTES,
    },
    onNotice,
  );
}

type Handlers = OperationHandlers<typeof contract.main.operations>;

/** What the operations on kept rules do. */
export function replyRulesHandlers(
  rules: ReplyRulesStore,
): Pick<Handlers, Extract<keyof Handlers, `replyRules.${string}`>> {
  return {
    'replyRules.keep': ({ profileId, rule }) => rules.keep(profileId, rule),
    'replyRules.remove': ({ profileId, ruleId }) => rules.remove(profileId, ruleId),
    'replyRules.order': ({ profileId, ruleIds }) => rules.order(profileId, ruleIds),
  };
}
