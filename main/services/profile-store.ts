import { Emitter } from '#app/base/event.ts';
import { fail } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { Profile } from '#app/profile/profile.ts';
import { Mutex } from './mutex.ts';
import { type LoadedProfiles, ProfileJsonFile } from './profile-file.ts';
import { checkProfiles } from './profile-limits.ts';

/**
 * All profiles, in the user's order. What is read here is on the disk: a change shows only after it was written,
 * and a failed write (thrown as a `file.write` failure) changes nothing. Changes are made one after another.
 */
export class ProfileStore {
  readonly #file: ProfileJsonFile;
  readonly #readOnly: LoadedProfiles['readOnly'];
  /** False when there may be profiles that are not in here: nothing that they may refer to is to be cleaned up then. */
  readonly isComplete: boolean;
  readonly #changes = new Mutex();
  readonly #changed = new Emitter<void>();
  /** Deleted in this run, with their place: `restore` brings them back. */
  readonly #deleted = new Map<string, { readonly profile: Profile; readonly index: number }>();
  #profiles: readonly Profile[];

  readonly onDidChange = this.#changed.event;

  private constructor(file: ProfileJsonFile, loaded: LoadedProfiles) {
    this.#file = file;
    this.#readOnly = loaded.readOnly;
    this.isComplete = loaded.readOnly === undefined && loaded.isPartial !== true;
    this.#profiles = loaded.profiles;
  }

  /** Reads `profiles.json`. Damage is repaired as far as it goes, and told through `onNotice`. */
  static async open(
    path: string,
    onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
  ): Promise<ProfileStore> {
    const file = new ProfileJsonFile(path);
    const loaded = await file.load();
    if (loaded.notice !== undefined) {
      onNotice(loaded.notice);
    }
    if (loaded.isRepaired) {
      // If it fails, the backup is still there for the next start.
      await file.write(loaded.profiles).catch(() => undefined);
    }
    return new ProfileStore(file, loaded);
  }

  get all(): readonly Profile[] {
    return this.#profiles;
  }

  /** Those that `restore` can still bring back. */
  get deleted(): readonly Profile[] {
    return [...this.#deleted.values()].map(({ profile }) => profile);
  }

  get(profileId: string): Profile | undefined {
    return this.#profiles.find((profile) => profile.id === profileId);
  }

  /** Throws `profile.unknown`. */
  require(profileId: string): Profile {
    const profile = this.get(profileId);
    if (profile === undefined) {
      throw unknownProfile();
    }
    return profile;
  }

  /** Creates (at the end) or replaces by id. */
  save(profile: Profile): Promise<Profile> {
    return this.#change((profiles) => {
      const isKnown = profiles.some((other) => other.id === profile.id);
      return isKnown
        ? profiles.map((other) => (other.id === profile.id ? profile : other))
        : [...profiles, profile];
    }).then(() => {
      this.#deleted.delete(profile.id);
      return profile;
    });
  }

  /** Changes one profile on the state that it has when its turn comes. */
  async edit(profileId: string, change: (profile: Profile) => Profile): Promise<Profile> {
    let result: Profile | undefined;
    await this.#change((profiles) =>
      profiles.map((profile) => {
        if (profile.id !== profileId) {
          return profile;
        }
        result = change(profile);
        return result;
      }),
    );
    if (result === undefined) {
      throw unknownProfile();
    }
    return result;
  }

  /** Puts a new profile right behind another one. */
  async insertAfter(profileId: string, profile: Profile): Promise<Profile> {
    await this.#change((profiles) => {
      const index = profiles.findIndex((other) => other.id === profileId);
      return profiles.toSpliced(index < 0 ? profiles.length : index + 1, 0, profile);
    });
    return profile;
  }

  /** Throws `profile.unknown`. */
  async delete(profileId: string): Promise<void> {
    let gone: { readonly profile: Profile; readonly index: number } | undefined;
    await this.#change(
      (profiles) => {
        const index = profiles.findIndex((profile) => profile.id === profileId);
        const profile = profiles[index];
        if (profile === undefined) {
          throw unknownProfile();
        }
        gone = { profile, index };
        return profiles.toSpliced(index, 1);
      },
      () => {
        if (gone !== undefined) {
          this.#deleted.set(profileId, gone);
        }
      },
    );
  }

  /** Brings a deleted profile back to its place. Throws `profile.unknown` when it was not deleted in this run. */
  async restore(profileId: string): Promise<Profile> {
    const gone = this.#deleted.get(profileId);
    if (gone === undefined) {
      throw fail('profile.unknown', 'The profile can no longer be brought back.', 'Create it anew.');
    }
    await this.#change((profiles) =>
      profiles.some(({ id }) => id === profileId)
        ? profiles
        : profiles.toSpliced(gone.index, 0, gone.profile),
    );
    this.#deleted.delete(profileId);
    return gone.profile;
  }

  /** Puts the named profiles into this order; ones that are not named (just created elsewhere) follow. */
  reorder(profileIds: readonly string[]): Promise<void> {
    return this.#change((profiles) => {
      const place = new Map(profileIds.map((id, index) => [id, index]));
      const placeOf = (profile: Profile) => place.get(profile.id) ?? profileIds.length;
      return profiles.toSorted((a, b) => placeOf(a) - placeOf(b));
    });
  }

  /** Changes and orders any of them at once, on the state that they have when its turn comes. */
  rearrange(change: (profiles: readonly Profile[]) => readonly Profile[]): Promise<void> {
    return this.#change(change);
  }

  /** Ends the chance to restore. */
  forgetDeleted(): void {
    this.#deleted.clear();
  }

  /** Resolves when every change so far is written. */
  flush(): Promise<void> {
    return this.#changes.idle();
  }

  #change(
    change: (profiles: readonly Profile[]) => readonly Profile[],
    beforeFire?: () => void,
  ): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#readOnly !== undefined) {
        throw fail('file.write', `Nothing can be saved. ${this.#readOnly.message}`, this.#readOnly.hint);
      }
      const next = change(this.#profiles);
      checkProfiles(this.#profiles, next);
      await this.#file.write(next);
      this.#profiles = next;
      beforeFire?.();
      this.#changed.fire();
    });
  }
}

function unknownProfile() {
  return fail(
    'profile.unknown',
    'The profile is not there any more.',
    'It may have been deleted in another window.',
  );
}
