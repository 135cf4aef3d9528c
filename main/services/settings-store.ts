import type { z } from 'zod';
import { Emitter } from '#app/base/event.ts';
import { fail } from '#app/contract/failure.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import { type Settings, type settingsPatchSchema, settingsSchema } from '#app/contract/settings.ts';
import { JsonFile, NewerVersionError } from './json-file.ts';
import { Mutex } from './mutex.ts';

/** As the contract's patch, the password of the proxy stored already. */
export type SettingsChange = Omit<z.output<typeof settingsPatchSchema>, 'proxy'> & {
  readonly proxy?: Settings['proxy'] | undefined;
};

/** Chosen views kept at most; the oldest go. */
const MAX_VIEWS = 2000;
const MAX_LAYOUT_ENTRIES = 500;
/** Bytes of the layout in JSON: it is a handful of sizes, not a store. */
const MAX_LAYOUT_BYTES = 512 * 1024;
const VERSION = 1;

/** The settings of the app and the layout. Changes show at once; writes run one at a time and take the newest state. */
export class SettingsStore {
  readonly #file: JsonFile<Settings>;
  readonly #writes = new Mutex();
  readonly #changed = new Emitter<void>();
  #settings: Settings;
  #pending: Promise<void> | undefined;
  #isWritable = true;

  readonly onDidChange = this.#changed.event;

  private constructor(file: JsonFile<Settings>, settings: Settings) {
    this.#file = file;
    this.#settings = settings;
  }

  static async open(
    path: string,
    onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
  ): Promise<SettingsStore> {
    const file = new JsonFile<Settings>({ path, what: 'The settings', parse });
    const defaults = settingsSchema.parse({});
    try {
      const state = await file.read();
      if (state.kind === 'good') {
        return new SettingsStore(file, state.value);
      }
      if (state.kind === 'restored') {
        return new SettingsStore(file, state.value);
      }
      if (state.kind === 'damaged') {
        onNotice({
          level: 'warning',
          message: 'The file of your settings was damaged. The settings begin anew.',
          hint: `The damaged file is kept as ${state.setAside}.`,
          detail: `${path}: ${state.reason}`,
        });
      }
      return new SettingsStore(file, defaults);
    } catch (error) {
      const isNewer = error instanceof NewerVersionError;
      onNotice({
        level: 'warning',
        message: isNewer
          ? 'The settings were written by a newer version of Topicscope.'
          : 'The file of your settings could not be read.',
        hint: 'Changes to settings and layout are not kept in this run. The file is left as it is.',
        detail: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      });
      const store = new SettingsStore(file, defaults);
      store.#isWritable = false;
      return store;
    }
  }

  get current(): Settings {
    return this.#settings;
  }

  /** False: the file could not be read and may hold more than is known here. */
  get isComplete(): boolean {
    return this.#isWritable;
  }

  /** Throws a `file.write` failure when it could not be kept; it holds for this run nevertheless. */
  async change(patch: SettingsChange): Promise<Settings> {
    const next: Settings = {
      theme: patch.theme ?? this.#settings.theme,
      layout: merge(this.#settings.layout, patch.layout, MAX_LAYOUT_ENTRIES),
      views: merge(this.#settings.views, patch.views, MAX_VIEWS),
      proxy: patch.proxy ?? this.#settings.proxy,
    };
    if (patch.layout !== undefined && JSON.stringify(next.layout).length > MAX_LAYOUT_BYTES) {
      throw fail('settings.layout', 'The layout is too large to be kept.');
    }
    this.#settings = next;
    this.#changed.fire();
    await this.#save();
    return this.#settings;
  }

  flush(): Promise<void> {
    return this.#writes.idle();
  }

  /** Joins a write that has not begun yet: dragging a splitter makes many changes and few writes. */
  #save(): Promise<void> {
    if (!this.#isWritable) {
      return Promise.resolve();
    }
    this.#pending ??= this.#writes.run(() => {
      this.#pending = undefined;
      return this.#file.write({ schemaVersion: VERSION, ...this.#settings } as Settings);
    });
    return this.#pending;
  }
}

function parse(stored: unknown): Settings {
  if (typeof stored === 'object' && stored !== null && 'schemaVersion' in stored) {
    const { schemaVersion } = stored;
    if (typeof schemaVersion === 'number' && schemaVersion > VERSION) {
      throw new NewerVersionError(String(schemaVersion));
    }
  }
  return settingsSchema.parse(stored);
}

/** Merges by key; a removed or replaced entry moves to the end, and the front goes when there are too many. */
function merge<T>(
  current: Readonly<Record<string, T>>,
  patch: Readonly<Record<string, T | null | undefined>> | undefined,
  limit: number,
): Record<string, T> {
  const entries = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(patch ?? {})) {
    entries.delete(key);
    if (value !== null && value !== undefined) {
      entries.set(key, value);
    }
  }
  return Object.fromEntries([...entries].slice(-limit));
}
