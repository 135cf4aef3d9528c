import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { newProfile } from '#app/profile/defaults.ts';
import { migrateProfiles } from '#app/profile/migrations.ts';
import {
  PROFILE_SCHEMA_VERSION,
  type Profile,
  profileSchema,
  secretNameSchema,
} from '#app/profile/profile.ts';
import { type Environment, environmentSchema } from '#app/profile/variables.ts';
import type { DraftFile, DraftFiles, DraftSecrets, ReadProfile } from './profile-draft.ts';
import { sealedSchema } from './seal.ts';
import { isObject, type Json, member } from './values.ts';

/** docs/formats/connections-file.md describes all of this. */
export const FILE_FORMAT = 'topicscope-connections';
export const FILE_VERSION = 1;

const MAX_PROFILES = 2000;
const fileSchema = z.object({ fileName: z.string().max(255), base64: z.string() });
const secretText = z.string().max(65_535);

const entrySchema = z.object({
  /** Checked on its own, so that one bad profile does not hide the others. */
  profile: z.unknown(),
  files: z
    .object({
      ca: z.array(fileSchema).max(100).default([]),
      certificate: fileSchema.optional(),
      key: fileSchema.optional(),
    })
    .default({ ca: [] }),
  secrets: z
    .object({
      password: secretText.optional(),
      passphrase: secretText.optional(),
      named: z.partialRecord(secretNameSchema, secretText).default({}),
    })
    .default({ named: {} }),
  /** What the profile has and the file has not: names for the report. */
  leftOut: z.array(z.string().max(300)).max(1000).default([]),
});

const contentSchema = z.object({
  profileSchemaVersion: z.int().min(1),
  profiles: z.array(entrySchema).max(MAX_PROFILES),
  environments: z.array(environmentSchema).max(1000).default([]),
});

/** What an export holds, once it is unsealed. */
export type Content = z.infer<typeof contentSchema>;

const outerSchema = z.object({
  format: z.literal(FILE_FORMAT),
  formatVersion: z.int().min(1),
  sealed: sealedSchema.optional(),
});

/** A profile with all that the vault has of it. */
export interface WholeProfile {
  readonly profile: Profile;
  readonly files: DraftFiles;
  readonly secrets: DraftSecrets;
  /** What the vault should have and has not. */
  readonly lost: readonly string[];
}

/** The content of an export. Without `withSecrets` only certificates go along, no key and no secret. */
export function contentOf(
  profiles: readonly WholeProfile[],
  environments: readonly Environment[],
  { withSecrets }: { readonly withSecrets: boolean },
): Content {
  return {
    profileSchemaVersion: PROFILE_SCHEMA_VERSION,
    profiles: profiles.map((whole) => entryOf(whole, withSecrets)),
    environments: [...environments],
  };
}

