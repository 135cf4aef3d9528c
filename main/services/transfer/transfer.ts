import { formatBytes } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import {
  type ExportResult,
  type ImportPreview,
  type ImportResult,
  type ImportSource,
  MAX_IMPORT_FILE,
} from '#app/contract/operations/transfer.ts';
import type { Profile } from '#app/profile/profile.ts';
import type { Environment } from '#app/profile/variables.ts';
import type { EnvironmentStore } from '../environment-store.ts';
import type { ProfileStore } from '../profile-store.ts';
import type { SecretKeeper } from '../secret-keeper.ts';
import type { SessionRegistry } from '../session-registry.ts';
import { contentOf, FILE_FORMAT, FILE_VERSION, type WholeProfile } from './connections-file.ts';
import { itemsById, planImport, uniqueName, withinReport } from './plan.ts';
import { readSources, type SourceItem, type Sources } from './read-sources.ts';
import { readWhole } from './read-whole.ts';
import { seal } from './seal.ts';

export interface TransferParts {
  readonly profiles: ProfileStore;
  readonly environments: EnvironmentStore;
  readonly secrets: SecretKeeper;
  readonly sessions: SessionRegistry;
}

interface Choice {
  readonly itemId: string;
  readonly mode: 'add' | 'replace';
}

/** What one import did, for as long as it can be undone. */
interface Done {
  readonly importId: string;
  readonly added: readonly string[];
  /** As they were before. */
  readonly replaced: readonly Profile[];
  readonly environments: readonly string[];
}

/** Imports that can be undone; each keeps the secrets of what it replaced. */
const MAX_UNDO = 20;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Brings profiles out of this data directory and into it. */
export class Transfer {
  readonly #parts: TransferParts;
  #done: readonly Done[] = [];

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  /** Profiles that an undo may bring back: their secrets are still needed. */
  get kept(): readonly Profile[] {
    return this.#done.flatMap(({ replaced }) => replaced);
  }

  /** One file with the chosen profiles. Throws `profile.unknown`, `transfer.size` and `vault.*` failures. */
  async export(profileIds: readonly string[], passphrase: string | undefined): Promise<ExportResult> {
    const { profiles, environments, secrets } = this.#parts;
    const withSecrets = passphrase !== undefined;
    const whole: WholeProfile[] = [];
    for (const profileId of new Set(profileIds)) {
      whole.push(await readWhole(profiles.require(profileId), secrets, withSecrets));
    }
    const used = new Set(whole.map(({ profile }) => profile.environmentId));
    const alongside = environments.all.filter(({ id }) => used.has(id));
    const content = contentOf(whole, alongside, { withSecrets });
    const head = { format: FILE_FORMAT, formatVersion: FILE_VERSION };
    const encoder = new TextEncoder();
    const file =
      passphrase === undefined
        ? { ...head, createdAt: new Date().toISOString(), ...content }
        : { ...head, sealed: await seal(encoder.encode(JSON.stringify(content)), passphrase) };
    const bytes = encoder.encode(`${JSON.stringify(file, undefined, 2)}\n`);
    if (bytes.length > MAX_IMPORT_FILE) {
      throw fail(
        'transfer.size',
        `The file would take ${formatBytes(bytes.length)}; ${formatBytes(MAX_IMPORT_FILE)} can be read again.`,
        'Choose fewer connections at a time.',
      );
    }
    const day = new Date().toISOString().slice(0, 10);
    return {
      fileName: `topicscope-connections-${day}${withSecrets ? '-sealed' : ''}.json`,
      bytes,
      notes: [
        ...content.profiles.flatMap(({ leftOut }, index) =>
          leftOut.length === 0 ? [] : [`${whole[index]?.profile.name ?? ''}: without ${leftOut.join(', ')}`],
        ),
        ...(withSecrets ? [] : alongside.map(readableVariables)),
      ],
    };
  }

