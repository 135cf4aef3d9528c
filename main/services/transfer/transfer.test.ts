import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { ContractClient } from '#app/contract/client.ts';
import type { ExportResult, ImportSource } from '#app/contract/operations/transfer.ts';
import { newProfile, newSubscription, newTls } from '#app/profile/defaults.ts';
import type { Profile } from '#app/profile/profile.ts';
import { newRule } from '#app/profile/rules.ts';
import { openFileKeyVault } from '../file-key-vault.ts';
import { failureOf, RunningEngine } from '../running-engine.fixture.ts';
import { dropped, mqttExplorerSample, mqttxSample, samplePem } from './samples.fixture.ts';

// Sealing costs seconds on a busy machine: it is meant to.
vi.setConfig({ testTimeout: 90_000 });

const running = new RunningEngine();
const PASSPHRASE = 'correct horse';
const keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const client = (): ContractClient => running.client;

/** A profile with every kind of thing in the vault. */
async function saveRichProfile(): Promise<Profile> {
  const stage = (fileName: string, text: string) =>
    client().main('certificates.stage', { fileName, bytes: new TextEncoder().encode(text) });
  const ca = await stage('ca.pem', samplePem);
  const certificate = await stage('client.pem', `${samplePem}${keyPem}`);
  const key = await stage('client.key', keyPem);
  const file = ({ ref, fileName }: { ref: string; fileName: string }) => ({ ref, fileName });
  return client().main('profiles.save', {
    profile: newProfile({
      name: 'Rich',
      protocol: 'mqtts',
      host: 'broker.example',
      port: 8883,
      group: 'A/B',
      username: 'ada',
      webSocket: { headers: [{ name: 'X-Key', value: '', secret: true }], subprotocol: '' },
      subscriptions: [newSubscription('a/#', { qos: 1 })],
      tls: newTls({ ca: [file(ca)], certificate: file(certificate), key: file(key) }),
    }),
    password: 'top-secret-password',
    passphrase: 'top-secret-passphrase',
    secrets: { 'header:X-Key': 'top-secret-header' },
  });
}

function sourceOf({ fileName, bytes }: ExportResult, passphrase?: string): ImportSource {
  return { files: [{ name: fileName, bytes }], ...(passphrase === undefined ? {} : { passphrase }) };
}

async function importAll(source: ImportSource, mode: 'add' | 'replace' = 'add') {
  const { items } = await client().main('transfer.preview', source);
  return client().main('transfer.import', {
    ...source,
    choices: items.map(({ itemId }) => ({ itemId, mode })),
  });
}

/** What lies in the vault, as text. */
async function vaultTexts(): Promise<string[]> {
  const vault = await openFileKeyVault({
    directory: running.directory.file('vault'),
    keyPath: running.directory.file('vault.key'),
    onNotice: () => undefined,
  });
  const refs = await vault.list();
  const values = await Promise.all(refs.map((ref) => vault.get(ref)));
  return values.map((bytes) => new TextDecoder().decode(bytes)).toSorted();
}

function textOf({ bytes }: ExportResult): string {
  return new TextDecoder().decode(bytes);
}

