import { migrateProfiles } from '#app/profile/migrations.ts';
import { PROFILE_SCHEMA_VERSION, type Profile, profileSchema } from '#app/profile/profile.ts';
import { JsonFile, NewerVersionError } from './json-file.ts';

/** What `profiles.json` gave. `notice` is there when the user must be told. */
export interface LoadedProfiles {
  readonly profiles: readonly Profile[];
  readonly notice?: {
    readonly level: 'warning' | 'error';
    readonly message: string;
    readonly hint: string;
    readonly detail: string;
  };
  /** Why nothing may be written: the file is of a newer version, or can't be read. */
  readonly readOnly?: { readonly message: string; readonly hint: string };
  /** The file has to be written anew: what was loaded is not what lies there. */
  readonly isRepaired: boolean;
  /** Profiles were lost that the user may still bring back, by hand, with the file that was set aside. */
  readonly isPartial?: boolean;
}

interface ProfileFile {
  readonly schemaVersion: number;
  readonly profiles: readonly Profile[];
}

/** The file of all profiles, versioned and checked. */
export class ProfileJsonFile {
  readonly #file: JsonFile<ProfileFile>;

  constructor(path: string) {
    this.#file = new JsonFile({ path, what: 'The profiles', parse });
  }

  /** Never throws for what lies on the disk: a file that can't be used is reported and kept. */
  async load(): Promise<LoadedProfiles> {
    let state: Awaited<ReturnType<JsonFile<ProfileFile>['read']>>;
    try {
      state = await this.#file.read();
    } catch (error) {
      return unusable(error, this.#file.path);
    }
    switch (state.kind) {
      case 'missing':
        return { profiles: [], isRepaired: false };
      case 'good':
        return { profiles: state.value.profiles, isRepaired: false };
      case 'restored':
        return {
          profiles: state.value.profiles,
          isRepaired: true,
          notice: {
            level: 'warning',
            message:
              state.setAside === undefined
                ? 'The file of your profiles was gone. The backup was used.'
                : `The file of your profiles was damaged. The backup was used, with ${count(state.value.profiles.length)}.`,
            hint:
              state.setAside === undefined
                ? 'Check your profiles.'
                : `Check your profiles. The damaged file is kept as ${state.setAside}.`,
            detail: this.#file.path,
          },
        };
      case 'damaged': {
        const profiles = salvage(state.stored);
        return {
          profiles,
          isRepaired: profiles.length > 0,
          isPartial: true,
          notice: {
            level: 'error',
            message:
              profiles.length > 0
                ? `The file of your profiles was damaged and so was its backup. ${count(profiles.length)} could be saved.`
                : 'The file of your profiles was damaged and there is no usable backup. The list begins empty.',
            hint: `The damaged file is kept as ${state.setAside}. Put back a good copy of profiles.json and start again, or enter what is missing.`,
            detail: `${this.#file.path}: ${state.reason}`,
          },
        };
      }
    }
  }

  /** Throws a `file.write` failure. */
  write(profiles: readonly Profile[]): Promise<void> {
    return this.#file.write({ schemaVersion: PROFILE_SCHEMA_VERSION, profiles });
  }
}

function parse(stored: unknown): ProfileFile {
  const migrated = migrateProfiles(stored);
  if (migrated.kind === 'newer') {
    throw new NewerVersionError(String(migrated.version));
  }
  if (migrated.kind === 'invalid') {
    throw new Error(migrated.reason);
  }
  const profiles = migrated.profiles.map((profile, index) => {
    const result = profileSchema.safeParse(profile);
    if (!result.success) {
      const issue = result.error.issues[0];
      throw new Error(
        `Profile ${index + 1}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
      );
    }
    return result.data;
  });
  return { schemaVersion: PROFILE_SCHEMA_VERSION, profiles: withUniqueIds(profiles) };
}

/** The profiles of a damaged file that are whole. */
function salvage(stored: unknown): readonly Profile[] {
  const migrated = migrateProfiles(stored);
  if (migrated.kind !== 'current') {
    return [];
  }
  return withUniqueIds(
    migrated.profiles.flatMap((profile) => {
      const result = profileSchema.safeParse(profile);
      return result.success ? [result.data] : [];
    }),
  );
}

/** A file edited by hand may hold a copied profile: both stay, the later one under an id of its own. */
function withUniqueIds(profiles: readonly Profile[]): readonly Profile[] {
  const seen = new Set<string>();
  return profiles.map((profile) => {
    const unique = seen.has(profile.id) ? { ...profile, id: crypto.randomUUID() } : profile;
    seen.add(unique.id);
    return unique;
  });
}

function unusable(error: unknown, path: string): LoadedProfiles {
  if (error instanceof NewerVersionError) {
    const message = 'The profiles were written by a newer version of Topicscope.';
    const hint = 'Update Topicscope, or start it with another --data-dir. The file is left as it is.';
    return {
      profiles: [],
      isRepaired: false,
      readOnly: { message, hint },
      notice: { level: 'error', message, hint, detail: `${path}, schema version ${error.message}` },
    };
  }
  const message = 'The file of your profiles could not be read.';
  const hint = 'Check who owns the file and its folder, then start Topicscope again. Nothing was changed.';
  return {
    profiles: [],
    isRepaired: false,
    readOnly: { message, hint },
    notice: { level: 'error', message, hint, detail: error instanceof Error ? error.message : path },
  };
}

function count(profiles: number): string {
  return profiles === 1 ? '1 profile' : `${profiles} profiles`;
}