  async preview(source: ImportSource): Promise<ImportPreview> {
    const sources = await readSources(source);
    return { files: sources.files, items: withinReport(this.#plan(sources)) };
  }

  /** Keeps the chosen items: all of them, or none. Throws `transfer.item` and the failures of saving. */
  async import(source: ImportSource, choices: readonly Choice[]): Promise<ImportResult> {
    const { profiles, environments, secrets, sessions } = this.#parts;
    const sources = await readSources(source);
    const found = itemsById(sources);
    const plan = new Map(this.#plan(sources).map((item) => [item.itemId, item]));
    const ids = new Set(profiles.all.map(({ id }) => id));
    const names = new Set(profiles.all.map(({ name }) => name));
    const replacedIds = new Set<string>();
    const chosen = new Map(choices.map((choice) => [choice.itemId, choice.mode]));
    const entries = [...chosen].map(([itemId, mode]) => {
      const item = found.get(itemId);
      if (item === undefined) {
        throw fail(
          'transfer.item',
          'What was to be imported is not there any more.',
          'Drop the files again.',
        );
      }
      const existing = plan.get(itemId)?.existing;
      const target = mode === 'replace' ? existing?.profileId : undefined;
      if (target !== undefined && !replacedIds.has(target)) {
        replacedIds.add(target);
        return { item, profile: { ...item.read.profile, id: target } };
      }
      const profile = asNew(item, ids, uniqueName(item.read.profile.name, names));
      ids.add(profile.id);
      names.add(profile.name);
      return { item, profile };
    });
    for (const { profile } of entries) {
      if (sessions.find(profile.id) !== undefined) {
        sessions.checkRoom(profile);
      }
    }
    const created = await this.#bringEnvironments(sources.environments, entries);
    const has = new Set(environments.all.map(({ id }) => id));
    const importId = crypto.randomUUID();
    let replaced: readonly Profile[] = [];
    try {
      const saved = await secrets.saveAll(
        entries.map(({ item, profile }) => ({
          profile: withEnvironment(profile, has),
          files: item.read.files,
          secrets: item.read.secrets,
        })),
        async (complete) => {
          await profiles.rearrange((all) => {
            const next = new Map(complete.map((profile) => [profile.id, profile]));
            const known = new Set(all.map(({ id }) => id));
            replaced = all.filter(({ id }) => next.has(id));
            return [
              ...all.map((profile) => next.get(profile.id) ?? profile),
              ...complete.filter(({ id }) => !known.has(id)),
            ];
          });
          // Kept from now on: what nobody names is tidied up right after this.
          const before = new Set(replaced.map(({ id }) => id));
          const added = complete.map(({ id }) => id).filter((id) => !before.has(id));
          this.#done = [...this.#done, { importId, added, replaced, environments: created }].slice(-MAX_UNDO);
        },
      );
      for (const profile of saved) {
        sessions.setProfile(profile, false);
      }
      return {
        importId,
        profiles: saved.map(({ id, name }) => ({ profileId: id, name })),
        replaced: replaced.length,
      };
    } catch (error) {
      await this.#removeEnvironments(created);
      throw error;
    }
  }

  /** Throws `transfer.undo` where the import is not known (any more). */
  async undo(importId: string): Promise<void> {
    const { profiles, sessions, secrets } = this.#parts;
    const done = this.#done.find((one) => one.importId === importId);
    if (done === undefined) {
      throw fail(
        'transfer.undo',
        'This import can no longer be undone.',
        'Delete what is not wanted from the list of connections.',
      );
    }
    const added = new Set(done.added);
    const before = new Map(done.replaced.map((profile) => [profile.id, profile]));
    await profiles.rearrange((all) => {
      const there = new Set(all.map(({ id }) => id));
      return [
        ...all.filter(({ id }) => !added.has(id)).map((profile) => before.get(profile.id) ?? profile),
        ...done.replaced.filter(({ id }) => !there.has(id)),
      ];
    });
    this.#done = this.#done.filter((one) => one !== done);
    for (const profileId of added) {
      sessions.orphan(profileId);
    }
    for (const profile of done.replaced) {
      sessions.setProfile(profile, false);
    }
    await this.#removeEnvironments(done.environments);
    await secrets.tidy();
  }

  #plan(sources: Sources): ImportPreview['items'] {
    return planImport(sources, this.#parts.profiles.all, this.#parts.environments.all);
  }

  /** Creates those environments of the file that the chosen profiles use and that are not here. */
  async #bringEnvironments(
    environments: readonly Environment[],
    entries: readonly { readonly profile: Profile }[],
  ): Promise<readonly string[]> {
    const store = this.#parts.environments;
    const wanted = new Set(entries.map(({ profile }) => profile.environmentId));
    const created: string[] = [];
    for (const environment of environments) {
      if (wanted.has(environment.id) && store.get(environment.id) === undefined) {
        const names = new Set(store.all.map(({ name }) => name));
        await store.save({ ...environment, name: uniqueName(environment.name, names) });
        created.push(environment.id);
      }
    }
    return created;
  }

  /** Those that no profile uses. */
  async #removeEnvironments(environmentIds: readonly string[]): Promise<void> {
    const { profiles, environments } = this.#parts;
    const used = new Set(profiles.all.map(({ environmentId }) => environmentId));
    for (const id of environmentIds) {
      if (!used.has(id) && environments.get(id) !== undefined) {
        await environments.delete(id);
      }
    }
  }
}

function readableVariables({ name }: Environment): string {
  return `The variables of the environment “${name}” are in the file, readable for everybody.`;
}

/** Under the file's id where that is free, so that an export that comes back is the same profile again. */
function asNew({ read }: SourceItem, ids: ReadonlySet<string>, name: string): Profile {
  const { id } = read.profile;
  const isFree = read.hasOwnId === true && uuid.test(id) && !ids.has(id);
  return { ...read.profile, id: isFree ? id : crypto.randomUUID(), name };
}

function withEnvironment(profile: Profile, known: ReadonlySet<string>): Profile {
  const { environmentId, ...rest } = profile;
  return environmentId !== undefined && known.has(environmentId) ? profile : rest;
}
