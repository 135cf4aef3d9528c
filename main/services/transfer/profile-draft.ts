import { formatQuantity } from '#app/base/format.ts';
import type { NotTaken } from '#app/contract/operations/transfer.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { newProfile, newSubscription, newTls } from '#app/profile/defaults.ts';
import { normalizeGroup } from '#app/profile/groups.ts';
import {
  type Profile,
  type Protocol,
  profileSchema,
  type SecretName,
  type Subscription,
  type Will,
} from '#app/profile/profile.ts';
import { type Attachments, baseName } from './attachments.ts';

/** A certificate or key on its way into the vault. */
export interface DraftFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export interface DraftFiles {
  readonly ca: readonly DraftFile[];
  readonly certificate?: DraftFile;
  readonly key?: DraftFile;
}

export interface DraftSecrets {
  readonly password?: string;
  readonly passphrase?: string;
  readonly named: Readonly<Partial<Record<SecretName, string>>>;
}

/** A profile as it was read, without any reference into the vault, and the report on it. */
export interface ReadProfile {
  readonly profile: Profile;
  readonly files: DraftFiles;
  readonly secrets: DraftSecrets;
  readonly taken: readonly string[];
  readonly notTaken: readonly NotTaken[];
  readonly warnings: readonly string[];
  readonly problem?: string;
  /** True where the file's own id may be kept. */
  readonly hasOwnId?: boolean;
}

const MAX_SUBSCRIPTIONS = 1000;
/** Entries of a report; a file may hold any number of oddities. */
const MAX_REPORT = 100;
const tlsNames = { ca: 'CA certificate', certificate: 'Client certificate', key: 'Client key' } as const;

/**
 * Puts a profile together from what another tool stored. All that is found is either taken or named with a reason;
 * what was not found keeps the value of a new profile.
 */
export class ProfileDraft {
  /** Of MQTT 3.1.1, which all of those tools speak unless they say otherwise. */
  #profile: Profile = newProfile({ name: '', host: '', mqttVersion: '3.1.1' });
  readonly #ca: DraftFile[] = [];
  #certificate: DraftFile | undefined;
  #key: DraftFile | undefined;
  #password: string | undefined;
  #passphrase: string | undefined;
  readonly #named: Partial<Record<SecretName, string>> = {};
  /** A file may name any number: beyond what a connection can have they are not even looked at. */
  #isFull = false;
  readonly #taken = new Set<string>();
  readonly #notTaken: NotTaken[] = [];
  readonly #warnings = new Set<string>();
  readonly #attachments: Attachments;

  constructor(attachments: Attachments) {
    this.#attachments = attachments;
  }

  get profile(): Profile {
    return this.#profile;
  }

  get usesTls(): boolean {
    return this.#profile.protocol === 'mqtts' || this.#profile.protocol === 'wss';
  }

  /** Sets fields; `what` goes into the list of what was taken. */
  set(fields: Partial<Profile>, what?: string): void {
    this.#profile = { ...this.#profile, ...fields };
    this.take(what);
  }

