import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { DiagnosisProgress } from '#app/contract/operations/diagnosis.ts';
import { useEngine } from '#renderer/client/engine.ts';
import { useMainFeed } from '#renderer/client/use-feed.ts';

/** A diagnosis as its dialog sees it. */
export type RunState<Result> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Run<Result> {
  readonly state: RunState<Result>;
  /** What the engine does at the moment. */
  readonly progress: DiagnosisProgress;
  /** Begins one; the one before it is cancelled. */
  start(operation: (runId: string) => Promise<Result>): void;
  /** Ends it without a result. */
  cancel(): void;
}

const idle = { kind: 'none' } as const;

/** One diagnosis at a time with its progress; what runs is cancelled when the component goes. */
export function useRun<Result>(): Run<Result> {
  const [state, setState] = useState<RunState<Result>>({ kind: 'idle' });
  const [runId, setRunId] = useState<string | undefined>(undefined);
  const current = useRef<string | undefined>(undefined);

  const cancel = useCallback(() => {
    const id = current.current;
    current.current = undefined;
    setRunId(undefined);
    setState((before) => (before.kind === 'running' ? { kind: 'idle' } : before));
    if (id !== undefined) {
      // It may have ended by itself in the meantime, or with the line; then there is nothing to cancel.
      useEngine
        .getState()
        .client?.main('diagnosis.cancel', { runId: id })
        .catch(() => undefined);
    }
  }, []);
  useEffect(() => cancel, [cancel]);

  const start = useCallback(
    (operation: (runId: string) => Promise<Result>) => {
      cancel();
      const id = crypto.randomUUID();
      current.current = id;
      setRunId(id);
      setState({ kind: 'running' });
      const settle = (next: RunState<Result>) => {
        if (current.current === id) {
          current.current = undefined;
          setRunId(undefined);
          setState(next);
        }
      };
      operation(id).then(
        (result) => settle({ kind: 'done', result }),
        (error: unknown) => settle({ kind: 'failed', failure: toFailure(error) }),
      );
    },
    [cancel],
  );

  const { window } = useMainFeed('diagnosis', { runId: runId ?? 'none' });
  return { state, progress: state.kind === 'running' ? (window ?? idle) : idle, start, cancel };
}
