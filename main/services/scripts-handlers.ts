import type { contract } from '#app/contract/contract.ts';
import type { Notice } from '#app/contract/feeds/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { MAX_SCRIPTS, type Script, scriptSchema } from '#app/script/script.ts';
import { ProfileItemsStore } from './profile-items-store.ts';

/** Version of the stored file; raised with each change of shape. */
const STORED_VERSION = 1;
const MAX_BYTES = 4_000_000;

export type ScriptsStore = ProfileItemsStore<Script>;

/** Reads `scripts.json`. What is wrong with it is told through `onNotice`. */
export function openScripts(
  path: string,
  onNotice: (notice: Omit<Notice, 'id' | 'at'>) => void,
): Promise<ScriptsStore> {
  return ProfileItemsStore.open<Script>(
    {
      path,
      what: 'The scripts',
      kind: 'scripts',
      version: STORED_VERSION,
      parse: (stored) => scriptSchema.parse(stored),
      maxItems: MAX_SCRIPTS,
      maxBytes: MAX_BYTES,
    },
    onNotice,
  );
}

type Handlers = OperationHandlers<typeof contract.main.operations>;

/** What the operations on kept scripts do. */
export function scriptsHandlers(
  scripts: ScriptsStore,
): Pick<Handlers, Extract<keyof Handlers, `scripts.${string}`>> {
  return {
    'scripts.keep': ({ profileId, script }) => scripts.keep(profileId, script),
    'scripts.remove': ({ profileId, scriptId }) => scripts.remove(profileId, scriptId),
    'scripts.order': ({ profileId, scriptIds }) => scripts.order(profileId, scriptIds),
  };
}
