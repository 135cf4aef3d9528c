import type { contract } from '#app/contract/contract.ts';
import { fail } from '#app/contract/failure.ts';
import type { AppInfo } from '#app/contract/operations/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { generateClientId, newProfile } from '#app/profile/defaults.ts';
import type { Profile, Subscription } from '#app/profile/profile.ts';
import { certificateDropHandlers } from './certificate-drop/certificate-handlers.ts';
import { parseCertificateFile } from './certificates.ts';
import { changeSettings } from './change-settings.ts';
import { programHandlers } from './copy-as/program-handlers.ts';
import type { DemoSession } from './demo-session.ts';
import { type DiagnosisParts, diagnosisHandlers } from './diagnosis/diagnosis-handlers.ts';
import { type JobsStore, jobsHandlers } from './jobs-handlers.ts';
import { type LibraryStore, libraryHandlers } from './library/library-handlers.ts';
import { type OrganiseParts, organiseHandlers } from './organise-handlers.ts';
import type { ProfileStore } from './profile-store.ts';
import type { RecentsStore } from './recents-store.ts';
import { type ReplyRulesStore, replyRulesHandlers } from './reply-rules-handlers.ts';
import { rulesHandlers } from './rules-handlers.ts';
import { schemasHandlers } from './schemas-handlers.ts';
import { type ScriptsStore, scriptsHandlers } from './scripts-handlers.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { SettingsStore } from './settings-store.ts';
import { judgeTlsMaterial, type MaterialFile, staged } from './tls-material.ts';
import type { Transfer } from './transfer/transfer.ts';
import { transferHandlers } from './transfer/transfer-handlers.ts';
import type { SecretVault } from './vault.ts';

interface Parts extends DiagnosisParts, OrganiseParts {
  readonly info: AppInfo;
  readonly profiles: ProfileStore;
  readonly settings: SettingsStore;
  readonly recents: RecentsStore;
  readonly jobs: JobsStore;
  readonly library: LibraryStore;
  readonly replyRules: ReplyRulesStore;
  readonly scripts: ScriptsStore;
  readonly vault: SecretVault;
  readonly secrets: SecretKeeper;
  readonly sessions: SessionRegistry;
  readonly demo: DemoSession;
  readonly transfer: Transfer;
  readonly openUrl: (url: string) => Promise<string>;
}

type Handlers = OperationHandlers<typeof contract.main.operations>;

/** What the operations of the contract's target `main` do. */
export function mainHandlers(parts: Parts): Handlers {
  const { info, settings, recents } = parts;
  return {
    'app.info': () => info,
    'settings.change': (patch) => changeSettings(settings, parts.secrets, patch),
    ...profileHandlers(parts),
    ...certificateHandlers(parts),
    ...sessionHandlers(parts),
    ...subscriptionHandlers(parts),
    ...diagnosisHandlers(parts),
    ...organiseHandlers(parts),
    ...jobsHandlers(parts.jobs),
    ...libraryHandlers(parts.library),
    ...replyRulesHandlers(parts.replyRules),
    ...scriptsHandlers(parts.scripts),
    ...programHandlers(parts),
    ...rulesHandlers(parts),
    ...schemasHandlers(parts),
    ...transferHandlers(parts.transfer),
    'recents.list': ({ profileId }) => recents.list(profileId),
    'recents.add': ({ profileId, recent }) => recents.add(profileId, recent),
  };
}

