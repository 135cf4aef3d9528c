import { formatBytes, formatCount } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import type { ProfileSummary } from '#app/contract/feeds/main.ts';
import type { Profile } from '#app/profile/profile.ts';
import { schemaBytes, schemasProblem } from '#app/profile/schemas.ts';

/**
 * What keeps each feed of the contract that carries profiles within one frame (16 MiB): one profile with room to
 * spare, the summaries of all even where each is as long as it may be (5.3 kB), and those of all open tabs.
 */
const MAX_PROFILE_BYTES = 1_000_000;
const MAX_PROFILES = 2000;
const MAX_OPEN_BYTES = 12_000_000;
/** Characters of client ID and user name in a summary. */
const MAX_SUMMARY_TEXT = 200;

/** Profiles are never changed in place. */
const sizes = new WeakMap<Profile, number>();

export function summarize(profile: Profile): ProfileSummary {
  const { id, name, color, group, autoConnect, guard, protocol, host, port, environmentId } = profile;
  return {
    id,
    name,
    color,
    group,
    autoConnect,
    guard,
    protocol,
    host,
    port,
    path: profile.path.slice(0, 500),
    clientId: profile.clientId.slice(0, MAX_SUMMARY_TEXT),
    username: profile.username.slice(0, MAX_SUMMARY_TEXT),
    ...(environmentId === undefined ? {} : { environmentId }),
  };
}

/** Throws `profile.size` for a profile that is too large to be shown and edited, `schemas.size` where its schemas are. */
export function checkProfileSize(profile: Profile): void {
  const problem = schemasProblem(profile.schemas);
  if (problem !== undefined) {
    throw fail('schemas.size', problem, 'Leave out files that are not needed, or remove a schema.');
  }
  const size = sizeOf(profile);
  if (size > MAX_PROFILE_BYTES) {
    throw fail(
      'profile.size',
      `A connection may take ${formatBytes(MAX_PROFILE_BYTES)}; this one takes ${formatCount(size)} bytes.`,
      'Shorten the payload or the properties of the last will, or remove subscriptions or rules.',
    );
  }
}

/** Throws `profile.count` when there are more profiles than before and too many, `profile.size` as above. */
export function checkProfiles(before: readonly Profile[], now: readonly Profile[]): void {
  if (now.length > MAX_PROFILES && now.length > before.length) {
    throw fail(
      'profile.count',
      `There can be ${formatCount(MAX_PROFILES)} saved connections.`,
      'Delete those that are not needed any more.',
    );
  }
  const known = new Set(before);
  for (const profile of now) {
    if (!known.has(profile)) {
      checkProfileSize(profile);
    }
  }
}

/** Throws `session.room` when the profiles of all open tabs are together too large, `profile.size` as above. */
export function checkOpenProfiles(others: readonly Profile[], profile: Profile): void {
  checkProfileSize(profile);
  const size = [...others, profile].reduce((sum, other) => sum + sizeOf(other) + schemasSizeOf(other), 0);
  if (size > MAX_OPEN_BYTES) {
    throw fail(
      'session.room',
      `The connections of all open tabs may take ${formatBytes(MAX_OPEN_BYTES)}; these would take ${formatCount(size)} bytes.`,
      'Close a tab, remove schemas, or shorten the payloads of last wills.',
    );
  }
}

/** Bytes of the schemas at most: some are in Base64. */
function schemasSizeOf({ schemas }: Profile): number {
  return schemas.reduce((sum, schema) => sum + Math.ceil((schemaBytes(schema) * 4) / 3), 0);
}

/** Bytes as JSON without schemas, which MessagePack does not exceed by more than a few per field. */
function sizeOf(profile: Profile): number {
  let size = sizes.get(profile);
  if (size === undefined) {
    const { schemas: _, ...rest } = profile;
    size = Buffer.byteLength(JSON.stringify(rest));
    sizes.set(profile, size);
  }
  return size;
}
