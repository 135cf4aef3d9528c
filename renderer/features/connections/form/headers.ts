import type { Profile, SecretName } from '#app/profile/profile.ts';
import type { SecretChange } from './draft.ts';

type Header = Profile['webSocket']['headers'][number];
type Secrets = Readonly<Partial<Record<SecretName, SecretChange>>>;

/** What the form holds of the headers: the rows, what the vault keeps, what changes there. */
export interface HeaderDraft {
  readonly headers: readonly Header[];
  readonly secretRefs: Profile['secretRefs'];
  readonly secrets: Secrets;
}

/** A change of the rows with what it means for the vault; of the secrets only those that it touches. */
export interface HeaderChange {
  readonly headers: Header[];
  readonly secrets: Secrets;
}

/**
 * Changes a row: a new name takes its typed secret along, a switch to secret moves the open value into the secrets and
 * back. `undefined` removes the row.
 */
export function changeHeader(
  draft: HeaderDraft,
  index: number,
  patch: Partial<Header> | undefined,
): HeaderChange {
  const before = draft.headers[index];
  if (before === undefined) {
    return { headers: [...draft.headers], secrets: {} };
  }
  const typed = headerValue(draft, before);
  if (patch === undefined) {
    return settled(
      draft,
      draft.headers.filter((_, at) => at !== index),
      new Map(),
    );
  }
  const { value, ...rest } = patch;
  const after = { ...before, ...rest };
  const content = value ?? typed;
  // Without a name there is no place for a secret yet: it waits in the row, which can't be saved without one.
  const isHidden = after.secret && after.name !== '';
  const row = { ...after, value: isHidden ? '' : content };
  return settled(
    draft,
    draft.headers.map((header, at) => (at === index ? row : header)),
    new Map(isHidden ? [[after.name, content]] : []),
  );
}

/** What a row shows: of a secret one only what was typed. */
export function headerValue({ secrets }: Pick<HeaderDraft, 'secrets'>, header: Header): string {
  return header.secret && header.name !== '' ? (secrets[secretNameOf(header.name)] ?? '') : header.value;
}

/** `header:X-Key`; of a named header only. */
export function secretNameOf(name: string): SecretName {
  return `header:${name}`;
}

/** Goes through all names that are known and says what becomes of each: kept, replaced or removed. */
function settled(draft: HeaderDraft, headers: Header[], typed: ReadonlyMap<string, string>): HeaderChange {
  const wanted = new Set(headers.filter(({ secret }) => secret).map(({ name }) => secretNameOf(name)));
  const secrets: Partial<Record<SecretName, SecretChange>> = {};
  const known = [...Object.keys(draft.secretRefs), ...Object.keys(draft.secrets)] as SecretName[];
  for (const name of known.filter((entry) => entry.startsWith('header:'))) {
    if (!wanted.has(name)) {
      secrets[name] = draft.secretRefs[name] === undefined ? undefined : null;
    } else if (draft.secrets[name] === null) {
      secrets[name] = undefined;
    }
  }
  for (const [name, value] of typed) {
    // An empty field keeps what the vault has.
    secrets[secretNameOf(name)] = value === '' ? undefined : value;
  }
  return { headers, secrets };
}
