import { fail } from '#app/contract/failure.ts';
import type { Profile } from '#app/profile/profile.ts';
import { type ProfilePreview, previewProfile } from './diagnosis/unsaved-profile.ts';
import type { Logger } from './logger.ts';
import { Mutex } from './mutex.ts';
import { isVaultRefOf, newVaultRef, type SecretVault } from './vault.ts';
import {
  type ForeignProfile,
  filesOf,
  refsOf,
  type SecretInput,
  type SecretInputs,
  VaultBatch,
} from './vault-batch.ts';

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
    const batch = new VaultBatch(this.#vault);
    try {
      const passwordRef = await batch.store(secrets.password, stored?.passwordRef);
      const passphraseRef = await batch.store(secrets.passphrase, stored?.tls.passphraseRef);
      const secretRefs = await batch.storeNamed(secrets.secrets ?? {}, stored?.secretRefs ?? {});
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
      await batch.undo();
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
      const batch = new VaultBatch(this.#vault);
      try {
        const profiles: Profile[] = [];
        for (const entry of entries) {
          profiles.push(await batch.storeForeign(entry));
        }
        await write(profiles);
        await this.#tidy();
        return profiles;
      } catch (error) {
        await batch.undo();
        throw error;
      }
    });
  }

  /** A secret outside of profiles: as {@link save}, with the ref handed to `write`. */
  replace<T>(
    input: SecretInput,
    findStored: () => string | undefined,
    write: (ref: string | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#changes.run(async () => {
      const batch = new VaultBatch(this.#vault);
      try {
        const written = await write(await batch.store(input, findStored()));
        await this.#tidy();
        return written;
      } catch (error) {
        // What could not be written may hold for this run nevertheless.
        const needed = this.#otherRefs();
        if (needed !== undefined) {
          await batch.undo(needed);
        }
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
    return this.#changes.run(async () => {
      const batch = new VaultBatch(this.#vault);
      try {
        return await write(await batch.copyOf(profile));
      } catch (error) {
        await batch.undo();
        throw error;
      }
    });
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
