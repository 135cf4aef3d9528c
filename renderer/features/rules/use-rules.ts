import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure } from '#app/contract/failure.ts';
import { type Rule, ruleSchema } from '#app/profile/rules.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { showFailure } from '#renderer/commands/notify.tsx';
import { useSession } from '#renderer/state/engine-data.ts';

const noRules: readonly Rule[] = [];

/** The rules of a connection, and how to change them: shown at once, kept one change after the other. */
export function useRules(sessionId: string): readonly [readonly Rule[], (rules: readonly Rule[]) => void] {
  const kept = useSession(sessionId)?.profile.rules ?? noRules;
  /** Until the engine has them. */
  const [wanted, setWanted] = useState<readonly Rule[] | undefined>(undefined);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const answered = useRef<readonly Rule[] | undefined>(undefined);
  useEffect(() => {
    // After the answer, what comes is at least as new: from another window it may be something else.
    setWanted((rules) =>
      rules === answered.current || JSON.stringify(rules) === JSON.stringify(kept) ? undefined : rules,
    );
  }, [kept]);
  const change = useCallback(
    (next: readonly Rule[]) => {
      // In the order of members in which the engine gives them back.
      const rules = next.map((rule) => ruleSchema.parse(rule));
      setWanted(rules);
      queue.current = queue.current.then(async () => {
        try {
          await engineClient().main('rules.change', { sessionId, rules });
          answered.current = rules;
        } catch (error) {
          setWanted((current) => (current === rules ? undefined : current));
          showFailure(toFailure(error));
        }
      });
    },
    [sessionId],
  );
  return [wanted ?? kept, change];
}
