import type { z } from 'zod';
import { fail } from '#app/contract/failure.ts';
import type { diagnosisOperations, diagnosisTargetSchema } from '#app/contract/operations/diagnosis.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { type Guard, guards, type Profile } from '#app/profile/profile.ts';
import { PublishGuard, readOnlyFailure } from '../../session/publish-guard.ts';
import type { ConnectionSettings } from '../../session/settings.ts';
import type { LooseSecrets } from '../connection-settings.ts';
import type { EnvironmentStore } from '../environment-store.ts';
import type { ProfileStore } from '../profile-store.ts';
import type { SecretKeeper } from '../secret-keeper.ts';
import { asksForSignIn, usableSubscriptions, withSignIn } from '../session-profile.ts';
import type { SessionRegistry } from '../session-registry.ts';
import type { SecretVault } from '../vault.ts';
import type { Diagnosis, Subject } from './diagnosis.ts';

export interface DiagnosisParts {
  readonly diagnosis: Diagnosis;
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly secrets: SecretKeeper;
  readonly sessions: SessionRegistry;
  /** Fills secrets in; from another vault for a form that is not saved. */
  readonly resolve: (
    profile: Profile,
    loose: LooseSecrets,
    vault?: SecretVault,
  ) => Promise<ConnectionSettings>;
}

type Handlers = OperationHandlers<typeof diagnosisOperations>;

/** What the operations of `operations/diagnosis.ts` do. */
export function diagnosisHandlers(parts: DiagnosisParts): Handlers {
  const { diagnosis, profiles, sessions } = parts;
  const production = new PublishGuard('confirm');
  return {
    'connection.test': async ({ runId, target, clientId, armWill }, cancellation) => {
      const subject = await subjectOf(parts, target);
      return cancellable(cancellation, diagnosis, runId, () =>
        diagnosis.test(runId, subject, { clientId, armWill }),
      );
    },
    'diagnosis.hold': () => production.begin('hold'),
    'diagnosis.capabilities': async (
      { runId, target, clientId, allowPublish, confirmation },
      cancellation,
    ) => {
      const subject = await subjectOf(parts, target);
      if (allowPublish && subject.guard === 'readOnly') {
        throw readOnlyFailure('Nothing was probed: these probes publish messages.');
      }
      if (allowPublish && subject.guard === 'confirm') {
        production.check(confirmation);
      }
      return cancellable(cancellation, diagnosis, runId, () =>
        diagnosis.capabilities(runId, subject, { clientId, allowPublish }),
      );
    },
    'diagnosis.exposure': async ({ runId, target, ports, withCredentials, seconds }, cancellation) => {
      const subject = await subjectOf(parts, target, withCredentials);
      return cancellable(cancellation, diagnosis, runId, () =>
        diagnosis.exposure(runId, subject, { ports, withCredentials, seconds }),
      );
    },
    'diagnosis.cancel': ({ runId }) => diagnosis.cancel(runId),
    'connection.follow': async ({ sessionId, server: index, keep }) => {
      const server = sessions.redirectOf(sessionId)?.servers[index];
      if (server === undefined) {
        throw fail(
          'session.no-redirect',
          'The broker does not send this connection anywhere else any more.',
          'Connect again to see what it says.',
        );
      }
      const { profile } = sessions.profileOf(sessionId);
      const goTo = (current: Profile): Profile => ({
        ...current,
        host: server.host,
        port: server.port ?? current.port,
      });
      if (keep && profiles.get(profile.id) !== undefined) {
        sessions.setProfile(await profiles.edit(profile.id, goTo), false);
      } else if (keep) {
        sessions.setProfile(goTo(profile), true);
      }
      await sessions.connect(sessionId, server);
    },
  };
}

/** Ends the run when its caller has gone. */
async function cancellable<T>(
  cancellation: Parameters<Handlers['connection.test']>[1],
  diagnosis: Diagnosis,
  runId: string,
  run: () => Promise<T>,
): Promise<T> {
  if (cancellation.isCancelled) {
    throw fail('diagnosis.cancelled', 'This was cancelled.');
  }
  const listening = cancellation.onCancel(() => diagnosis.cancel(runId));
  try {
    return await run();
  } finally {
    listening.dispose();
  }
}

/** `sends`: credentials go out, so a profile that asks for them needs them here. */
async function subjectOf(
  { profiles, environments, secrets, sessions, resolve }: DiagnosisParts,
  target: z.output<typeof diagnosisTargetSchema>,
  sends = true,
): Promise<Subject & { readonly guard: Guard }> {
  if ('sessionId' in target) {
    const { profile } = sessions.profileOf(target.sessionId);
    checkSignIn(profile, sends && target.signIn === undefined);
    const settings = await resolve(asConnected(profile), sessions.looseSecretsOf(profile.id));
    return {
      settings: target.signIn === undefined ? settings : withSignIn(settings, target.signIn),
      subscriptions: usableSubscriptions(environments.fill(profile)),
      guard: profile.guard,
    };
  }
  const { profile: form, password, passphrase, secrets: named } = target;
  const stored = profiles.get(form.id);
  const isTyped = typeof password === 'string';
  checkSignIn(form, sends && target.signIn === undefined && !isTyped);
  const preview = await secrets.preview(form, stored, { password, passphrase, secrets: named });
  const { vault } = preview;
  const profile = isTyped ? preview.profile : asConnected(preview.profile);
  // The form of a temporary session that was opened by a URL with a password in it.
  const loose = stored === undefined && password === undefined ? sessions.looseSecretsOf(form.id) : {};
  const settings = await resolve(profile, loose, vault);
  return {
    settings: target.signIn === undefined ? settings : withSignIn(settings, target.signIn),
    subscriptions: usableSubscriptions(environments.fill(profile)),
    // A form does not lift the guard of what is saved until it is saved itself.
    guard: stricterGuard(stored?.guard ?? 'none', profile.guard),
  };
}

/** Without the password that an older version of a profile that asks may have put into the vault. */
function asConnected(profile: Profile): Profile {
  const { passwordRef: _, ...rest } = profile;
  return asksForSignIn(profile) ? rest : profile;
}

function stricterGuard(a: Guard, b: Guard): Guard {
  return guards.indexOf(a) > guards.indexOf(b) ? a : b;
}

function checkSignIn(profile: Profile, isMissing: boolean): void {
  if (isMissing && asksForSignIn(profile)) {
    throw fail(
      'diagnosis.sign-in',
      'This connection asks for user name and password with each connect, and none were given for this check.',
      'Nothing was sent. Connect to try them, or switch “Ask for credentials” off in the form while you test.',
    );
  }
}