type Some<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}.${string}`>>;

function profileHandlers({
  profiles,
  secrets,
  sessions,
  jobs,
  library,
  replyRules,
  scripts,
}: Parts): Some<'profiles'> {
  return {
    async 'profiles.save'({ profile, password, passphrase, secrets: named }) {
      if (sessions.find(profile.id) !== undefined) {
        sessions.checkRoom(profile);
      }
      // A temporary session becomes a profile: the password of its address goes along.
      const isNew = profiles.get(profile.id) === undefined;
      const loose = isNew ? sessions.looseSecretsOf(profile.id).password : undefined;
      const saved = await secrets.save(
        profile,
        () => profiles.get(profile.id),
        { password: password === undefined ? loose : password, passphrase, secrets: named },
        (complete) => profiles.save(complete),
      );
      sessions.setProfile(saved, false);
      return saved;
    },
    async 'profiles.delete'({ profileId }) {
      await profiles.delete(profileId);
      sessions.orphan(profileId);
    },
    async 'profiles.restore'({ profileId }) {
      const profile = await profiles.restore(profileId);
      sessions.setProfile(profile, false);
      return profile;
    },
    async 'profiles.duplicate'({ profileId }) {
      const original = profiles.require(profileId);
      const copy = await secrets.duplicate(
        {
          ...original,
          id: crypto.randomUUID(),
          name: copyName(original.name, profiles.all),
          // The broker would throw one of two clients with the same id out.
          clientId: original.clientId === '' ? '' : generateClientId(),
          subscriptions: original.subscriptions.map((subscription) => ({
            ...subscription,
            id: crypto.randomUUID(),
          })),
          rules: original.rules.map((rule) => ({ ...rule, id: crypto.randomUUID() })),
        },
        (made) => profiles.insertAfter(profileId, made),
      );
      await jobs.copy(profileId, copy.id);
      await library.copy(profileId, copy.id);
      await replyRules.copy(profileId, copy.id);
      await scripts.copy(profileId, copy.id);
      return copy;
    },
    'profiles.reorder': ({ profileIds }) => profiles.reorder(profileIds),
  };
}

function certificateHandlers({ profiles, secrets }: Parts): Some<'certificates'> {
  return {
    ...certificateDropHandlers({ profiles, secrets }),
    async 'certificates.stage'({ fileName, bytes }) {
      const ref = await secrets.stage(bytes);
      return staged({ ref, fileName }, await parseCertificateFile(bytes));
    },
    async 'certificates.report'({ profileId, ca, certificate, key, passphrase, host }) {
      const load = async (file: { ref: string; fileName: string }): Promise<MaterialFile> => ({
        ...file,
        bytes: await secrets.read(file.ref),
      });
      const stored = profileId === undefined ? undefined : profiles.get(profileId)?.tls.passphraseRef;
      const { report } = await judgeTlsMaterial({
        ca: await Promise.all(ca.map(load)),
        certificate: certificate === undefined ? undefined : await load(certificate),
        key: key === undefined ? undefined : await load(key),
        passphrase: passphrase === undefined ? await secrets.readText(stored) : (passphrase ?? undefined),
        host,
      });
      return report;
    },
  };
}

function sessionHandlers({ profiles, sessions, demo, openUrl }: Parts): Some<'sessions'> {
  return {
    async 'sessions.open'({ profileId, connect }) {
      const sessionId =
        sessions.find(profileId) ?? sessions.open(profiles.require(profileId), { temporary: false });
      if (connect) {
        await sessions.connectIfIdle(sessionId);
      }
      return { sessionId };
    },
    'sessions.openUrl': async ({ url }) => ({ sessionId: await openUrl(url) }),
    'sessions.openDemo': async () => ({ sessionId: await demo.open() }),
    'sessions.connect': ({ sessionId, signIn }) => sessions.connect(sessionId, undefined, signIn),
    'sessions.disconnect': ({ sessionId }) => sessions.disconnect(sessionId),
    async 'sessions.trust'({ sessionId, pin }) {
      const { profile } = sessions.profileOf(sessionId);
      const trusting = (current: Profile): Profile => ({ ...current, tls: { ...current.tls, pin } });
      if (profiles.get(profile.id) === undefined) {
        sessions.setProfile(trusting(profile), true);
      } else {
        sessions.setProfile(await profiles.edit(profile.id, trusting), false);
      }
    },
    'sessions.drop': ({ sessionId }) => sessions.drop(sessionId),
    'sessions.close': ({ sessionId }) => sessions.close(sessionId),
  };
}

function subscriptionHandlers({ profiles, environments, sessions }: Parts): Some<'subscriptions'> {
  const change = async (
    sessionId: string,
    edit: (subscriptions: readonly Subscription[]) => Subscription[],
  ): Promise<void> => {
    const { profile } = sessions.profileOf(sessionId);
    const apply = (current: Profile): Profile => {
      const changed = { ...current, subscriptions: edit(current.subscriptions) };
      sessions.checkRoom(changed);
      return changed;
    };
    if (profiles.get(profile.id) === undefined) {
      sessions.setProfile(apply(profile), true);
    } else {
      sessions.setProfile(await profiles.edit(profile.id, apply), false);
    }
  };
  return {
    'subscriptions.add': ({ sessionId, subscription }) => {
      checkFilter(environments.apply(only(sessions.profileOf(sessionId).profile, subscription)));
      return change(sessionId, (subscriptions) => {
        if (subscriptions.length >= 1000) {
          throw fail(
            'subscription.limit',
            'A connection can have 1,000 subscriptions.',
            'Remove some, or use a wider filter.',
          );
        }
        const filterOf = (other: Subscription) =>
          environments.fill(only(sessions.profileOf(sessionId).profile, other)).profile.subscriptions[0]
            ?.filter;
        const wanted = filterOf(subscription);
        const same = subscriptions.find(
          (other) => other.id !== subscription.id && filterOf(other) === wanted,
        );
        if (same !== undefined) {
          throw fail(
            'subscription.exists',
            'There is a subscription with this filter already.',
            'Change that one instead.',
          );
        }
        return [...subscriptions.filter(({ id }) => id !== subscription.id), subscription];
      });
    },
    'subscriptions.change': ({ sessionId, subscription }) => {
      const { profile } = sessions.profileOf(sessionId);
      checkFilter(environments.apply(only(profile, subscription)));
      // The screen shows filters with their variables filled in: what it sends back unchanged stays as it was written.
      const filled = (other: Subscription) =>
        environments.fill(only(profile, other)).profile.subscriptions[0];
      return change(sessionId, (subscriptions) =>
        subscriptions.map((other) => {
          if (other.id !== subscription.id) {
            return other;
          }
          const isSame = filled(other)?.filter === subscription.filter;
          return isSame ? { ...subscription, filter: other.filter } : subscription;
        }),
      );
    },
    'subscriptions.remove': ({ sessionId, subscriptionId }) =>
      change(sessionId, (subscriptions) => subscriptions.filter(({ id }) => id !== subscriptionId)),
  };
}

/** The profile as if it had this subscription and no other use of variables. */
function only(profile: Profile, subscription: Subscription): Profile {
  const plain = newProfile({ id: profile.id, subscriptions: [subscription] });
  return profile.environmentId === undefined ? plain : { ...plain, environmentId: profile.environmentId };
}

function checkFilter({ subscriptions }: Profile): void {
  const problem = topicFilterProblem(subscriptions[0]?.filter ?? '');
  if (problem !== undefined) {
    throw fail('subscription.filter', `The topic filter is not valid. ${problem}`);
  }
}

/** `Plant` → `Plant (copy)` → `Plant (copy 2)`, within the length that a name may have. */
function copyName(name: string, others: readonly Profile[]): string {
  const base = name.replace(/ \(copy( \d+)?\)$/, '').slice(0, 180);
  const taken = new Set(others.map((profile) => profile.name));
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? `${base} (copy)` : `${base} (copy ${count})`;
    if (!taken.has(candidate)) {
      return candidate;
    }
  }
}
