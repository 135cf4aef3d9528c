import { create } from 'zustand';
import { foreignSecrets } from '#app/cloud/credential-kinds.ts';
import { defaultPorts, newProfile } from '#app/profile/defaults.ts';
import type { ProfileProblem } from '#app/profile/problems.ts';
import type { MqttVersion, Profile, Protocol, SecretName } from '#app/profile/profile.ts';
import { profileProblemsIn } from '#app/profile/variable-problems.ts';
import type { Environment } from '#app/profile/variables.ts';

/** `undefined` keeps what the vault holds, `null` removes it, a string replaces it. */
export type SecretChange = string | null | undefined;

/** A profile as it stands in the form, saved or not. */
export interface ProfileDraft {
  readonly profile: Profile;
  readonly isNew: boolean;
  readonly password: SecretChange;
  readonly passphrase: SecretChange;
  /** All others, by name; those that are not named stay as they are. */
  readonly secrets: Readonly<Partial<Record<SecretName, SecretChange>>>;
  readonly isChanged: boolean;
}

type Removable = 'proxy' | 'environmentId';
/** Members that change; one that may be absent goes with `undefined`. */
export type ProfilePatch = Partial<Omit<Profile, Removable>> & {
  readonly [K in Removable]?: Profile[K] | undefined;
};

export function patchProfile(profile: Profile, patch: ProfilePatch): Profile {
  const { proxy = undefined, environmentId = undefined, ...rest } = { ...profile, ...patch };
  return {
    ...rest,
    ...(proxy === undefined ? {} : { proxy }),
    ...(environmentId === undefined ? {} : { environmentId }),
  };
}

/** Drafts by profile id (`new` for one that was never saved): they outlive a look at another tab. */
export const useDrafts = create<{ readonly drafts: Readonly<Record<string, ProfileDraft>> }>(() => ({
  drafts: {},
}));

const NEW = 'new';

export function draftKey(profile: Profile | undefined): string {
  return profile?.id ?? NEW;
}

/** What the form begins with; a new connection in `group`. */
export function newDraft(profile: Profile | undefined, group = ''): ProfileDraft {
  return {
    profile: profile ?? newProfile({ group }),
    isNew: profile === undefined,
    password: undefined,
    passphrase: undefined,
    secrets: {},
    isChanged: false,
  };
}

/** Keeps the draft from now on, unless one is kept already. */
export function openDraft(key: string, draft: ProfileDraft): void {
  useDrafts.setState(({ drafts }) =>
    drafts[key] === undefined ? { drafts: { ...drafts, [key]: draft } } : { drafts },
  );
}

type DraftChange = Partial<Omit<ProfileDraft, 'isNew' | 'isChanged'>>;

export function changeDraft(key: string, change: (draft: ProfileDraft) => DraftChange): void {
  useDrafts.setState(({ drafts }) => {
    const draft = drafts[key];
    return draft === undefined
      ? { drafts }
      : { drafts: { ...drafts, [key]: { ...draft, ...change(draft), isChanged: true } } };
  });
}

export function closeDraft(key: string): void {
  useDrafts.setState(({ drafts }) => ({
    drafts: Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== key)),
  }));
}

/** Whether a password will be sent: the one just typed, or the one in the vault. */
export function hasPassword(draft: ProfileDraft): boolean {
  return draft.password === undefined ? draft.profile.passwordRef !== undefined : Boolean(draft.password);
}

/** Whether the vault holds a secret of this name, or will hold it: the one just typed counts. */
export function hasSecret(draft: ProfileDraft, name: SecretName): boolean {
  const change = draft.secrets[name];
  return change === undefined ? draft.profile.secretRefs[name] !== undefined : Boolean(change);
}

/** What a password field of a named secret shows: what was typed, else that something is kept. */
export function secretField(draft: ProfileDraft, name: SecretName): { value: string; placeholder: string } {
  const change = draft.secrets[name];
  const isKept = change === undefined && draft.profile.secretRefs[name] !== undefined;
  return { value: change ?? '', placeholder: isKept ? 'Kept in the vault' : '' };
}

/** `environment` is the one that the profile uses. */
export function draftProblems(
  draft: ProfileDraft,
  environment: Environment | undefined,
): readonly ProfileProblem[] {
  return profileProblemsIn(draft.profile, environment, {
    password: hasPassword(draft) && !draft.profile.askCredentials,
    has: (name) => hasSecret(draft, name),
    typed: (name) => draft.secrets[name] ?? undefined,
  });
}

/** What is saved, opened or tested of a draft: the profile with the changes to its secrets. */
export function draftContent({ profile, password, passphrase, secrets }: ProfileDraft): {
  profile: Profile;
  password: SecretChange;
  passphrase: SecretChange;
  secrets: Partial<Record<SecretName, SecretChange>>;
} {
  const kept = { ...secrets };
  for (const name of foreignSecrets(profile.credentials.kind)) {
    if (kept[name] !== undefined || profile.secretRefs[name] !== undefined) {
      kept[name] = null;
    }
  }
  return { profile, password, passphrase, secrets: kept };
}

/** Another protocol brings its own port along, unless the port was chosen by hand. */
export function withProtocol(profile: Profile, protocol: Protocol): Profile {
  const isCustomary = profile.port === defaultPorts[profile.protocol];
  return { ...profile, protocol, port: isCustomary ? defaultPorts[protocol] : profile.port };
}

/** What a version can't express is left in the draft, and not sent. */
export function withVersion(profile: Profile, mqttVersion: MqttVersion): Profile {
  return { ...profile, mqttVersion };
}

/** Whether a password crosses the network readable for anybody on the way. SCRAM proves it without sending it. */
export function sendsPasswordOpenly(draft: ProfileDraft): boolean {
  const { protocol, mqttVersion, mqtt5, socketPath, askCredentials, credentials } = draft.profile;
  const isProved = mqttVersion === '5.0' && mqtt5.authenticationMethod !== undefined;
  const isSent = credentials.kind !== 'password' || askCredentials || hasPassword(draft);
  return isSent && !isProved && !isEncrypted(protocol) && socketPath === '';
}

export function isEncrypted(protocol: Protocol): boolean {
  return protocol === 'mqtts' || protocol === 'wss';
}

export function isWebSocket(protocol: Protocol): boolean {
  return protocol === 'ws' || protocol === 'wss';
}
