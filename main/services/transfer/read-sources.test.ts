import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importKinds, MAX_IMPORT_TOTAL } from '#app/contract/operations/transfer.ts';
import { profileSchema } from '#app/profile/profile.ts';
import { planImport, withinReport } from './plan.ts';
import { readSources } from './read-sources.ts';
import {
  dropped,
  mqttExplorerSample,
  mqttFxSample,
  mqttSpySample,
  mqttxSample,
  samplePem,
} from './samples.fixture.ts';

async function read(...files: { name: string; bytes: Uint8Array }[]) {
  const sources = await readSources({ files });
  return { files: sources.files, reads: sources.items.map((item) => item.read) };
}

describe('MQTT Explorer', () => {
  it('gives host, WebSocket path, TLS, credentials, subscriptions and embedded certificates', async () => {
    const { files, reads } = await read(dropped('settings.json', mqttExplorerSample));
    expect(files[0]).toMatchObject({ kind: 'mqtt-explorer', items: 2 });
    const [plant, old] = reads;
    expect(plant?.profile).toMatchObject({
      name: 'Plant',
      protocol: 'wss',
      host: 'broker.plant.example',
      port: 9443,
      path: '/mqtt/ws',
      username: 'ada',
      clientId: 'explorer-ada',
      mqttVersion: '3.1.1',
      tls: { verify: false, trust: { system: false, bundled: false } },
    });
    expect(plant?.secrets.password).toBe('päss');
    expect(plant?.files.ca).toEqual([
      { fileName: 'plant-ca.crt', bytes: new TextEncoder().encode(samplePem) },
    ]);
    expect(plant?.files.key?.fileName).toBe('ada.key');
    expect(plant?.profile.subscriptions.map(({ filter, qos }) => [filter, qos])).toEqual([
      ['plant/#', 1],
      ['$SYS/#', 0],
    ]);
    expect(plant?.notTaken.map(({ what }) => what)).toEqual(['Subscription “bad/#/filter”']);
    expect(plant?.warnings.join()).toContain('Verify server certificate');
    expect(old?.profile.subscriptions.map(({ filter }) => filter)).toEqual(['#']);
    expect(old?.profile.clientId).toMatch(/^topicscope-/);
  });

  it('is recognised by the bare dictionary of connections too', async () => {
    const { files } = await read(dropped('x', mqttExplorerSample.ConnectionManager_connections));
    expect(files[0]).toMatchObject({ kind: 'mqtt-explorer', items: 2 });
  });
});

describe('MQTTX', () => {
  it('gives folders, MQTT 5 properties, will and subscriptions, and names the files that are missing', async () => {
    const { files, reads } = await read(dropped('data.json', mqttxSample));
    expect(files[0]).toMatchObject({ kind: 'mqttx', items: 2 });
    const [line, old] = reads;
    expect(line?.profile).toMatchObject({
      name: 'Line A',
      group: 'Factory/Line A',
      protocol: 'mqtts',
      port: 8883,
      keepAlive: 30,
      connectTimeout: 10,
      clean: false,
      mqttVersion: '5.0',
      sessionExpiryInterval: 3600,
      mqtt5: {
        receiveMaximum: 10,
        userProperties: [
          { key: 'site', value: 'A' },
          { key: 'tag', value: 'x' },
          { key: 'tag', value: 'y' },
        ],
      },
      will: { enabled: true, topic: 'line/gone', payload: 'yes', qos: 1, retain: true, delayInterval: 5 },
      subscriptions: [
        {
          filter: 'line/+',
          qos: 2,
          noLocal: true,
          retainAsPublished: false,
          retainHandling: 1,
          color: 'green',
        },
        { filter: 'a', enabled: false },
        { filter: 'b', enabled: false },
      ],
    });
    expect(line?.notTaken.map(({ what }) => what)).toEqual([
      'Time stamp in the client ID',
      'CA certificate C:\\certs\\line-ca.crt',
      'Client certificate /home/bob/bob.crt',
      'Client key /home/bob/bob.key',
      'Topic alias maximum',
      'Names of subscriptions',
      '1 message',
    ]);
    expect(line?.notTaken[1]?.why).toContain('Drop “line-ca.crt” here too');
    expect(old?.profile).toMatchObject({
      protocol: 'mqtts',
      connectTimeout: 4,
      sessionExpiryInterval: 60,
      reconnect: { enabled: false },
    });
    expect(old?.notTaken).toEqual([]);
  });

  it('takes certificates that are dropped along, whatever the capitals of their names', async () => {
    const { files, reads } = await read(
      dropped('LINE-CA.crt', samplePem),
      dropped('data.json', mqttxSample),
      dropped('stray.pem', samplePem),
    );
    expect(reads[0]?.files.ca.map(({ fileName }) => fileName)).toEqual(['LINE-CA.crt']);
    expect(files[0]?.notes).toEqual(['Taken into the connections that name it.']);
    expect(files[2]?.notes).toEqual(['No connection names this file, so it is not used.']);
  });

  it('reads one connection, and folders with their children inside', async () => {
    const one = mqttxSample[2];
    expect((await read(dropped('one.json', one))).reads).toHaveLength(1);
    const nested = [{ id: 'f', name: 'F', isCollection: true, children: [one] }];
    expect((await read(dropped('n.json', nested))).reads[0]?.profile.group).toBe('F');
  });
});

