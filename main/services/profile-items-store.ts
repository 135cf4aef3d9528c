import { z } from 'zod';
import { Emitter } from '#app/base/event.ts';
import { formatBytes, formatCount } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import { JsonFile, NewerVersionError } from './json-file.ts';
import { Mutex } from './mutex.ts';
import { type Notify, openJsonFile } from './open-json-file.ts';

/** What is stored for profiles: things with an id, in an order. */
interface Item {
  readonly id: string;
}

export interface ProfileItemsOptions<T extends Item> {
  readonly path: string;
  /** Begins sentences: “The jobs”; and stands within them: “jobs”. */
  readonly what: string;
  readonly kind: string;
  /** Of the stored file; raised with each change of shape. */
  readonly version: number;
  /** Makes an item of what was stored; throws when it is none. */
  readonly parse: (stored: unknown) => T;
  /** Of one profile. */
  readonly maxItems: number;
  /** Bytes of all items of one profile: they go to the window in one frame. */
  readonly maxBytes: number;
}

interface StoredFile<T> {
  readonly schemaVersion: number;
  readonly profiles: Readonly<Record<string, readonly T[]>>;
}

const fileSchema = z.object({
  schemaVersion: z.int().min(1),
  profiles: z.record(z.string(), z.array(z.unknown())),
});

/** Lists of things that belong to profiles but lie in a file of their own. What is answered here is on the disk. */
export class ProfileItemsStore<T extends Item> {
  readonly #options: ProfileItemsOptions<T>;
  readonly #file: JsonFile<StoredFile<T>>;
  /** Why nothing may be written: the file is of a newer version, or can't be read. */
  readonly #readOnly: string | undefined;
  readonly #changes = new Mutex();
  readonly #changed = new Emitter<void>();
  #lists: ReadonlyMap<string, readonly T[]>;

  readonly onDidChange = this.#changed.event;

  private constructor(
    options: ProfileItemsOptions<T>,
    file: JsonFile<StoredFile<T>>,
    lists: ReadonlyMap<string, readonly T[]>,
    readOnly: string | undefined,
  ) {
    this.#options = options;
    this.#file = file;
    this.#lists = lists;
    this.#readOnly = readOnly;
  }

  /** Reads the file. One that can't be used is kept aside, what of it can be used is taken over, and both are told. */
  static async open<T extends Item>(
    options: ProfileItemsOptions<T>,
    onNotice: Notify,
  ): Promise<ProfileItemsStore<T>> {
    const { path, what, version, kind } = options;
    const parse = (stored: unknown) => parseFile(stored, version, options.parse);
    const file = new JsonFile<StoredFile<T>>({ path, what, parse });
    const { value, readOnly } = await openJsonFile(
      file,
      {
        kind,
        what,
        salvage: (stored) => ({ schemaVersion: version, profiles: salvage(stored, options.parse) }),
        remedy: (setAside) =>
          `What could be read of it was taken over. The damaged file is kept as ${setAside}.`,
      },
      onNotice,
    );
    return new ProfileItemsStore(options, file, new Map(Object.entries(value?.profiles ?? {})), readOnly);
  }

  list(profileId: string): readonly T[] {
    return this.#lists.get(profileId) ?? [];
  }

  /** Puts an item in the place of the one with its id, or at the end. Throws `KIND.size` and `file.write` failures. */
  keep(profileId: string, item: T): Promise<readonly T[]> {
    return this.keepAll(profileId, [item]);
  }

  keepAll(profileId: string, kept: readonly T[]): Promise<readonly T[]> {
    return this.#change(profileId, (items) => {
      const byId = new Map(items.map((item) => [item.id, item]));
      for (const item of kept) {
        byId.set(item.id, item);
      }
      return [...byId.values()];
    });
  }

  remove(profileId: string, itemId: string): Promise<readonly T[]> {
    return this.#change(profileId, (items) => items.filter(({ id }) => id !== itemId));
  }

  /** The items in the order of their ids, each changed if need be; those that are not named stay behind. */
  order(
    profileId: string,
    itemIds: readonly string[],
    change: (item: T) => T = (item) => item,
  ): Promise<readonly T[]> {
    return this.#change(profileId, (items) => {
      const byId = new Map(items.map((item) => [item.id, item]));
      const named = new Set(itemIds);
      const ordered = [...named].flatMap((itemId) => byId.get(itemId) ?? []);
      return [...ordered, ...items.filter(({ id }) => !named.has(id))].map(change);
    });
  }

  /** Gives a copied profile the items of the one that it was made of, under ids of their own. */
  async copy(fromProfileId: string, toProfileId: string): Promise<void> {
    const items = this.list(fromProfileId);
    if (items.length > 0) {
      await this.#change(toProfileId, () => items.map((item) => ({ ...item, id: crypto.randomUUID() })));
    }
  }

  /** Forgets what belongs to profiles that are gone. */
  retain(profileIds: ReadonlySet<string>): Promise<void> {
    return this.#changes.run(async () => {
      const kept = new Map([...this.#lists].filter(([profileId]) => profileIds.has(profileId)));
      if (kept.size < this.#lists.size && this.#readOnly === undefined) {
        await this.#write(kept);
      }
    });
  }

  flush(): Promise<void> {
    return this.#changes.idle();
  }

  #change(profileId: string, change: (items: readonly T[]) => readonly T[]): Promise<readonly T[]> {
    return this.#changes.run(async () => {
      if (this.#readOnly !== undefined) {
        throw fail('file.write', `Nothing can be saved. ${this.#readOnly}`);
      }
      const next = change(this.list(profileId));
      this.#checkSize(next);
      const lists = new Map(this.#lists);
      if (next.length === 0) {
        lists.delete(profileId);
      } else {
        lists.set(profileId, next);
      }
      await this.#write(lists);
      return next;
    });
  }

  async #write(lists: ReadonlyMap<string, readonly T[]>): Promise<void> {
    const { version } = this.#options;
    await this.#file.write({ schemaVersion: version, profiles: Object.fromEntries(lists) });
    this.#lists = lists;
    this.#changed.fire();
  }

  #checkSize(items: readonly T[]): void {
    const { kind, maxItems, maxBytes } = this.#options;
    if (items.length > maxItems) {
      throw fail(
        `${kind}.size`,
        `A connection can have ${formatCount(maxItems)} ${kind}.`,
        'Remove those that are not needed any more.',
      );
    }
    if (Buffer.byteLength(JSON.stringify(items)) > maxBytes) {
      throw fail(
        `${kind}.size`,
        `The ${kind} of one connection may take ${formatBytes(maxBytes)} together.`,
        'Shorten texts, or remove those that are not needed any more.',
      );
    }
  }
}

function parseFile<T>(stored: unknown, version: number, parse: (stored: unknown) => T): StoredFile<T> {
  const found = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'schemaVersion') : 0;
  if (typeof found === 'number' && found > version) {
    throw new NewerVersionError(String(found));
  }
  const { profiles } = fileSchema.parse(stored);
  return {
    schemaVersion: version,
    profiles: Object.fromEntries(Object.entries(profiles).map(([id, items]) => [id, items.map(parse)])),
  };
}

/** What of a damaged file can be used. */
function salvage<T>(stored: unknown, parse: (stored: unknown) => T): Readonly<Record<string, readonly T[]>> {
  const file = fileSchema.safeParse(stored);
  if (!file.success) {
    return {};
  }
  const usable = (item: unknown): T[] => {
    try {
      return [parse(item)];
    } catch {
      return [];
    }
  };
  return Object.fromEntries(
    Object.entries(file.data.profiles).map(([id, items]) => [id, items.flatMap(usable)]),
  );
}
