import { fail } from '#app/contract/failure.ts';
import { type Profile, type SecretName, secretNameSchema, type VaultFile } from '#app/profile/profile.ts';
import { type ProfilePreview, previewProfile } from './diagnosis/unsaved-profile.ts';
import type { Logger } from './logger.ts';
import { Mutex } from './mutex.ts';
import { isVaultRefOf, newVaultRef, type SecretVault } from './vault.ts';

/** A secret as a form sends it: `undefined` keeps what is stored, `null` removes it, a string replaces it. */
export type SecretInput = string | null | undefined;

/** The secrets of a form, by what they are for. */
export interface SecretInputs {
  readonly password: SecretInput;
  readonly passphrase: SecretInput;
  readonly secrets?: Readonly<Partial<Record<SecretName, SecretInput>>> | undefined;
}

/** A profile from elsewhere with all that is to lie in the vault for it. References that it has itself don't count. */
export interface ForeignProfile {
  readonly profile: Profile;
  readonly files: {
    readonly ca: readonly ForeignFile[];
    readonly certificate?: ForeignFile;
    readonly key?: ForeignFile;
  };
  readonly secrets: {
    readonly password?: string;
    readonly passphrase?: string;
    readonly named: Readonly<Partial<Record<SecretName, string>>>;
  };
}

interface ForeignFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/**
 * Ties vault and profiles together. Values are never overwritten: a new one gets a new ref, the profile is written,
 * and what no profile refers to any more is dropped afterwards. So a failed write at any point loses nothing.
 */
export class SecretKeeper {
  readonly #vault: SecretVault;
  readonly #logger: Logger;
  /**
   * Who may still need a ref: profiles, deleted ones that can be restored, those of open sessions. Undefined while that
   * is not known for sure: then nothing is dropped.
   */
  readonly #inUse: () => readonly Profile[] | undefined;
  /** Refs that something else than a profile needs; undefined as above. */
  readonly #otherRefs: () => readonly string[] | undefined;
  /** Dropped onto a form that is not saved yet. */
  readonly #staged = new Set<string>();
  readonly #changes = new Mutex();

  constructor(
    vault: SecretVault,
    logger: Logger,
    inUse: () => readonly Profile[] | undefined,
    otherRefs: () => readonly string[] | undefined = () => [],
  ) {
    this.#vault = vault;
    this.#logger = logger;
    this.#inUse = inUse;
    this.#otherRefs = otherRefs;
  }

  /** Takes a dropped file in; it stays until a profile refers to it, at most for this run. */
  async stage(bytes: Uint8Array): Promise<string> {
    const ref = newVaultRef('file');
    await this.#vault.put(ref, bytes);
    this.#staged.add(ref);
    return ref;
  }

  read(ref: string): Promise<Uint8Array | undefined> {
    return isVaultRefOf('file', ref) ? this.#vault.get(ref) : Promise.resolve(undefined);
  }

