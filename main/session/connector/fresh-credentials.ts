import { resolveCredentials } from '#app/cloud/credentials.ts';
import { explainCredentials } from '#app/cloud/explain.ts';
import { FailureError } from '#app/contract/failure.ts';
import type { ConnectionSettings } from '../settings.ts';
import { ConnectError, type Verdict } from './verdict.ts';

/** The settings of one attempt, with the credentials that were made for it. */
export interface FreshCredentials {
  readonly settings: ConnectionSettings;
  /** Milliseconds since the epoch; absent: they do not expire. */
  readonly expiresAt?: number;
}

/** Makes what the broker wants to see of us for an attempt that begins now. Throws a ConnectError. */
export async function freshCredentials(settings: ConnectionSettings): Promise<FreshCredentials> {
  if (settings.credentials.kind === 'password') {
    return { settings };
  }
  try {
    const { expiresAt, ...login } = await resolveCredentials(settings, Date.now());
    const { password: _, ...rest } = settings;
    return { settings: { ...rest, ...login }, ...(expiresAt === undefined ? {} : { expiresAt }) };
  } catch (error) {
    throw error instanceof FailureError ? new ConnectError({ retry: false, failure: error.failure }) : error;
  }
}

/** A verdict in the light of the credentials: whether they were over, and what their service wants. */
export function withCredentials(
  verdict: Verdict,
  settings: ConnectionSettings,
  expiresAt: number | undefined,
  wasUp: boolean,
): Verdict {
  const { credentials } = settings;
  const { failure } = verdict;
  const explained = explainCredentials({ failure, credentials, expiresAt, wasUp, now: Date.now() });
  return explained === undefined
    ? verdict
    : { ...verdict, failure: explained, retry: verdict.retry || explained.code === 'credentials.expired' };
}
