import { create } from 'zustand';
import type { ProgramMessage } from '#app/copy-as/program.ts';

/** What is to be copied as a program: a message of a session, or how a session or a profile connects. */
export interface CopyAsRequest {
  readonly of: { readonly sessionId: string } | { readonly profileId: string };
  readonly message?: ProgramMessage;
}

export const useCopyAs = create<{ readonly request: CopyAsRequest | undefined }>(() => ({
  request: undefined,
}));

/** Opens the dialog that writes programs. */
export function requestCopyAs(request: CopyAsRequest): void {
  useCopyAs.setState({ request });
}

export function closeCopyAs(): void {
  useCopyAs.setState({ request: undefined });
}
