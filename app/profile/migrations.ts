import { PROFILE_SCHEMA_VERSION } from './profile.ts';

/** Stored JSON before it is checked: whatever a file held. */
type Stored = Readonly<Record<string, unknown>>;

/**
 * Step `n` turns a stored profile of schema version `n` into one of version `n + 1`. Add a step with each raise of
 * {@link PROFILE_SCHEMA_VERSION}, and never change an old one: files of every version are out there.
 */
const steps: Readonly<Record<number, (profile: Stored) => Stored>> = {
  // Groups, guards, credentials of clouds, proxies and the finer points of TLS.
  1: (profile) => ({
    group: '',
    autoConnect: false,
    askCredentials: false,
    guard: 'none',
    secretRefs: {},
    webSocket: { headers: [], subprotocol: '' },
    socketPath: '',
    addressFamily: 'any',
    credentials: { kind: 'password' },
    ...profile,
    tls: {
      // With a CA of one's own only that one was trusted before; it stays so.
      trust: hasOwnCa(profile.tls) ? { system: false, bundled: false } : { system: true, bundled: true },
      alpn: [],
      serverName: '',
      keyLogFile: '',
      ...(typeof profile.tls === 'object' ? profile.tls : {}),
    },
  }),
  // Rules for how messages are shown.
  2: (profile) => ({ rules: [], ...profile }),
  // Schemas of Protobuf and Avro, which rules may refer to.
  3: (profile) => ({ schemas: [], ...profile }),
  // The birth message.
  4: (profile) => ({
    birth: { enabled: false, topic: '', payload: '', format: 'text', qos: 0, retain: false },
    ...profile,
  }),
};

function hasOwnCa(tls: unknown): boolean {
  return typeof tls === 'object' && tls !== null && 'ca' in tls && Array.isArray(tls.ca) && tls.ca.length > 0;
}

/** Tells what became of a stored profile file. */
export type Migrated =
  | { readonly kind: 'current'; readonly profiles: readonly unknown[] }
  /** Written by a later release: it must be left as it is. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Brings a stored profile file to the current version. The profiles still have to be parsed with the schema. */
export function migrateProfiles(stored: unknown): Migrated {
  if (typeof stored !== 'object' || stored === null) {
    return { kind: 'invalid', reason: 'The file holds no object.' };
  }
  const version = 'schemaVersion' in stored ? stored.schemaVersion : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { kind: 'invalid', reason: 'The file names no schema version.' };
  }
  if (version > PROFILE_SCHEMA_VERSION) {
    return { kind: 'newer', version };
  }
  const profiles = 'profiles' in stored ? stored.profiles : undefined;
  if (!Array.isArray(profiles)) {
    return { kind: 'invalid', reason: 'The file holds no list of profiles.' };
  }
  return { kind: 'current', profiles: profiles.map((profile: unknown) => migrateProfile(profile, version)) };
}

function migrateProfile(profile: unknown, from: number): unknown {
  let current = profile;
  for (let version = from; version < PROFILE_SCHEMA_VERSION; version += 1) {
    const step = steps[version];
    if (step !== undefined && typeof current === 'object' && current !== null) {
      current = step(current as Stored);
    }
  }
  return current;
}