describe('MQTT.fx', () => {
  it('gives what its profiles hold, and names every entry that is not known', async () => {
    const { files, reads } = await read(dropped('mqttfx-config.xml', mqttFxSample));
    expect(files[0]).toMatchObject({ kind: 'mqttfx', items: 2 });
    const [profile, plain] = reads;
    expect(profile?.profile).toMatchObject({
      name: 'M2M & more',
      protocol: 'mqtts',
      host: 'fx.example',
      port: 8883,
      clientId: 'MQTT_FX_Client',
      username: 'carol',
      connectTimeout: 30,
      keepAlive: 45,
      clean: false,
      mqttVersion: '3.1',
      will: { enabled: true, topic: 'fx/gone', payload: 'bye', qos: 2, retain: true },
      proxy: { kind: 'http', host: 'proxy.example', port: 3128 },
      subscriptions: [{ filter: 'fx/#', enabled: false, color: 'red' }],
    });
    expect(profile?.secrets).toEqual({ password: 'fx-secret', named: { proxyPassword: 'pp' } });
    expect(profile?.notTaken.map(({ what }) => what)).toEqual([
      'CA certificate /opt/fx/line-ca.crt',
      '1 recent publish topic',
      '1 predefined message',
      'maxinflight',
    ]);
    expect(plain?.profile).toMatchObject({ protocol: 'mqtt', host: 'plain.example', port: 1884 });
  });
});

describe('mqtt-spy', () => {
  it('gives groups, credentials, TLS, will and subscriptions', async () => {
    const { files, reads } = await read(dropped('mqtt-spy-configuration.xml', mqttSpySample));
    expect(files[0]).toMatchObject({ kind: 'mqtt-spy', items: 2 });
    const [spy, web] = reads;
    expect(spy?.profile).toMatchObject({
      name: 'spy',
      group: 'Tests',
      protocol: 'mqtts',
      host: 'spy.example',
      port: 8884,
      mqttVersion: '3.1',
      clientId: 'spy-1',
      username: 'dan',
      askCredentials: true,
      autoConnect: true,
      clean: false,
      connectTimeout: 20,
      keepAlive: 15,
      reconnect: { enabled: true, minDelay: 5 },
      will: { enabled: true, topic: 'spy/gone', payload: 'bye', qos: 1, retain: true },
      subscriptions: [{ filter: 'spy/#', qos: 2, enabled: true }],
    });
    expect(spy?.secrets).toEqual({ password: 'spy-pass', passphrase: 'key-pass', named: {} });
    expect(spy?.notTaken.map(({ what }) => what)).toEqual([
      'Server ssl://spare.example:8884',
      'CA certificate /opt/line-ca.crt',
      'Client certificate /opt/dan.crt',
      'Client key /opt/dan.key',
      'TLS protocol TLSv1.2',
      '1 publication topic',
      'MaxMessagesStored',
    ]);
    expect(web?.profile).toMatchObject({
      name: 'web.example:8080',
      protocol: 'ws',
      reconnect: { enabled: false },
      subscriptions: [{ filter: 'web/#', enabled: false }],
    });
  });
});

