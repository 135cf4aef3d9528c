import { z } from 'zod';
import { Emitter } from '#app/base/event.ts';
import { formatBytes, formatCount } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import { type Profile, profileSchema } from '#app/profile/profile.ts';
import {
  ENVIRONMENT_SCHEMA_VERSION,
  type Environment,
  environmentSchema,
  type FilledProfile,
  missingVariableText,
  resolveProfile,
  variablesOf,
} from '#app/profile/variables.ts';
import { JsonFile, NewerVersionError } from './json-file.ts';
import { Mutex } from './mutex.ts';
import { type Notify, openJsonFile } from './open-json-file.ts';

/** All environments go to the window in one frame (16 MiB). */
const MAX_BYTES = 4_000_000;
const MAX_ENVIRONMENTS = 200;

interface StoredFile {
  readonly schemaVersion: number;
  readonly environments: readonly Environment[];
}

/** The environments, in the order in which they were made. What is read here is on the disk. */
export class EnvironmentStore {
  readonly #file: JsonFile<StoredFile>;
  /** Why nothing may be written: the file is of a newer version, or can't be read. */
  readonly #readOnly: string | undefined;
  readonly #changes = new Mutex();
  readonly #changed = new Emitter<void>();
  #environments: readonly Environment[];

  readonly onDidChange = this.#changed.event;

  private constructor(
    file: JsonFile<StoredFile>,
    environments: readonly Environment[],
    readOnly: string | undefined,
  ) {
    this.#file = file;
    this.#environments = environments;
    this.#readOnly = readOnly;
  }

  /** Reads `environments.json`. A file that can't be used is kept, and told through `onNotice`. */
  static async open(path: string, onNotice: Notify): Promise<EnvironmentStore> {
    const file = new JsonFile<StoredFile>({ path, what: 'The environments', parse });
    const { value, readOnly } = await openJsonFile(
      file,
      {
        kind: 'environments',
        what: 'The environments',
        salvage: () => undefined,
        remedy: (setAside) =>
          `The damaged file is kept as ${setAside}. Put back a good copy of environments.json and start again, or enter the variables anew.`,
      },
      onNotice,
    );
    return new EnvironmentStore(file, value?.environments ?? [], readOnly);
  }

  get all(): readonly Environment[] {
    return this.#environments;
  }

  get(environmentId: string | undefined): Environment | undefined {
    return this.#environments.find(({ id }) => id === environmentId);
  }

  /** Creates (at the end) or replaces by id. Throws `environment.name`, `environment.size` and `file.write` failures. */
  async save(environment: Environment): Promise<Environment> {
    await this.#change((environments) => {
      if (environments.some(({ id, name }) => id !== environment.id && name === environment.name)) {
        throw fail(
          'environment.name',
          `There is an environment “${environment.name}” already.`,
          'Give this one another name.',
        );
      }
      return environments.some(({ id }) => id === environment.id)
        ? environments.map((other) => (other.id === environment.id ? environment : other))
        : [...environments, environment];
    });
    return environment;
  }

  /** Throws `environment.unknown` and `file.write` failures. */
  delete(environmentId: string): Promise<void> {
    return this.#change((environments) => {
      const others = environments.filter(({ id }) => id !== environmentId);
      if (others.length === environments.length) {
        throw fail(
          'environment.unknown',
          'The environment is not there any more.',
          'It may have been deleted in another window.',
        );
      }
      return others;
    });
  }

  /** The profile with the variables of its environment, as far as there are any; the others are named. */
  fill(profile: Profile): FilledProfile {
    const environment = this.get(profile.environmentId);
    return { ...resolveProfile(profile, variablesOf(environment)), environment };
  }

  /** The profile as it connects. Throws `environment.gone`, `environment.variable` and `environment.value` failures. */
  apply(profile: Profile): Profile {
    const { profile: filled, missing } = this.fill(profile);
    const first = missing[0];
    if (first !== undefined) {
      const environment = this.get(profile.environmentId);
      throw environment === undefined && profile.environmentId !== undefined
        ? fail(
            'environment.gone',
            `The environment of this connection was deleted; its variable {{${first.name}}} has no value.`,
            'Open the profile and choose another environment under General.',
            first.field,
          )
        : fail(
            'environment.variable',
            missingVariableText(first.name, environment),
            'Add the variable under “Environments”, or open the profile and take it out.',
            missing.map(({ field, name }) => `${field}: {{${name}}}`).join('\n'),
          );
    }
    const parsed = profileSchema.safeParse(filled);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw fail(
        'environment.value',
        'With its variables filled in, this connection can’t be used.',
        'Check the values under “Environments”.',
        `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      );
    }
    return filled;
  }

  flush(): Promise<void> {
    return this.#changes.idle();
  }

  #change(change: (environments: readonly Environment[]) => readonly Environment[]): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#readOnly !== undefined) {
        throw fail('file.write', `Nothing can be saved. ${this.#readOnly}`);
      }
      const next = change(this.#environments);
      checkSize(next);
      await this.#file.write({ schemaVersion: ENVIRONMENT_SCHEMA_VERSION, environments: next });
      this.#environments = next;
      this.#changed.fire();
    });
  }
}

const fileSchema = z.object({ schemaVersion: z.int().min(1), environments: z.array(environmentSchema) });

function parse(stored: unknown): StoredFile {
  const version = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'schemaVersion') : 0;
  if (typeof version === 'number' && version > ENVIRONMENT_SCHEMA_VERSION) {
    throw new NewerVersionError(String(version));
  }
  const file = fileSchema.parse(stored);
  const seen = new Set<string>();
  // A file edited by hand may hold a copied environment: both stay, the later one under an id of its own.
  const environments = file.environments.map((environment) => {
    const unique = seen.has(environment.id) ? { ...environment, id: crypto.randomUUID() } : environment;
    seen.add(unique.id);
    return unique;
  });
  return { schemaVersion: ENVIRONMENT_SCHEMA_VERSION, environments };
}

function checkSize(environments: readonly Environment[]): void {
  if (environments.length > MAX_ENVIRONMENTS) {
    throw fail(
      'environment.size',
      `There can be ${formatCount(MAX_ENVIRONMENTS)} environments.`,
      'Delete those that are not needed any more.',
    );
  }
  const size = Buffer.byteLength(JSON.stringify(environments));
  if (size > MAX_BYTES) {
    throw fail(
      'environment.size',
      `All environments together may take ${formatBytes(MAX_BYTES)}; these take ${formatCount(size)} bytes.`,
      'Shorten values, or delete environments that are not needed any more.',
    );
  }
}
