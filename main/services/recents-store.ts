import { z } from 'zod';
import type { RecentPublish } from '#app/contract/operations/main.ts';
import { publishFormats, publishPropertiesSchema, qosSchema } from '#app/profile/profile.ts';
import { JsonFile } from './json-file.ts';
import { Mutex } from './mutex.ts';

const MAX_RECENTS = 50;
/** Characters of payload text kept per profile: fifty large payloads would make every publish a large write. */
const MAX_TEXT = 512 * 1024;

const storedProperties = publishPropertiesSchema.extend({
  /** JSON has no bytes: hex. */
  correlationData: z
    .string()
    .regex(/^([0-9a-f]{2})*$/)
    .optional(),
});
const fileSchema = z.object({
  recents: z.record(
    z.string(),
    z.array(
      z.object({
        topic: z.string(),
        format: z.enum(publishFormats),
        text: z.string(),
        qos: qosSchema,
        retain: z.boolean(),
        properties: storedProperties,
        at: z.number(),
      }),
    ),
  ),
});
type StoredFile = z.infer<typeof fileSchema>;
type Stored = StoredFile['recents'][string][number];

/** What was published lately, per profile, newest first, so that it can be recalled. */
export class RecentsStore {
  readonly #file: JsonFile<StoredFile>;
  readonly #writes = new Mutex();
  readonly #recents: Map<string, readonly RecentPublish[]>;
  #pending: Promise<void> | undefined;

  private constructor(file: JsonFile<StoredFile>, recents: Map<string, readonly RecentPublish[]>) {
    this.#file = file;
    this.#recents = recents;
  }

  /** A file that can't be used is set aside: what was published lately is a convenience, not worth a notice. */
  static async open(path: string): Promise<RecentsStore> {
    const file = new JsonFile<StoredFile>({
      path,
      what: 'Recent messages',
      parse: (value) => fileSchema.parse(value),
    });
    const state = await file.read().catch(() => ({ kind: 'missing' }) as const);
    const stored = state.kind === 'good' || state.kind === 'restored' ? state.value.recents : {};
    return new RecentsStore(
      file,
      new Map(Object.entries(stored).map(([profileId, recents]) => [profileId, recents.map(fromStored)])),
    );
  }

  list(profileId: string): readonly RecentPublish[] {
    return this.#recents.get(profileId) ?? [];
  }

  /** The same message sent again moves to the front instead of filling the list. Throws a `file.write` failure. */
  add(profileId: string, recent: RecentPublish): Promise<void> {
    const key = keyOf(recent);
    const others = this.list(profileId).filter((other) => keyOf(other) !== key);
    let text = 0;
    const kept = [recent, ...others].slice(0, MAX_RECENTS).filter((entry, index) => {
      text += entry.text.length;
      return index === 0 || text <= MAX_TEXT;
    });
    this.#recents.set(profileId, kept);
    return this.#save();
  }

  /** Forgets what belongs to profiles that are gone. */
  async retain(profileIds: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#recents.keys()].filter((profileId) => !profileIds.has(profileId));
    for (const profileId of gone) {
      this.#recents.delete(profileId);
    }
    if (gone.length > 0) {
      await this.#save();
    }
  }

  flush(): Promise<void> {
    return this.#writes.idle();
  }

  #save(): Promise<void> {
    this.#pending ??= this.#writes.run(() => {
      this.#pending = undefined;
      return this.#file.write({
        recents: Object.fromEntries([...this.#recents].map(([id, recents]) => [id, recents.map(toStored)])),
      });
    });
    return this.#pending;
  }
}

function keyOf({ at: _, ...recent }: RecentPublish): string {
  return JSON.stringify(toStored({ ...recent, at: 0 }));
}

function toStored(recent: RecentPublish): Stored {
  const { correlationData, ...properties } = recent.properties;
  const hex =
    correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData).toString('hex') };
  return { ...recent, properties: { ...properties, ...hex } };
}

function fromStored(stored: Stored): RecentPublish {
  const { correlationData, ...properties } = stored.properties;
  const bytes =
    correlationData === undefined
      ? {}
      : { correlationData: new Uint8Array(Buffer.from(correlationData, 'hex')) };
  return { ...stored, properties: { ...properties, ...bytes } };
}