  setTls(fields: Partial<Profile['tls']>, what?: string): void {
    this.set({ tls: { ...newTls(), ...this.#profile.tls, ...fields } }, what);
  }

  setMqtt5(fields: Partial<Profile['mqtt5']>, what?: string): void {
    this.set({ mqtt5: { ...this.#profile.mqtt5, ...fields } }, what);
  }

  setWill(fields: Partial<Will>): void {
    this.set({ will: { ...this.#profile.will, ...fields } });
  }

  take(what: string | undefined): void {
    if (what !== undefined) {
      this.#taken.add(what);
    }
  }

  skip(what: string, why: string): void {
    const isKnown = this.#notTaken.some((other) => other.what === what && other.why === why);
    if (!isKnown && this.#notTaken.length < MAX_REPORT) {
      this.#notTaken.push({ what: cut(what), why });
    }
  }

  warn(warning: string): void {
    this.#warnings.add(warning);
  }

  name(name: string | undefined, group?: string): void {
    const clean = (name ?? '').trim().slice(0, 200);
    this.set({
      ...(clean === '' ? {} : { name: clean }),
      ...(group === undefined ? {} : { group: normalizeGroup(group).slice(0, 200) }),
    });
    this.take(clean === '' ? undefined : 'Name');
    this.take(group === undefined || normalizeGroup(group) === '' ? undefined : 'Group');
  }

  endpoint(protocol: Protocol, host: string | undefined, port: number | undefined, fallback: number): void {
    const bare = (host ?? '').trim().replace(/^\[(.*)\]$/, '$1');
    this.set({ protocol, host: bare, port: fallback }, 'Protocol and host');
    this.whole('Port', port, 1, 65_535, (value) => this.set({ port: value }, 'Port'));
  }

  /** A whole number within bounds; anything else is named and left as it was. */
  whole(
    what: string,
    value: number | undefined,
    min: number,
    max: number,
    apply: (value: number) => void,
  ): void {
    if (value === undefined) {
      return;
    }
    if (Number.isInteger(value) && value >= min && value <= max) {
      apply(value);
    } else {
      this.skip(`${what} ${value}`, `It has to be a whole number from ${min} to ${max}.`);
    }
  }

  credentials(username: string | undefined, password: string | undefined): void {
    if (username !== undefined && username !== '') {
      this.set({ username }, 'User name');
    }
    if (password !== undefined && password !== '') {
      this.#password = password;
      this.take('Password');
    }
  }

  passphrase(passphrase: string | undefined): void {
    if (passphrase !== undefined && passphrase !== '') {
      this.#passphrase = passphrase;
      this.take('Passphrase of the key');
    }
  }

  secret(name: SecretName, value: string, what: string): void {
    this.#named[name] = value;
    this.take(what);
  }

  subscribe(filter: string | undefined, fields: Partial<Subscription> = {}): void {
    const { subscriptions } = this.#profile;
    if (this.#isFull) {
      return;
    }
    const found = filter?.trim() ?? '';
    const problem = topicFilterProblem(found);
    if (problem !== undefined) {
      this.skip(`Subscription “${cut(found)}”`, problem);
      return;
    }
    if (subscriptions.some((other) => other.filter === found)) {
      return;
    }
    if (subscriptions.length >= MAX_SUBSCRIPTIONS) {
      this.#isFull = true;
      this.skip('Further subscriptions', 'A connection can have 1,000 subscriptions.');
      return;
    }
    this.set({ subscriptions: [...subscriptions, newSubscription(found, fields)] });
  }

  /** A certificate or key that the file itself holds. */
  embed(slot: keyof typeof tlsNames, file: DraftFile): void {
    if (slot === 'ca') {
      this.#ca.push(file);
      // Those tools trust their own CA alone once they have one.
      this.setTls({ trust: { system: false, bundled: false } });
    } else if (slot === 'certificate') {
      this.#certificate = file;
    } else {
      this.#key = file;
    }
    this.take(`${tlsNames[slot]} “${file.fileName}”`);
  }

  /** A path on the other computer: taken where the file itself was dropped along. Some tools put PEM text there. */
  reference(slot: keyof typeof tlsNames, path: string | undefined): void {
    const value = path?.trim() ?? '';
    if (value === '') {
      return;
    }
    if (value.includes('-----BEGIN ')) {
      this.embed(slot, { fileName: `${slot}.pem`, bytes: new TextEncoder().encode(`${value}\n`) });
      return;
    }
    const file = this.#attachments.find(value);
    if (file === undefined) {
      this.skip(
        `${tlsNames[slot]} ${value}`,
        `Only its path is known. Drop “${baseName(value)}” here too, or add it under “Security” afterwards.`,
      );
    } else {
      this.embed(slot, file);
    }
  }

  /** The profile as it can be kept, or why it can't be. */
  finish(): ReadProfile {
    const { subscriptions } = this.#profile;
    if (subscriptions.length > 0) {
      this.take(formatQuantity(subscriptions.length, 'subscription'));
    }
    if (this.#profile.name === '') {
      const { host, port } = this.#profile;
      this.set({ name: (host === '' ? 'Imported connection' : `${host}:${port}`).slice(0, 200) });
    }
    if (!this.usesTls && (this.#ca.length > 0 || this.#certificate !== undefined)) {
      this.warn('It has certificates, but does not use TLS.');
    }
    if (this.#password !== undefined && !this.usesTls) {
      this.warn('Its password crosses the network readable for everybody: there is no TLS.');
    }
    if (!this.#profile.tls.verify && this.usesTls) {
      this.warn('It does not check who the server is: “Verify server certificate” is off.');
    }
    const parsed = profileSchema.safeParse(this.#profile);
    const issue = parsed.success ? undefined : parsed.error.issues[0];
    const problem =
      this.#profile.host === ''
        ? 'It names no host.'
        : issue === undefined
          ? undefined
          : `The field ${issue.path.join('.')} can’t be used: ${issue.message}`;
    return {
      profile: this.#profile,
      files: {
        ca: this.#ca,
        ...(this.#certificate === undefined ? {} : { certificate: this.#certificate }),
        ...(this.#key === undefined ? {} : { key: this.#key }),
      },
      secrets: {
        named: this.#named,
        ...(this.#password === undefined ? {} : { password: this.#password }),
        ...(this.#passphrase === undefined ? {} : { passphrase: this.#passphrase }),
      },
      taken: [...this.#taken],
      notTaken: this.#notTaken,
      warnings: [...this.#warnings],
      ...(problem === undefined ? {} : { problem }),
    };
  }
}

function cut(name: string): string {
  return name.length > 300 ? `${name.slice(0, 299)}…` : name;
}
