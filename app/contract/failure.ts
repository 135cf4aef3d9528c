/**
 * An expected failure as it crosses a boundary and as the user reads it.
 *
 * `message` says what happened, `hint` what to do about it, both in plain words.
 * `detail` is for the expert: an OpenSSL code, an errno, a reason code.
 */
export interface Failure {
  /** Stable, dot-separated: `tls.expired`, `profile.damaged`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly detail?: string;
}

/** Carries a {@link Failure} through code that throws; the contract server turns it back into a value. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

export function fail(code: string, message: string, hint?: string, detail?: string): FailureError {
  return new FailureError({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Any thrown value as a {@link Failure}; what was not expected is called internal and keeps its text as detail. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) {
    return error.failure;
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: 'Topicscope ran into an error of its own.',
    hint: 'Your data is kept. If it happens again, report it with the detail below.',
    detail: text,
  };
}
