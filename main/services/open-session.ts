import type { ConnectionState, Redirect } from '#app/contract/session-state.ts';
import type { Guard, Profile, Subscription } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import type { PayloadSchema } from '#app/profile/schemas.ts';
import type { Environment, FilledProfile } from '#app/profile/variables.ts';
import type { ConnectionSettings } from '../session/settings.ts';
import type { LooseSecrets } from './connection-settings.ts';
import {
  asksForSignIn,
  type SignIn,
  usableRules,
  usableSubscriptions,
  withSignIn,
} from './session-profile.ts';
import type { SessionWorker } from './session-worker.ts';

/** A worker that crashes more often than this within the time (milliseconds) is not started again by itself. */
const MAX_CRASHES = 3;
const CRASH_WINDOW = 60_000;
/** Fills a profile's secrets in. */
export type ResolveSettings = (profile: Profile, loose: LooseSecrets) => Promise<ConnectionSettings>;

/** What the main process knows of an open session. */
export interface OpenSession {
  readonly sessionId: string;
  profile: Profile;
  /** The profile with its variables filled in. */
  filled: FilledProfile;
  awaitsSignIn: boolean;
  /** What the worker was told. */
  guard: Guard;
  temporary: boolean;
  loose: LooseSecrets;
  state: ConnectionState;
  willArmed: string | undefined;
  generation: number;
  /** Absent after too many crashes. */
  worker: SessionWorker | undefined;
  crashes: number[];
}

/** One that is offline, without a worker yet. */
export function newSession(
  profile: Profile,
  filled: FilledProfile,
  options: { readonly temporary: boolean; readonly loose?: LooseSecrets },
): OpenSession {
  return {
    sessionId: crypto.randomUUID(),
    profile,
    filled,
    awaitsSignIn: false,
    guard: profile.guard,
    temporary: options.temporary,
    loose: options.loose ?? {},
    state: { kind: 'offline' },
    willArmed: undefined,
    generation: 1,
    worker: undefined,
    crashes: [],
  };
}

/** Fills the variables in anew; answers with what the worker has to be told: that which is another now. */
export function refill(
  session: OpenSession,
  fill: (profile: Profile) => FilledProfile,
): {
  readonly subscriptions?: readonly Subscription[];
  readonly rules?: { readonly rules: readonly Rule[]; readonly schemas: readonly PayloadSchema[] };
  readonly environment?: { readonly environment?: Environment };
} {
  const before = session.filled;
  session.filled = fill(session.profile);
  const subscriptions = usableSubscriptions(session.filled);
  const rules = usableRules(session.filled);
  const { schemas } = session.filled.profile;
  const { environment } = session.filled;
  return {
    ...(isSame(usableSubscriptions(before), subscriptions) ? {} : { subscriptions }),
    ...(isSame(usableRules(before), rules) && areSame(before.profile.schemas, schemas)
      ? {}
      : { rules: { rules, schemas } }),
    ...(isSame(before.environment, environment)
      ? {}
      : { environment: environment === undefined ? {} : { environment } }),
  };
}

/** What a session connects with. `server`: another one than in the profile; `signIn`: what the user entered. */
export async function settingsOf(
  session: OpenSession,
  resolve: ResolveSettings,
  server: Redirect['servers'][number] | undefined,
  signIn: SignIn | undefined,
): Promise<ConnectionSettings> {
  // What is asked for is not taken from the vault, where an older version of the profile may have put it.
  const { passwordRef: _, ...withoutPassword } = session.profile;
  const profile = asksForSignIn(session.profile) ? withoutPassword : session.profile;
  const resolved = await resolve(profile, session.loose);
  const settings = signIn === undefined ? resolved : withSignIn(resolved, signIn);
  return server === undefined ? settings : { ...settings, ...server, socketPath: '' };
}

/** Counts a crash of the worker; whether there were too many to start another one. `now` in ms since the epoch. */
export function countCrash(session: OpenSession, now: number): boolean {
  session.crashes = [...session.crashes.filter((at) => now - at < CRASH_WINDOW), now];
  return session.crashes.length > MAX_CRASHES;
}

/** Mostly they are the very same, and large. */
function areSame(before: readonly PayloadSchema[], after: readonly PayloadSchema[]): boolean {
  return (
    before.length === after.length &&
    after.every((schema, index) => schema === before[index] || isSame(schema, before[index]))
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