describe('an export', () => {
  it('leaves secrets and private keys out, and says so', async () => {
    const profile = await saveRichProfile();
    const result = await client().main('transfer.export', { profileIds: [profile.id] });
    const text = textOf(result);
    for (const secret of ['top-secret', Buffer.from(keyPem).toString('base64').slice(0, 60), 'PRIVATE KEY']) {
      expect(text).not.toContain(secret);
    }
    // A file with certificate and key keeps its certificate only, whatever way it is encoded.
    const stored = JSON.parse(text).profiles[0].files;
    expect(Buffer.from(stored.certificate.base64, 'base64').toString()).not.toContain('PRIVATE KEY');
    expect(Buffer.from(stored.ca[0].base64, 'base64').toString()).toBe(samplePem);
    expect(stored.key).toBeUndefined();
    expect(JSON.stringify(JSON.parse(text).profiles[0].profile)).not.toMatch(/(file|secret)-[0-9a-f]{8}/);
    expect(result.notes.join()).toMatch(/Rich: without .*Client key “client.key”.*Password/);
  });

  it('comes back sealed with everything, under its own id', async () => {
    const profile = await saveRichProfile();
    const before = await vaultTexts();
    const result = await client().main('transfer.export', {
      profileIds: [profile.id],
      passphrase: PASSPHRASE,
    });
    expect(textOf(result)).not.toMatch(/broker\.example|Rich|ada/);
    await client().main('profiles.delete', { profileId: profile.id });
    await running.stop();
    await running.start();
    expect(await running.profiles()).toEqual([]);
    expect(await vaultTexts()).toEqual([]);

    const locked = await client().main('transfer.preview', sourceOf(result));
    expect(locked.files[0]).toMatchObject({
      seal: 'locked',
      items: 0,
      problem: expect.stringMatching(/sealed/),
    });
    const wrong = await client().main('transfer.preview', sourceOf(result, 'wrong horse'));
    expect(wrong.files[0]).toMatchObject({
      seal: 'locked',
      problem: expect.stringMatching(/passphrase does not open/),
    });
    const preview = await client().main('transfer.preview', sourceOf(result, PASSPHRASE));
    expect(preview.items[0]).toMatchObject({
      name: 'Rich',
      notTaken: [],
      endpoint: 'mqtts://broker.example:8883',
    });
    expect(JSON.stringify(preview)).not.toContain('top-secret');

    await importAll(sourceOf(result, PASSPHRASE));
    expect(await vaultTexts()).toEqual(before);
    const [restored] = await running.profiles();
    expect(restored).toMatchObject({ id: profile.id, name: 'Rich', group: 'A/B', username: 'ada' });
    expect(restored?.passwordRef).not.toBe(profile.passwordRef);
    expect(restored?.secretRefs['header:X-Key']).toBeDefined();
  });

  it('refuses short passphrases and unknown profiles', async () => {
    const profile = await running.save({ name: 'A' });
    const short = client().main('transfer.export', { profileIds: [profile.id], passphrase: 'short' });
    expect((await failureOf(short)).code).toBe('contract.input');
    const gone = client().main('transfer.export', { profileIds: ['gone'] });
    expect((await failureOf(gone)).code).toBe('profile.unknown');
  });

  it('takes along the rules, and knows them again', async () => {
    const rules = [newRule('a/+', { label: 'Oven', color: 'red' }), newRule('#', { muted: true })];
    const profile = await running.save({ name: 'A', rules });
    const result = await client().main('transfer.export', { profileIds: [profile.id] });
    const { items } = await client().main('transfer.preview', sourceOf(result));
    expect(items[0]?.taken).toContain('Rules');
    expect(items[0]?.existing?.isSame).toBe(true);
    await client().main('profiles.save', { profile: { ...profile, rules: rules.toReversed() } });
    expect((await client().main('transfer.preview', sourceOf(result))).items[0]?.existing?.isSame).toBe(
      false,
    );
    await client().main('profiles.delete', { profileId: profile.id });
    await importAll(sourceOf(result));
    expect((await running.profiles())[0]?.rules).toEqual(rules);
  });

  it('takes along the environments that are used, and brings them back', async () => {
    const environment = {
      id: crypto.randomUUID(),
      name: 'Site A',
      variables: [{ name: 'site', value: 'a' }],
    };
    await client().main('environments.save', { environment });
    const profile = await running.save({
      name: 'A',
      host: '{{site}}.example',
      environmentId: environment.id,
    });
    const result = await client().main('transfer.export', { profileIds: [profile.id] });
    expect(result.notes.join()).toContain('“Site A”');
    await client().main('profiles.delete', { profileId: profile.id });
    await client().main('environments.delete', { environmentId: environment.id });
    const { importId } = await importAll(sourceOf(result));
    const again = await client().main('transfer.export', { profileIds: [profile.id] });
    expect(JSON.parse(textOf(again)).environments).toEqual([environment]);
    await client().main('transfer.undo', { importId });
    expect(await running.profiles()).toEqual([]);
  });
});

