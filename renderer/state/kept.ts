import { useCallback, useMemo, useState } from 'react';
import type { z } from 'zod';
import { useEngineData } from './engine-data.ts';
import { keepLayout } from './keep-layout.ts';

/**
 * A small piece of layout that outlives the window (columns, sort order): kept in the engine's settings under `key`.
 * What is stored and does not fit the schema is ignored. Changed here, it stays as it is here; other windows see it
 * with their next start.
 */
export function useKept<T>(key: string, schema: z.ZodType<T>, initial: T): readonly [T, (next: T) => void] {
  const stored = useEngineData((state) => state.settings?.layout[key]);
  const [chosen, setChosen] = useState<T | undefined>(undefined);
  const keep = useCallback(
    (next: T) => {
      setChosen(next);
      void keepLayout({ [key]: next });
    },
    [key],
  );
  // Parsed once, and the same object in every render: what shows it is then not drawn again for nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: schema and initial value never change under one key
  const kept = useMemo(() => {
    const parsed = schema.safeParse(stored);
    return parsed.success ? parsed.data : initial;
  }, [key, stored]);
  return [chosen ?? kept, keep];
}
