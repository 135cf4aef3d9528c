import { useMemo } from 'react';
import { useSession } from '#renderer/state/engine-data.ts';

/** Differs as soon as the rules of a connection do: what `auto` chose may then be something else. */
export function useRulesKey(sessionId: string): string {
  const rules = useSession(sessionId)?.profile.rules;
  return useMemo(
    () => JSON.stringify(rules?.map(({ filter, enabled, codec }) => [filter, enabled, codec]) ?? []),
    [rules],
  );
}
