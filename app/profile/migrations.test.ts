import { describe, expect, it } from 'vitest';
import { newProfile } from './defaults.ts';
import { migrateProfiles } from './migrations.ts';
import { profileSchema } from './profile.ts';
import { newRule } from './rules.ts';

/** A profile as schema version 1 stored it. */
function storedV1(ca: readonly object[]): object {
  const { rules, group, autoConnect, askCredentials, guard, secretRefs, webSocket, socketPath, ...kept } =
    newProfile({ name: 'Plant', username: 'joe' });
  const { addressFamily, credentials, ...rest } = kept;
  return { ...rest, tls: { verify: false, ca } };
}

describe('migrateProfiles', () => {
  it('brings version 1 to the current one and keeps what it held', () => {
    const migrated = migrateProfiles({ schemaVersion: 1, profiles: [storedV1([])] });
    expect(migrated.kind).toBe('current');
    const profile = profileSchema.parse(migrated.kind === 'current' ? migrated.profiles[0] : undefined);
    expect(profile).toMatchObject({ name: 'Plant', username: 'joe', group: '', guard: 'none' });
    expect(profile.tls).toMatchObject({ verify: false, trust: { system: true, bundled: true } });
  });

  it('gives version 2 an empty table of rules', () => {
    const { rules: _, schemas: __, ...stored } = newProfile({ name: 'Plant' });
    const migrated = migrateProfiles({ schemaVersion: 2, profiles: [stored] });
    const profile = profileSchema.parse(migrated.kind === 'current' ? migrated.profiles[0] : undefined);
    expect(profile).toEqual({ ...stored, rules: [], schemas: [] });
  });

  it('gives version 3 an empty list of schemas, and keeps those of the current one', () => {
    const { schemas: _, ...stored } = newProfile({ name: 'Plant' });
    const read = (schemaVersion: number, profile: object) => {
      const migrated = migrateProfiles({ schemaVersion, profiles: [profile] });
      return profileSchema.parse(migrated.kind === 'current' ? migrated.profiles[0] : undefined);
    };
    expect(read(3, stored)).toEqual({ ...stored, schemas: [] });
    const schemas = [
      {
        id: 's',
        name: 'Plant',
        kind: 'protobuf',
        files: [
          { path: 'a.proto', text: 'message A {}' },
          { path: 'b.desc', base64: 'CgA=' },
        ],
      },
    ];
    expect(read(4, { ...stored, schemas }).schemas).toEqual(schemas);
  });

  it('keeps the rules of the current version as they are', () => {
    const rules = [
      newRule('a/+', {
        label: 'Lab',
        color: 'teal',
        unit: '°C',
        codec: { id: 'template', template: 'u8 a' },
      }),
    ];
    const migrated = migrateProfiles({ schemaVersion: 3, profiles: [newProfile({ rules })] });
    const profile = profileSchema.parse(migrated.kind === 'current' ? migrated.profiles[0] : undefined);
    expect(profile.rules).toEqual(rules);
  });

  it('goes on trusting only the own CA where there was one', () => {
    const migrated = migrateProfiles({
      schemaVersion: 1,
      profiles: [storedV1([{ ref: 'file-a', fileName: 'ca.pem' }])],
    });
    const profile = profileSchema.parse(migrated.kind === 'current' ? migrated.profiles[0] : undefined);
    expect(profile.tls.trust).toEqual({ system: false, bundled: false });
    expect(profile.tls.ca).toHaveLength(1);
  });

  it('leaves files of a later release alone', () => {
    expect(migrateProfiles({ schemaVersion: 99, profiles: [] })).toEqual({ kind: 'newer', version: 99 });
  });
});
