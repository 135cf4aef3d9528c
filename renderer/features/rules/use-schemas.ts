import { useRef } from 'react';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { keptSchemas } from './schema-facts.ts';

const none: readonly PayloadSchema[] = [];

/** The schemas of a connection; one that did not change stays the same object. */
export function useSchemas(sessionId: string): readonly PayloadSchema[] {
  const now = useSession(sessionId)?.profile.schemas ?? none;
  const kept = useRef(none);
  kept.current = keptSchemas(kept.current, now);
  return kept.current;
}

/** Adds a schema, or replaces the one with its id. */
export function keepSchema(sessionId: string, schema: PayloadSchema): Promise<void> {
  return engineClient().main('schemas.keep', { sessionId, schema });
}

/** Rules that name it keep it, and say that it is gone. */
export function removeSchema(sessionId: string, schemaId: string): Promise<void> {
  return engineClient().main('schemas.remove', { sessionId, schemaId });
}