describe('an import', () => {
  it('keeps both, with another name and another id', async () => {
    const profile = await saveRichProfile();
    const result = await client().main('transfer.export', {
      profileIds: [profile.id],
      passphrase: PASSPHRASE,
    });
    const source = sourceOf(result, PASSPHRASE);
    const { items } = await client().main('transfer.preview', source);
    expect(items[0]).toMatchObject({
      newName: 'Rich (2)',
      existing: { profileId: profile.id, name: 'Rich', isSame: true },
    });
    expect(items[0]?.warnings.join()).toContain('same client ID');
    await importAll(source);
    const [first, second] = await running.profiles();
    expect(first).toEqual(profile);
    expect(second).toMatchObject({ name: 'Rich (2)', host: 'broker.example' });
    expect(second?.id).not.toBe(profile.id);
    // Nothing is shared: deleting one does not take anything from the other.
    expect(second?.tls.ca[0]?.ref).not.toBe(first?.tls.ca[0]?.ref);
  });

  it('replaces, without handing what is stored here to another host, and is undone whole', async () => {
    const profile = await saveRichProfile();
    const before = await vaultTexts();
    const file = { format: 'topicscope-connections', formatVersion: 1, profileSchemaVersion: 2 };
    const evil = {
      ...file,
      profiles: [
        {
          // References into this vault, to be sent to another host.
          profile: { ...profile, host: 'evil.example', tls: { ...profile.tls, keyLogFile: '/tmp/keys' } },
        },
      ],
    };
    const source = { files: [dropped('evil.json', evil)] };
    const { items } = await client().main('transfer.preview', source);
    expect(items[0]?.existing).toMatchObject({ profileId: profile.id, isSame: false });
    expect(items[0]?.notTaken.map(({ what }) => what)).toEqual(['Password', 'TLS key log /tmp/keys']);
    const { importId, replaced } = await importAll(source, 'replace');
    expect(replaced).toBe(1);
    const [now] = await running.profiles();
    expect(now).toMatchObject({
      id: profile.id,
      host: 'evil.example',
      secretRefs: {},
      tls: { ca: [], keyLogFile: '' },
    });
    expect(now?.passwordRef).toBeUndefined();
    expect(now?.tls.certificate).toBeUndefined();
    expect(now?.tls.passphraseRef).toBeUndefined();

    await running.save({ name: 'Another save tidies up' });
    await client().main('transfer.undo', { importId });
    expect(await running.profiles()).toEqual([
      profile,
      expect.objectContaining({ name: 'Another save tidies up' }),
    ]);
    expect(await vaultTexts()).toEqual(before);
    expect((await failureOf(client().main('transfer.undo', { importId }))).code).toBe('transfer.undo');
  });

  it('drops what it replaced once it can’t be undone any more', async () => {
    const profile = await saveRichProfile();
    const plain = await client().main('transfer.export', { profileIds: [profile.id] });
    await importAll(sourceOf(plain), 'replace');
    expect((await vaultTexts()).join()).toContain('top-secret-password');
    await running.stop();
    await running.start();
    expect((await vaultTexts()).join()).not.toContain('top-secret');
  });

  it('puts certificates and passwords of other tools into the vault, and undo takes them out', async () => {
    const source = { files: [dropped('settings.json', mqttExplorerSample)] };
    const { importId, profiles } = await importAll(source);
    expect(profiles.map(({ name }) => name)).toEqual(['Plant', 'Before version 1']);
    expect(await vaultTexts()).toEqual([samplePem, samplePem, 'a key', 'päss'].toSorted());
    await client().main('transfer.undo', { importId });
    expect(await vaultTexts()).toEqual([]);
  });

  it('knows again what was imported before, and what only lacks its secrets', async () => {
    const explorer = { files: [dropped('settings.json', mqttExplorerSample)] };
    await importAll(explorer);
    const again = await client().main('transfer.preview', explorer);
    expect(again.items.map(({ existing }) => existing?.isSame)).toEqual([true, true]);
    const rich = await saveRichProfile();
    const readable = sourceOf(await client().main('transfer.export', { profileIds: [rich.id] }));
    expect((await client().main('transfer.preview', readable)).items[0]?.existing?.isSame).toBe(true);
    await client().main('profiles.save', { profile: { ...rich, port: 1 } });
    expect((await client().main('transfer.preview', readable)).items[0]?.existing?.isSame).toBe(false);
  });

  it('takes the chosen ones only, and none where one can’t be', async () => {
    const source = { files: [dropped('data.json', mqttxSample)] };
    const bad = client().main('transfer.import', {
      ...source,
      choices: [
        { itemId: '0.0', mode: 'add' },
        { itemId: '0.7', mode: 'add' },
      ],
    });
    expect((await failureOf(bad)).code).toBe('transfer.item');
    expect(await running.profiles()).toEqual([]);
    await client().main('transfer.import', { ...source, choices: [{ itemId: '0.1', mode: 'add' }] });
    expect((await running.profiles()).map(({ name }) => name)).toEqual(['Old release']);
  });

  it('says what a newer or damaged export is', async () => {
    const newer = { format: 'topicscope-connections', formatVersion: 2, sealed: 'who knows' };
    const schema = {
      format: 'topicscope-connections',
      formatVersion: 1,
      profileSchemaVersion: 99,
      profiles: [],
    };
    const damaged = {
      format: 'topicscope-connections',
      formatVersion: 1,
      profileSchemaVersion: 2,
      profiles: {},
    };
    const one = {
      format: 'topicscope-connections',
      formatVersion: 1,
      profileSchemaVersion: 2,
      profiles: [{ profile: { name: 'X', port: 'y' } }],
    };
    const { files, items } = await client().main('transfer.preview', {
      files: [newer, schema, damaged, one].map((content, at) => dropped(`${at}.json`, content)),
    });
    expect(files.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/newer version/),
      expect.stringMatching(/newer version/),
      expect.stringMatching(/damaged at profiles/),
      undefined,
    ]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ name: 'X', problem: expect.stringMatching(/can’t be used/) });
  });

  it('reads exports of schema version 1', async () => {
    const { webSocket: _, credentials: __, group: ___, tls, ...old } = newProfile({ name: 'Old' });
    const { trust: _t, alpn: _a, serverName: _s, keyLogFile: _k, ...oldTls } = tls;
    const file = { schemaVersion: 1, profiles: [{ ...old, tls: oldTls }] };
    await importAll({ files: [dropped('profiles.json', file)] });
    expect((await running.profiles())[0]).toMatchObject({ name: 'Old', group: '' });
  });

  it('gives a pasted command line a profile', async () => {
    const source = { files: [], commandLine: "mosquitto_sub -h h.example -t 'a/#' -u u -P pw" };
    const { items } = await client().main('transfer.preview', source);
    expect(items).toHaveLength(1);
    await importAll(source);
    expect((await running.profiles())[0]).toMatchObject({ name: 'h.example:1883', username: 'u' });
    expect(await vaultTexts()).toEqual(['pw']);
  });
});
