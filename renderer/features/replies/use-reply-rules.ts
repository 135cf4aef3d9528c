import { toFailure } from '#app/contract/failure.ts';
import type { ReplyRule } from '#app/reply/reply-rule.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';
import { notify, showFailure } from '#renderer/commands/notify.tsx';

export interface ReplyRules {
  readonly rules: readonly ReplyRule[];
  readonly isLoading: boolean;
  /** Resolves with all rules as they are kept then; `undefined`: it failed. */
  keep(rule: ReplyRule): Promise<readonly ReplyRule[] | undefined>;
  /** With a way back; `onChange` gets all rules as they are kept after each. */
  remove(rule: ReplyRule, onChange: (rules: readonly ReplyRule[]) => void): void;
  move(ruleId: string, by: number): Promise<readonly ReplyRule[] | undefined>;
}

/** The rules for replies that are kept for a profile, and how to change them. */
export function useReplyRules(profileId: string): ReplyRules {
  const { window } = useMainFeed('replyRules', { profileId });
  const rules = window?.rules ?? [];
  const attempt = async (run: () => Promise<readonly ReplyRule[]>) => {
    try {
      return await run();
    } catch (error) {
      showFailure(toFailure(error));
      return undefined;
    }
  };
  const keep = (rule: ReplyRule) =>
    attempt(() => engineClient().main('replyRules.keep', { profileId, rule: structuredClone(rule) }));
  const order = (ruleIds: readonly string[]) =>
    attempt(() => engineClient().main('replyRules.order', { profileId, ruleIds: [...ruleIds] }));
  return {
    rules,
    isLoading: window === undefined,
    keep,
    remove(rule, onChange) {
      const ids = rules.map(({ id }) => id);
      void attempt(() => engineClient().main('replyRules.remove', { profileId, ruleId: rule.id })).then(
        (left) => {
          if (left === undefined) {
            return;
          }
          onChange(left);
          const undo = async () => {
            await keep(rule);
            const back = await order(ids);
            if (back !== undefined) {
              onChange(back);
            }
          };
          notify({
            level: 'info',
            message: `Removed the rule “${rule.name}”`,
            action: { label: 'Undo', run: () => void undo() },
          });
        },
      );
    },
    async move(ruleId, by) {
      const ids = rules.map(({ id }) => id);
      const from = ids.indexOf(ruleId);
      const to = Math.max(0, Math.min(ids.length - 1, from + by));
      if (from < 0 || to === from) {
        return undefined;
      }
      ids.splice(to, 0, ...ids.splice(from, 1));
      return order(ids);
    },
  };
}
