import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { Program, ProgramTarget, ShellName } from '#app/copy-as/program.ts';
import { engineClient } from '#renderer/client/engine.ts';
import type { CopyAsRequest } from '#renderer/state/copy-as.ts';

/** What is chosen in the dialog. */
export interface ProgramChoice {
  readonly target: ProgramTarget;
  readonly shell: ShellName;
  readonly withPassword: boolean;
}

/** What the engine said to a choice. */
type Answer =
  | { readonly choice: string; readonly program: Program }
  | { readonly choice: string; readonly failure: Failure };

/** A program as it is shown: the one before stays until the chosen one is there. */
export interface ShownProgram {
  readonly program: Program | undefined;
  readonly failure: Failure | undefined;
  /** Whether it is the one that is chosen. */
  readonly isChosen: boolean;
}

/** The program for a request and a choice, made anew with each change. */
export function useProgram(request: CopyAsRequest, choice: ProgramChoice): ShownProgram {
  const { target, shell, withPassword } = choice;
  const chosen = [target, shell, withPassword].join();
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    const show = (next: Answer) => isWanted && setAnswer(next);
    makeProgram(request, { target, shell, withPassword }).then(
      (program) => show({ choice: chosen, program }),
      (error: unknown) => show({ choice: chosen, failure: toFailure(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [request, target, shell, withPassword, chosen]);
  return {
    program: answer !== undefined && 'program' in answer ? answer.program : undefined,
    failure: answer !== undefined && 'failure' in answer ? answer.failure : undefined,
    isChosen: answer?.choice === chosen,
  };
}

function makeProgram({ of, message }: CopyAsRequest, choice: ProgramChoice): Promise<Program> {
  return engineClient().main('program.make', {
    of: { ...of },
    ...choice,
    ...(message === undefined
      ? {}
      : {
          message: {
            ...message,
            payload: new Uint8Array(message.payload),
            properties: { ...message.properties },
          },
        }),
  });
}
