import type { ImportItem } from '#app/contract/operations/transfer.ts';
import type { Profile, VaultFile } from '#app/profile/profile.ts';
import type { Environment } from '#app/profile/variables.ts';
import type { ReadProfile } from './profile-draft.ts';
import type { SourceItem, Sources } from './read-sources.ts';

/** Characters of all items together: they travel in one frame (16 MiB). */
const MAX_REPORT = 8_000_000;

/** The items with their reports cut short once they are more than can be shown. */
export function withinReport(items: readonly ImportItem[], room = MAX_REPORT): readonly ImportItem[] {
  let left = room;
  return items.map((item) => {
    left -= JSON.stringify(item).length;
    return left >= 0
      ? item
      : {
          ...item,
          taken: [],
          warnings: item.warnings.slice(0, 3),
          notTaken: [
            {
              what: 'The report',
              why: 'All of them together are too long. Import fewer files at a time to see it.',
            },
          ],
        };
  });
}

/** The items of the sources held against what is saved already. Names are given out in the order of the items. */
export function planImport(
  { items, environments }: Sources,
  profiles: readonly Profile[],
  known: readonly Environment[],
): readonly ImportItem[] {
  const taken = new Set(profiles.map(({ name }) => name));
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  const byClientId = new Map(
    profiles.flatMap((profile) => (profile.clientId === '' ? [] : [[profile.clientId, profile] as const])),
  );
  return items.map((item) => {
    const { profile, problem } = item.read;
    const newName = uniqueName(profile.name, taken);
    if (problem === undefined) {
      taken.add(newName);
    }
    const existing =
      (item.read.hasOwnId === true ? byId.get(profile.id) : undefined) ?? byName.get(profile.name);
    return {
      itemId: item.itemId,
      file: item.file,
      name: profile.name,
      group: profile.group,
      endpoint: endpointOf(profile),
      taken: item.read.taken,
      notTaken: item.read.notTaken,
      warnings: [
        ...item.read.warnings,
        ...twinWarnings(byClientId.get(profile.clientId), profile),
        ...environmentWarnings(profile, environments, known),
      ],
      ...(existing === undefined ? {} : { existing: existingOf(existing, item.read) }),
      newName,
      ...(problem === undefined ? {} : { problem }),
    };
  });
}

function endpointOf({ protocol, host, port, path, socketPath }: Profile): string {
  if (socketPath !== '') {
    return `${protocol}: ${socketPath}`;
  }
  const name = host.includes(':') ? `[${host}]` : host;
  return `${protocol}://${name}:${port}${protocol === 'ws' || protocol === 'wss' ? path : ''}`;
}

function existingOf(existing: Profile, read: ReadProfile): NonNullable<ImportItem['existing']> {
  const isSame = comparable(existing) === comparable(read.profile) && hasFiles(existing.tls, read.files);
  return { profileId: existing.id, name: existing.name, isSame };
}

type Slots = Pick<Profile['tls'], 'ca' | 'certificate' | 'key'>;

/** Whether every file that comes is there already, by its name. A readable export has no keys: that makes no difference. */
function hasFiles(here: Slots, coming: ReadProfile['files']): boolean {
  const isThere = (file: { readonly fileName: string } | undefined, other: VaultFile | undefined) =>
    file === undefined || file.fileName === other?.fileName;
  return (
    coming.ca.every(({ fileName }) => here.ca.some((file) => file.fileName === fileName)) &&
    isThere(coming.certificate, here.certificate) &&
    isThere(coming.key, here.key)
  );
}

/** A client ID that was made up anew with each reading. */
const madeUp = /^topicscope-[0-9a-z]{8}$/;

/** All settings that two profiles may have in common: no ids, nothing of the vault. */
function comparable(profile: Profile): string {
  const { id: _, passwordRef: _p, secretRefs: _s, subscriptions, rules, tls, clientId, ...rest } = profile;
  const { ca: _c, certificate: _ce, key: _k, passphraseRef: _pa, keyLogFile: _l, ...tlsRest } = tls;
  return JSON.stringify(
    sorted({
      ...rest,
      clientId: madeUp.test(clientId) ? '' : clientId,
      subscriptions: subscriptions.map(({ id: __, ...subscription }) => sorted(subscription)),
      rules: rules.map(({ id: __, codec, ...rule }) => sorted({ ...rule, codec: sorted(codec) })),
      tls: sorted(tlsRest),
    }),
  );
}

/** With its members in the order of their names, so that the order in a file does not count. */
function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A broker throws one of two clients with the same id out. */
function twinWarnings(twin: Profile | undefined, profile: Profile): readonly string[] {
  return twin === undefined || twin.host !== profile.host
    ? []
    : [`“${twin.name}” has the same client ID: only one of them can be connected at a time.`];
}

function environmentWarnings(
  { environmentId }: Profile,
  environments: readonly Environment[],
  known: readonly Environment[],
): readonly string[] {
  if (environmentId === undefined || known.some(({ id }) => id === environmentId)) {
    return [];
  }
  const coming = environments.find(({ id }) => id === environmentId);
  return coming === undefined
    ? ['Its environment is not in the file: choose one under “General”.']
    : [`Its environment “${coming.name}” comes along.`];
}

/** `Plant` → `Plant (2)`, within the length that a name may have. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  const base = name.slice(0, 190);
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) {
    candidate = `${base} (${count})`;
  }
  return candidate;
}

/** Finds the chosen items; `undefined` where one is not there or can't be imported. */
export function itemsById(sources: Sources): ReadonlyMap<string, SourceItem> {
  return new Map(
    sources.items.filter(({ read }) => read.problem === undefined).map((item) => [item.itemId, item]),
  );
}