describe('files that are something else', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['empty', '', /is empty/],
    ['other JSON', '{"hello":"world"}', /none of the files/],
    ['other XML', '<html><body/></html>', /none of the files/],
    ['plain text', 'hello', /none of the files/],
    ['cut off JSON', '{"ConnectionManager_connections":{', /cut off or damaged/],
    ['cut off XML', '<configuration><connectionProfiles>', /not well-formed/],
    ['no connections', '{"ConnectionManager_connections":{}}', /holds no connection/],
    [
      'entities',
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><configuration><connectionProfiles>&a;</connectionProfiles></configuration>',
      /document type declaration/,
    ],
    ['deep XML', '<a>'.repeat(100_000), /nested deeper/],
    ['deep JSON', '['.repeat(100_000), /cut off or damaged/],
  ];
  it.each(cases)('%s: says what is wrong', async (_name, content, expected) => {
    const { files, reads } = await read(dropped('file', content));
    expect(files[0]?.problem).toMatch(expected);
    expect(reads).toEqual([]);
  });

  it('reads the others all the same', async () => {
    const { files, reads } = await read(dropped('a', '{'), dropped('b', mqttExplorerSample));
    expect(files.map(({ problem }) => problem === undefined)).toEqual([false, true]);
    expect(reads).toHaveLength(2);
  });

  it('refuses more than can be read at once', async () => {
    const bytes = new Uint8Array(MAX_IMPORT_TOTAL / 2 + 1);
    const files = [1, 2].map((at) => ({ name: `${at}`, bytes }));
    await expect(readSources({ files })).rejects.toMatchObject({ failure: { code: 'transfer.size' } });
  });

  it('reads UTF-16 and a byte order mark', async () => {
    const text = JSON.stringify(mqttExplorerSample);
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
    const marked = new TextEncoder().encode(`\ufeff${text}`);
    for (const bytes of [utf16, marked]) {
      expect((await read({ name: 'x', bytes })).reads).toHaveLength(2);
    }
  });

  it('sees keys such as __proto__ as names only', async () => {
    const text = `{"ConnectionManager_connections":{"__proto__":{"type":"mqtt","host":"h","port":1,"__proto__":{"polluted":true}},
      "constructor":{"type":"mqtt","host":"i","port":2,"name":"n"}}}`;
    const { reads } = await read(dropped('x', text));
    expect(reads.map(({ profile }) => profile.host)).toEqual(['h', 'i']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    const mqttx =
      '{"name":"x","clientId":"c","host":"h","port":1,"mqttVersion":"5.0","properties":{"userProperties":{"__proto__":"v"}}}';
    expect((await read(dropped('y', mqttx))).reads[0]?.profile.mqtt5.userProperties).toEqual([
      { key: '__proto__', value: 'v' },
    ]);
  });

  it('looks at no more subscriptions and items than there can be', async () => {
    const topic = Array.from({ length: 200_000 }, (_, at) => `t${at}`).join(',');
    const one = {
      name: 'x',
      clientId: 'c',
      host: 'h',
      port: 1,
      mqttVersion: '5.0',
      subscriptions: [{ topic }],
    };
    const { reads } = await read(dropped('x', one));
    expect(reads[0]?.profile.subscriptions).toHaveLength(1000);
    expect(reads[0]?.notTaken).toEqual([
      { what: 'Further subscriptions', why: 'A connection can have 1,000 subscriptions.' },
    ]);
    const many = Array.from({ length: 2100 }, () => ({ ...one, subscriptions: [] }));
    const { files, reads: all } = await read(dropped('y', many));
    expect(all).toHaveLength(2000);
    expect(files[0]?.notes.join()).toContain('2,000');
  });

  it('cuts reports that are too long to be sent', async () => {
    const { items } = await readSources({ files: [dropped('x', mqttxSample)] });
    const plan = planImport({ files: [], items, environments: [] }, [], []);
    expect(withinReport(plan)).toEqual(plan);
    expect(withinReport(plan, 0)[0]?.notTaken.map(({ what }) => what)).toEqual(['The report']);
  });

  it('says what can’t be used instead of taking it', async () => {
    const bad = {
      a: { type: 'mqtt', host: 'h', port: 99_999, name: 'n'.repeat(500), username: ['x'] },
      b: { type: 'mqtt', host: '' },
    };
    const { reads } = await read(dropped('x', bad));
    expect(reads[0]?.notTaken[0]).toMatchObject({ what: 'Port 99999' });
    expect(reads[0]?.profile).toMatchObject({ port: 1883, username: '' });
    expect(reads[1]?.problem).toBe('It names no host.');
  });
});

const samples = [
  ['MQTT Explorer', JSON.stringify(mqttExplorerSample)],
  ['MQTTX', JSON.stringify(mqttxSample)],
  ['MQTT.fx', mqttFxSample],
  ['mqtt-spy', mqttSpySample],
  ['a command', "mosquitto_sub -h h -p 1883 -u u -P 'p q' -t a/# -D connect user-property a b"],
] as const;

/** Cuts, doubles and replaces pieces of a text. */
const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(20),
    text: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('null', '[]', '{}', '-1', '"', '<', '>', '&', '1e999', 'true', '\0', '\ud800', "'"),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

async function expectAnAnswer(bytes: Uint8Array): Promise<void> {
  const { files, items } = await readSources({ files: [{ name: 'x', bytes }] });
  expect(importKinds).toContain(files[0]?.kind);
  expect(files[0]?.problem !== undefined || files[0]?.kind === 'certificate' || items.length > 0).toBe(true);
  for (const { read } of items) {
    // What is offered for import is always a sound profile.
    expect(read.problem !== undefined || profileSchema.safeParse(read.profile).success).toBe(true);
  }
}

describe('any input', () => {
  it.each(samples)('gives an answer for damaged files of %s', async (_name, text) => {
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        let damaged = text;
        for (const { at, length, text: piece } of changes) {
          const start = Math.floor(at * damaged.length);
          damaged = damaged.slice(0, start) + piece + damaged.slice(start + length);
        }
        await expectAnAnswer(new TextEncoder().encode(damaged));
      }),
      { numRuns: 300 },
    );
  });

  it('gives an answer for any bytes and any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.jsonValue().map((value) => new TextEncoder().encode(JSON.stringify(value))),
          fc
            .jsonValue()
            .map((value) =>
              new TextEncoder().encode(JSON.stringify({ ConnectionManager_connections: { a: value } })),
            ),
        ),
        expectAnAnswer,
      ),
      { numRuns: 500 },
    );
  });
});
