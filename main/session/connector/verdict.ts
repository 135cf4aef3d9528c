import type { Failure } from '#app/contract/failure.ts';
import type { Redirect } from '#app/contract/session-state.ts';

/** A failed attempt or a lost connection: what to tell the user, and whether trying again without a change can help. */
export interface Verdict {
  readonly failure: Failure;
  readonly retry: boolean;
  /** Where the broker wants us to go instead. */
  readonly redirect?: Redirect;
}

/** Carries a {@link Verdict} out of a stage of dialling. */
export class ConnectError extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.failure.message);
    this.name = 'ConnectError';
    this.verdict = verdict;
  }
}

/** What a thrown value of Node, OpenSSL or a library says, as far as it says it. */
export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  /** Code and message in one line, lower case, words parted by spaces: for matching what varies by OpenSSL's build. */
  readonly text: string;
  /** For the expert: code and message as they came. */
  readonly detail: string;
}

/** Reads code and message of any thrown value. */
export function errorFacts(error: unknown): ErrorFacts {
  const message = error instanceof Error ? error.message : String(error ?? '');
  const rawCode = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const code = typeof rawCode === 'string' ? rawCode : '';
  const detail = code === '' || message.includes(code) ? message : `${code}: ${message}`;
  return { code, message, text: `${code} ${message}`.toLowerCase().replaceAll('_', ' '), detail };
}

/** A failure that a repeated attempt may overcome. */
export function passing(code: string, message: string, hint: string, detail?: string): Verdict {
  return verdict(true, code, message, hint, detail);
}

/** A failure that stays until the user changes something. */
export function lasting(code: string, message: string, hint: string, detail?: string): Verdict {
  return verdict(false, code, message, hint, detail);
}

/** The verdict that a thrown value carries; what nobody foresaw may pass. */
export function verdictOf(error: unknown): Verdict {
  return error instanceof ConnectError
    ? error.verdict
    : passing(
        'connect.failed',
        'The connection failed.',
        'The detail names the reason.',
        errorFacts(error).detail,
      );
}

function verdict(retry: boolean, code: string, message: string, hint: string, detail?: string): Verdict {
  const withDetail = detail === undefined || detail === '' ? {} : { detail };
  return { retry, failure: { code, message, hint, ...withDetail } };
}
