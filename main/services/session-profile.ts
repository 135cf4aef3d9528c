import { type Failure, fail } from '#app/contract/failure.ts';
import type { Notice, ResolvedNames, SessionSummary } from '#app/contract/feeds/main.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import type { Profile, Subscription } from '#app/profile/profile.ts';
import type { Rule } from '#app/profile/rules.ts';
import { hasVariables, type ResolvedProfile } from '#app/profile/variables.ts';
import type { ConnectionSettings } from '../session/settings.ts';

/** What the user entered when asked. */
export interface SignIn {
  readonly username: string;
  readonly password: string;
}

/** Characters of a name as it is shown; a value may fill in thousands for each time that it is named. */
const MAX_SHOWN = 1000;

/** Whether each connect has to ask for user name and password; other kinds of credentials have secrets of their own. */
export function asksForSignIn(profile: Profile): boolean {
  return profile.askCredentials && profile.credentials.kind === 'password';
}

/** The settings with what the user entered. Throws `credentials.username` where the version allows no password alone. */
export function withSignIn(settings: ConnectionSettings, signIn: SignIn): ConnectionSettings {
  const { password: _, ...rest } = settings;
  if (signIn.username === '' && signIn.password !== '' && settings.mqttVersion !== '5.0') {
    throw fail(
      'credentials.username',
      `MQTT ${settings.mqttVersion} does not allow a password without a user name.`,
      'Enter the user name too.',
    );
  }
  return {
    ...rest,
    username: signIn.username,
    ...(signIn.password === '' ? {} : { password: signIn.password }),
  };
}

/** The subscriptions that a session can make: those whose variables are all there and give a filter. */
export function usableSubscriptions({ profile, missing }: ResolvedProfile): readonly Subscription[] {
  const lacking = new Set(missing.map(({ field }) => field));
  return profile.subscriptions.filter(
    ({ filter }, index) =>
      !lacking.has(`subscriptions.${index}.filter`) && topicFilterProblem(filter) === undefined,
  );
}

/** The rules that a session applies: those that are enabled, with a filter that can be matched. */
export function usableRules({ profile }: ResolvedProfile): readonly Rule[] {
  return profile.rules.filter(({ enabled, filter }) => enabled && topicFilterProblem(filter) === undefined);
}

/** What is shown of a session instead of its profile's templates; nothing where it has none. */
function resolvedNames(profile: Profile, filled: Profile): ResolvedNames | undefined {
  const { host, path, clientId, username, will } = profile;
  if (![host, path, clientId, username, will.enabled ? will.topic : ''].some(hasVariables)) {
    return undefined;
  }
  return {
    host: filled.host.slice(0, MAX_SHOWN),
    path: filled.path.slice(0, MAX_SHOWN),
    clientId: filled.clientId.slice(0, MAX_SHOWN),
    username: filled.username.slice(0, MAX_SHOWN),
    willTopic: filled.will.topic.slice(0, MAX_SHOWN),
  };
}

interface ShownSession {
  readonly sessionId: string;
  readonly profile: Profile;
  readonly filled: ResolvedProfile;
  readonly awaitsSignIn: boolean;
  readonly temporary: boolean;
  readonly state: ConnectionState;
  readonly willArmed: string | undefined;
  readonly generation: number;
}

/** What windows are told of a session. */
export function summaryOf(session: ShownSession): SessionSummary {
  const { sessionId, profile, filled, temporary, state, willArmed, generation } = session;
  const resolved = resolvedNames(profile, filled.profile);
  return {
    sessionId,
    profileId: profile.id,
    profile,
    ...(resolved === undefined ? {} : { resolved }),
    temporary,
    state,
    ...(session.awaitsSignIn ? { awaitsSignIn: true } : {}),
    ...(willArmed === undefined ? {} : { willArmed }),
    generation,
  };
}

/** What the user is told of a worker that ended by itself; hopeless: it was not started again. */
export function crashNotice(
  { name }: Profile,
  failure: Failure,
  isHopeless: boolean,
): Omit<Notice, 'id' | 'at'> {
  return {
    level: 'error',
    message: isHopeless
      ? `The session of “${name}” failed again and again and was stopped. ${failure.message}`
      : `The session of “${name}” failed and was started anew; the messages it had kept are gone. ${failure.message}`,
    hint: isHopeless
      ? `Other connections go on. Connect starts it again. ${failure.hint ?? ''}`.trim()
      : `Other connections are not affected. ${failure.hint ?? ''}`.trim(),
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
  };
}