  async readText(ref: string | undefined): Promise<string | undefined> {
    const bytes = ref === undefined ? undefined : await this.#vault.get(ref);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  /**
   * Stores what is new and hands the profile, with its refs, to `write`; tidies up afterwards. Refs of secrets are
   * taken from what `findStored` gives, never from the form.
   */
  save(
    profile: Profile,
    findStored: () => Profile | undefined,
    secrets: SecretInputs,
    write: (profile: Profile) => Promise<Profile>,
  ): Promise<Profile> {
    // One at a time: what one save keeps, the tidying after another must not take for unused.
    return this.#changes.run(() => this.#save(profile, findStored(), secrets, write));
  }

  async #save(
    profile: Profile,
    stored: Profile | undefined,
    secrets: SecretInputs,
    write: (profile: Profile) => Promise<Profile>,
  ): Promise<Profile> {
    await this.#checkFiles(profile, stored);
    const added: string[] = [];
    try {
      const passwordRef = await this.#store(secrets.password, stored?.passwordRef, added);
      const passphraseRef = await this.#store(secrets.passphrase, stored?.tls.passphraseRef, added);
      const secretRefs = await this.#storeNamed(secrets.secrets ?? {}, stored?.secretRefs ?? {}, added);
      const { passwordRef: _, ...rest } = profile;
      const { passphraseRef: __, ...tls } = profile.tls;
      const saved = await write({
        ...rest,
        ...(passwordRef === undefined ? {} : { passwordRef }),
        secretRefs,
        tls: { ...tls, ...(passphraseRef === undefined ? {} : { passphraseRef }) },
      });
      for (const ref of refsOf(saved)) {
        this.#staged.delete(ref);
      }
      await this.#tidy();
      return saved;
    } catch (error) {
      await Promise.all(added.map((ref) => this.#vault.delete(ref).catch(() => undefined)));
      throw error;
    }
  }

  /**
   * Stores profiles from elsewhere with their files and secrets and hands them, with fresh refs, to `write`: all of
   * them, or nothing stays behind.
   */
  saveAll(
    entries: readonly ForeignProfile[],
    write: (profiles: readonly Profile[]) => Promise<void>,
  ): Promise<readonly Profile[]> {
    return this.#changes.run(async () => {
      const added: string[] = [];
      try {
        const profiles: Profile[] = [];
        for (const entry of entries) {
          profiles.push(await this.#storeForeign(entry, added));
        }
        await write(profiles);
        await this.#tidy();
        return profiles;
      } catch (error) {
        await Promise.all(added.map((ref) => this.#vault.delete(ref).catch(() => undefined)));
        throw error;
      }
    });
  }

  async #storeForeign({ profile, files, secrets }: ForeignProfile, added: string[]): Promise<Profile> {
    const file = async ({ fileName, bytes }: ForeignFile): Promise<VaultFile> => {
      const ref = newVaultRef('file');
      added.push(ref);
      await this.#vault.put(ref, bytes);
      return { ref, fileName };
    };
    const { passwordRef: _, ...rest } = profile;
    const { certificate: __, key: ___, passphraseRef: ____, ...tls } = profile.tls;
    const ca: VaultFile[] = [];
    for (const one of files.ca) {
      ca.push(await file(one));
    }
    const passwordRef = await this.#store(secrets.password, undefined, added);
    const passphraseRef = await this.#store(secrets.passphrase, undefined, added);
    return {
      ...rest,
      ...(passwordRef === undefined ? {} : { passwordRef }),
      secretRefs: await this.#storeNamed(secrets.named, {}, added),
      tls: {
        ...tls,
        ca,
        ...(files.certificate === undefined ? {} : { certificate: await file(files.certificate) }),
        ...(files.key === undefined ? {} : { key: await file(files.key) }),
        ...(passphraseRef === undefined ? {} : { passphraseRef }),
      },
    };
  }

  /** A secret outside of profiles: as {@link save}, with the ref handed to `write`. */
  replace<T>(
    input: SecretInput,
    findStored: () => string | undefined,
    write: (ref: string | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#changes.run(async () => {
      const added: string[] = [];
      try {
        const written = await write(await this.#store(input, findStored(), added));
        await this.#tidy();
        return written;
      } catch (error) {
        // What could not be written may hold for this run nevertheless.
        const needed = this.#otherRefs() ?? added;
        const unused = added.filter((ref) => !needed.includes(ref));
        await Promise.all(unused.map((ref) => this.#vault.delete(ref).catch(() => undefined)));
        throw error;
      }
    });
  }

  /** The profile as {@link save} would make it of a form, with a vault that knows what was typed. Nothing is stored. */
  async preview(
    profile: Profile,
    stored: Profile | undefined,
    secrets: SecretInputs,
  ): Promise<ProfilePreview> {
    await this.#checkFiles(profile, stored);
    return previewProfile(profile, stored, secrets, this.#vault);
  }

  /** The profile with copies of everything that it refers to, so that neither depends on the other. */
  duplicate(profile: Profile, write: (profile: Profile) => Promise<Profile>): Promise<Profile> {
    return this.#changes.run(() => this.#duplicate(profile, write));
  }

  async #duplicate(profile: Profile, write: (profile: Profile) => Promise<Profile>): Promise<Profile> {
    const added: string[] = [];
    const copy = async (ref: string): Promise<string | undefined> => {
      const bytes = await this.#vault.get(ref);
      if (bytes === undefined) {
        return undefined;
      }
      const target = newVaultRef(isVaultRefOf('file', ref) ? 'file' : 'secret');
      added.push(target);
      await this.#vault.put(target, bytes);
      return target;
    };
    const copyFile = async (file: VaultFile): Promise<VaultFile> => ({
      ...file,
      ref: (await copy(file.ref)) ?? file.ref,
    });
    try {
      const { passwordRef, ...rest } = profile;
      const secretRefs: Profile['secretRefs'] = {};
      for (const [name, ref] of Object.entries(profile.secretRefs)) {
        const target = ref === undefined ? undefined : await copy(ref);
        if (target !== undefined) {
          secretRefs[secretNameSchema.parse(name)] = target;
        }
      }
      const { ca, certificate, key, passphraseRef, ...tls } = profile.tls;
      const password = passwordRef === undefined ? undefined : await copy(passwordRef);
      const passphrase = passphraseRef === undefined ? undefined : await copy(passphraseRef);
      return await write({
        ...rest,
        ...(password === undefined ? {} : { passwordRef: password }),
        secretRefs,
        tls: {
          ...tls,
          ca: await Promise.all(ca.map(copyFile)),
          ...(certificate === undefined ? {} : { certificate: await copyFile(certificate) }),
          ...(key === undefined ? {} : { key: await copyFile(key) }),
          ...(passphrase === undefined ? {} : { passphraseRef: passphrase }),
        },
      });
    } catch (error) {
      await Promise.all(added.map((ref) => this.#vault.delete(ref).catch(() => undefined)));
      throw error;
    }
  }

  /** Drops what nobody refers to. A failure here is for the log: nothing depends on it. */
  tidy(): Promise<void> {
    return this.#changes.run(() => this.#tidy());
  }

  async #tidy(): Promise<void> {
    try {
      const profiles = this.#inUse();
      const others = this.#otherRefs();
      if (profiles === undefined || others === undefined) {
        return;
      }
      const needed = new Set([...profiles.flatMap(refsOf), ...others, ...this.#staged]);
      for (const ref of await this.#vault.list()) {
        if (!needed.has(ref)) {
          await this.#vault.delete(ref);
        }
      }
    } catch (error) {
      this.#logger.log('warning', 'Unused secrets could not be dropped', { error });
    }
  }

  async #storeNamed(
    inputs: Readonly<Partial<Record<SecretName, SecretInput>>>,
    stored: Profile['secretRefs'],
    added: string[],
  ): Promise<Profile['secretRefs']> {
    const refs: Profile['secretRefs'] = {};
    for (const key of new Set([...Object.keys(stored), ...Object.keys(inputs)])) {
      const name = secretNameSchema.parse(key);
      const ref = await this.#store(inputs[name], stored[name], added);
      if (ref !== undefined) {
        refs[name] = ref;
      }
    }
    return refs;
  }

  async #store(
    input: SecretInput,
    storedRef: string | undefined,
    added: string[],
  ): Promise<string | undefined> {
    if (input === undefined) {
      return storedRef;
    }
    if (input === null) {
      return undefined;
    }
    const ref = newVaultRef('secret');
    added.push(ref);
    await this.#vault.put(ref, encoder.encode(input));
    return ref;
  }

  /** A ref that is new to the profile must be of a file that lies in the vault; it came from a window. */
  async #checkFiles(profile: Profile, stored: Profile | undefined): Promise<void> {
    const known = new Set(stored === undefined ? [] : refsOf(stored));
    for (const file of filesOf(profile)) {
      if (!known.has(file.ref) && (await this.read(file.ref)) === undefined) {
        throw fail(
          'vault.missing',
          `“${file.fileName}” is no longer stored.`,
          'Drop the file onto the form again.',
        );
      }
    }
  }
}

/** Vault refs of all that a profile refers to. */
function refsOf(profile: Profile): readonly string[] {
  return [
    ...filesOf(profile).map(({ ref }) => ref),
    ...(profile.passwordRef === undefined ? [] : [profile.passwordRef]),
    ...Object.values(profile.secretRefs).filter((ref) => ref !== undefined),
    ...(profile.tls.passphraseRef === undefined ? [] : [profile.tls.passphraseRef]),
  ];
}

function filesOf({ tls }: Profile): readonly VaultFile[] {
  return [...tls.ca, ...[tls.certificate, tls.key].flatMap((file) => (file === undefined ? [] : [file]))];
}
