import { useMemo } from 'react';
import { schemaMark } from '#app/payload/schema/schema-codec.ts';
import { useSession } from '#renderer/state/engine-data.ts';

/** Differs as soon as the rules of a connection do, or what they read by: what `auto` chose may then be something else. */
export function useRulesKey(sessionId: string): string {
  const profile = useSession(sessionId)?.profile;
  const [rules, schemas] = [profile?.rules, profile?.schemas];
  return useMemo(
    () =>
      JSON.stringify([
        rules?.map(({ filter, enabled, codec }) => [filter, enabled, codec]),
        schemas?.map((schema) => [schema.id, schemaMark(schema)]),
      ]),
    [rules, schemas],
  );
}