function entryOf(
  { profile, files, secrets, lost }: WholeProfile,
  withSecrets: boolean,
): z.infer<typeof entrySchema> {
  const leftOut = [...lost];
  const store = (what: string, file: DraftFile) => {
    const bytes = withSecrets ? file.bytes : publicPart(file.bytes);
    if (bytes === undefined || bytes.length < file.bytes.length) {
      leftOut.push(`${what} “${file.fileName}”${bytes === undefined ? '' : ', its private part'}`);
    }
    return bytes === undefined
      ? []
      : [{ fileName: file.fileName, base64: Buffer.from(bytes).toString('base64') }];
  };
  const ca = files.ca.flatMap((file) => store('CA certificate', file));
  const [certificate] = files.certificate === undefined ? [] : store('Client certificate', files.certificate);
  if (files.key !== undefined && !withSecrets) {
    leftOut.push(`Client key “${files.key.fileName}”`);
  }
  const [key] = files.key === undefined || !withSecrets ? [] : store('Client key', files.key);
  if (!withSecrets) {
    leftOut.push(...namesOf(secrets));
  }
  return {
    profile: withoutRefs(profile),
    files: {
      ca,
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
    secrets: withSecrets ? { ...secrets, named: { ...secrets.named } } : { named: {} },
    leftOut,
  };
}

function namesOf({ password, passphrase, named }: DraftSecrets): readonly string[] {
  return [
    ...(password === undefined ? [] : ['Password']),
    ...(passphrase === undefined ? [] : ['Passphrase of the key']),
    ...Object.keys(named).map(secretWords),
  ];
}

/** `awsSecretAccessKey` → `Aws secret access key`. */
function secretWords(name: string): string {
  if (name.startsWith('header:')) {
    return `Value of the header ${name.slice('header:'.length)}`;
  }
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

const certificateBlock = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]*?-----END \1-----/g;

/** The certificates of a file and nothing else of it; `undefined` where there are none that are surely public. */
export function publicPart(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  if (text.includes('-----BEGIN ')) {
    const blocks = text.match(certificateBlock) ?? [];
    // A file of certificates alone stays as it is, with what was written between them.
    const isPublic = (text.match(/-----BEGIN /g) ?? []).length === blocks.length;
    return blocks.length === 0
      ? undefined
      : isPublic
        ? bytes
        : new TextEncoder().encode(`${blocks.join('\n')}\n`);
  }
  try {
    return new Uint8Array(new X509Certificate(bytes).raw);
  } catch {
    // No certificate: a container with a key in it, or something unknown. Neither may leave unsealed.
    return undefined;
  }
}

/** The profile without anything that only means something in this vault. */
function withoutRefs(profile: Profile): Profile {
  const { passwordRef: _, ...rest } = profile;
  const { certificate: __, key: ___, passphraseRef: ____, ...tls } = rest.tls;
  return { ...rest, secretRefs: {}, tls: { ...tls, ca: [] } };
}

/** What a file with our `format` is, before its content is read. */
export type Outer =
  | { readonly kind: 'plain'; readonly content: Content }
  | { readonly kind: 'sealed'; readonly sealed: z.infer<typeof sealedSchema> }
  | { readonly kind: 'problem'; readonly problem: string };

/** True for an export of Topicscope, whatever state it is in, and for a `profiles.json` of its data directory. */
export function isConnectionsFile(json: Json): boolean {
  return member(json, 'format') === FILE_FORMAT || isProfilesFile(json);
}

function isProfilesFile(json: Json): boolean {
  return typeof member(json, 'schemaVersion') === 'number' && Array.isArray(member(json, 'profiles'));
}

export function readOuter(json: Json): Outer {
  if (isProfilesFile(json)) {
    const profiles = member(json, 'profiles');
    return readContent({
      profileSchemaVersion: member(json, 'schemaVersion'),
      profiles: Array.isArray(profiles) ? profiles.map((profile: unknown) => ({ profile })) : [],
    });
  }
  const version = member(json, 'formatVersion');
  if (typeof version === 'number' && version > FILE_VERSION) {
    return { kind: 'problem', problem: 'It was written by a newer version of Topicscope. Update this one.' };
  }
  const outer = outerSchema.safeParse(json);
  if (!outer.success) {
    return damaged(outer.error);
  }
  return outer.data.sealed === undefined ? readContent(json) : { kind: 'sealed', sealed: outer.data.sealed };
}

export function readContent(json: Json): Outer {
  const content = contentSchema.safeParse(json);
  if (!content.success) {
    return damaged(content.error);
  }
  return content.data.profileSchemaVersion > PROFILE_SCHEMA_VERSION
    ? { kind: 'problem', problem: 'It was written by a newer version of Topicscope. Update this one.' }
    : { kind: 'plain', content: content.data };
}

function damaged(error: z.ZodError): Outer {
  const issue = error.issues[0];
  const place = issue?.path.join('.') ?? '';
  return {
    kind: 'problem',
    problem: `It is an export of Topicscope, but damaged${place === '' ? '' : ` at ${place}`}: ${issue?.message ?? 'not valid'}.`,
  };
}

/** The profiles of an export with their reports. */
export function readEntries(content: Content): readonly ReadProfile[] {
  return content.profiles.map((entry) => readEntry(entry, content.profileSchemaVersion));
}

function readEntry(entry: Content['profiles'][number], schemaVersion: number): ReadProfile {
  const migrated = migrateProfiles({ schemaVersion, profiles: [entry.profile] });
  const stored = migrated.kind === 'current' ? migrated.profiles[0] : undefined;
  const parsed = profileSchema.safeParse(stored);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = member(stored, 'name');
    return {
      profile: newProfile({ name: typeof name === 'string' && name !== '' ? name.slice(0, 200) : 'Unknown' }),
      files: { ca: [] },
      secrets: { named: {} },
      taken: [],
      notTaken: [],
      warnings: [],
      problem: isObject(stored)
        ? `The field ${issue?.path.join('.') ?? ''} can’t be used: ${issue?.message ?? 'not valid'}`
        : 'It is no connection.',
    };
  }
  const files = filesOf(entry);
  const { password, passphrase, named } = entry.secrets;
  // What refers into a vault is never taken from a file: it would give away secrets that lie here already.
  const profile = withoutRefs(parsed.data);
  const { keyLogFile } = profile.tls;
  const hadRefs = parsed.data.passwordRef !== undefined && password === undefined;
  return {
    profile: { ...profile, tls: { ...profile.tls, keyLogFile: '' } },
    files,
    secrets: {
      named,
      ...(password === undefined ? {} : { password }),
      ...(passphrase === undefined ? {} : { passphrase }),
    },
    taken: [
      'All settings',
      ...(profile.subscriptions.length === 0 ? [] : ['Subscriptions']),
      ...(profile.rules.length === 0 ? [] : ['Rules']),
      ...(profile.schemas.length === 0 ? [] : ['Schemas']),
      ...[...files.ca, files.certificate, files.key].flatMap((file) =>
        file === undefined ? [] : [`“${file.fileName}”`],
      ),
      ...namesOf({
        named,
        ...(password === undefined ? {} : { password }),
        ...(passphrase === undefined ? {} : { passphrase }),
      }),
    ],
    notTaken: [
      ...(entry.leftOut.length === 0 && hadRefs
        ? [{ what: 'Password', why: 'The file does not hold it. Enter it in the profile.' }]
        : []),
      ...entry.leftOut.map((what) => ({ what, why: 'The file does not hold it. Enter it in the profile.' })),
      ...(keyLogFile === ''
        ? []
        : [{ what: `TLS key log ${keyLogFile}`, why: 'No file may say where Topicscope writes keys to.' }]),
    ],
    warnings: warningsOf(profile),
    hasOwnId: true,
  };
}

function warningsOf({ tls, protocol, autoConnect }: Profile): readonly string[] {
  const usesTls = protocol === 'mqtts' || protocol === 'wss';
  return [
    ...(usesTls && !tls.verify
      ? ['It does not check who the server is: “Verify server certificate” is off.']
      : []),
    ...(usesTls && tls.pin !== undefined
      ? [`It trusts one certificate, whoever issued it: ${tls.pin.subject.slice(0, 200)}`]
      : []),
    ...(autoConnect ? ['It connects when Topicscope starts.'] : []),
  ];
}

function filesOf({ files }: Content['profiles'][number]): DraftFiles {
  const read = ({ fileName, base64 }: z.infer<typeof fileSchema>): DraftFile => ({
    fileName,
    bytes: new Uint8Array(Buffer.from(base64, 'base64')),
  });
  return {
    ca: files.ca.map(read),
    ...(files.certificate === undefined ? {} : { certificate: read(files.certificate) }),
    ...(files.key === undefined ? {} : { key: read(files.key) }),
  };
}
