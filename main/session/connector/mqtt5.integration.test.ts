import { afterEach, describe, expect, it } from 'vitest';
import { authenticationMethods } from '#app/profile/profile.ts';
import {
  type Script,
  type ScriptedBroker,
  startScriptedBroker,
} from '../../../e2e/support/scripted-broker.ts';
import type { ConnectionSettings } from '../settings.ts';
import { Probe, settingsFor } from './connector.fixture.ts';
import { createConnector } from './mqtt-connector.ts';
import {
  connack,
  dataProperty,
  numberProperty,
  propertyId,
  reasonPacket,
  scramScript,
} from './packets.fixture.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of cleanUp.splice(0).reverse()) {
    await release();
  }
});

async function scripted(script: Script): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker(script);
  cleanUp.push(() => broker.stop());
  return broker;
}

function newProbe(): Probe {
  const probe = new Probe();
  cleanUp.push(() => probe.connector.dispose());
  return probe;
}

/** Answers CONNECT with these bytes. */
function answering(...bytes: readonly number[]): Script {
  return { onPacket: (packet, connection) => packet.type === 1 && connection.send(...bytes) };
}

const scram = (
  port: number,
  method: ConnectionSettings['mqtt5']['authenticationMethod'],
  overrides: Partial<ConnectionSettings> = {},
) =>
  settingsFor(port, {
    username: 'joe',
    password: 'pencil',
    mqtt5: { userProperties: [], ...(method === undefined ? {} : { authenticationMethod: method }) },
    ...overrides,
  });

describe('CONNECT', () => {
  it('carries every property as configured, and never a Topic Alias Maximum', async () => {
    const broker = await scripted(answering(...connack(0)));
    await newProbe().connect(
      settingsFor(broker.port, {
        clientId: 'c',
        sessionExpiryInterval: 0xffff_ffff,
        mqtt5: {
          receiveMaximum: 17,
          maximumPacketSize: 70_000,
          requestResponseInformation: true,
          requestProblemInformation: false,
          userProperties: [
            { key: 'a', value: '1' },
            { key: 'a', value: '2' },
          ],
        },
      }),
    );
    const connect = broker.connections[0]?.packets[0];
    const body = connect?.body ?? Buffer.alloc(0);
    // After name, version, flags and keep alive (10 bytes): one byte of length, then the properties.
    const properties = body.subarray(11, 11 + (body[10] ?? 0));
    const expected = [
      [0x11, 255, 255, 255, 255],
      [0x21, 0, 17],
      [0x27, 0, 1, 0x11, 0x70],
      [0x19, 1],
      [0x17, 0],
      [0x26, 0, 1, 97, 0, 1, 49],
      [0x26, 0, 1, 97, 0, 1, 50],
    ];
    expect(properties.length).toBe(expected.flat().length);
    for (const property of expected) {
      expect(properties.includes(Buffer.from(property))).toBe(true);
    }
  });

  it('shows what CONNACK says', async () => {
    const broker = await scripted(
      answering(
        ...connack(
          0,
          [
            ...dataProperty(propertyId.assignedClientId, 'given'),
            ...numberProperty(propertyId.sessionExpiryInterval, 77, 4),
            ...numberProperty(propertyId.topicAliasMaximum, 12, 2),
            ...numberProperty(propertyId.serverKeepAlive, 33, 2),
          ],
          false,
        ),
      ),
    );
    const state = await newProbe().connect(settingsFor(broker.port, { clientId: '' }));
    expect(state.clientId).toBe('given');
    expect(state.connack).toMatchObject({
      assignedClientId: 'given',
      sessionPresent: false,
      sessionExpiryInterval: 77,
      topicAliasMaximum: 12,
      serverKeepAlive: 33,
    });
  });
});

describe('enhanced authentication', () => {
  it.each(authenticationMethods)('%s lets in with the right password', async (method) => {
    const broker = await scripted(scramScript(method));
    await newProbe().connect(scram(broker.port, method));
    const sent = Buffer.concat(broker.connections[0]?.packets.map(({ body }) => body) ?? []);
    expect(sent.includes('pencil')).toBe(false);
    // Bits for user name and password in the flags of CONNECT.
    expect((broker.connections[0]?.packets[0]?.body[7] ?? 0) & 0xc0).toBe(0);
  });

  it('says what is wrong with a wrong password', async () => {
    const broker = await scripted(scramScript('SCRAM-SHA-256'));
    const { kind, failure } = await newProbe().refused(
      scram(broker.port, 'SCRAM-SHA-256', { password: 'pen' }),
    );
    expect(kind).toBe('failed');
    expect(failure).toMatchObject({ code: 'connect.refused' });
    expect(failure.detail).toContain('invalid-proof');
  });

  it.each([
    ['poses', () => 'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['proves nothing', () => ''],
  ])('does not trust a broker that %s', async (_, lastMessage) => {
    const broker = await scripted(scramScript('SCRAM-SHA-1', lastMessage));
    const probe = newProbe();
    const { kind, failure } = await probe.refused(scram(broker.port, 'SCRAM-SHA-1'));
    expect([kind, failure.code]).toEqual(['failed', 'auth.server-signature']);
    expect(probe.states.some((state) => state.kind === 'connected')).toBe(false);
  });

  it('refuses a broker that answers AUTH without SCRAM', async () => {
    const broker = await scripted(
      answering(
        ...reasonPacket(0xf0, 0x18, [
          ...dataProperty(propertyId.authenticationMethod, 'SCRAM-SHA-1'),
          ...dataProperty(propertyId.authenticationData, 'hello'),
        ]),
      ),
    );
    const { failure } = await newProbe().refused(scram(broker.port, 'SCRAM-SHA-1'));
    expect(failure.code).toBe('auth.protocol');
  });

  it('takes AUTH that nobody asked for as a broken protocol', async () => {
    const broker = await scripted(answering(...reasonPacket(0xf0, 0x18, [])));
    const { failure } = await newProbe().refused(settingsFor(broker.port));
    expect(failure.code).toBe('connect.not-mqtt');
    const other = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          connection.send(...connack(0), ...reasonPacket(0xf0, 0x18, []));
        }
      },
    });
    const probe = newProbe();
    probe.connector.connect(
      settingsFor(other.port, { reconnect: { enabled: false, minDelay: 1, maxDelay: 1 } }),
    );
    expect((await probe.reach('failed')).failure.code).toBe('connection.protocol');
  });

  it('survives any answer of a broker to the beginning of SCRAM', async () => {
    const seed = 7;
    const random = mulberry(seed);
    const broker = await scripted({
      onPacket: (packet, connection) => {
        const length = Math.floor(random() * 40);
        const noise = Array.from({ length }, () => Math.floor(random() * 256));
        const method = dataProperty(propertyId.authenticationMethod, 'SCRAM-SHA-1');
        const data = dataProperty(propertyId.authenticationData, Uint8Array.from(noise));
        const answers = [
          () => connection.send(0xf0, ...noise),
          () => connection.send(...reasonPacket(0xf0, 0x18, [...method, ...data])),
          () => connection.send(...connack(0, [...method, ...data])),
          () => connection.send(0x20, ...noise),
        ];
        answers[Math.floor(random() * answers.length)]?.();
        setTimeout(() => connection.close(), packet.type === 1 ? 5 : 0);
      },
    });
    for (let round = 0; round < 40; round += 1) {
      const probe = new Probe();
      const { failure } = await probe.refused(scram(broker.port, 'SCRAM-SHA-1', { connectTimeout: 2 }));
      expect(failure.message, `round ${round} of seed ${seed}`).toMatch(/\.$/);
      expect(probe.states.some((state) => state.kind === 'connected')).toBe(false);
      await probe.connector.dispose();
    }
  });

  it('needs a user name', async () => {
    const { failure } = await newProbe().refused(scram(1, 'SCRAM-SHA-1', { username: '' }));
    expect(failure.code).toBe('auth.username');
  });
});

describe('server redirection', () => {
  it.each([
    ['CONNACK', 0x9c, false],
    ['CONNACK', 0x9d, true],
    ['DISCONNECT', 0x9c, false],
    ['DISCONNECT', 0x9d, true],
  ])('%s %i is told and not followed', async (packet, code, permanent) => {
    const reference = dataProperty(propertyId.serverReference, 'other.example:8883 [::1]');
    const broker = await scripted(
      packet === 'CONNACK'
        ? answering(...connack(code, reference))
        : answering(...connack(0), ...reasonPacket(0xe0, code, reference)),
    );
    const probe = newProbe();
    probe.connector.connect(settingsFor(broker.port));
    const state = await probe.reach('failed');
    expect(state.redirect).toEqual({
      permanent,
      reference: 'other.example:8883 [::1]',
      servers: [{ host: 'other.example', port: 8883 }, { host: '::1' }],
    });
    expect(state.failure).toMatchObject({ code: 'connection.redirected' });
    expect(state.failure.message).toContain('It names: other.example:8883 [::1].');
    expect(broker.connections).toHaveLength(1);
  });

  it('without a reference there is nothing to follow', async () => {
    const broker = await scripted(answering(...connack(0x9d)));
    const state = await newProbe().refused(settingsFor(broker.port));
    expect(state).not.toHaveProperty('redirect');
    expect(state.failure.hint).toMatch(/does not name/);
  });
});

describe('a twin', () => {
  /** Lets in, and closes without a word once the client has been up for a moment. */
  const throwingOut: Script = {
    onPacket: (packet, connection) => {
      if (packet.type === 1) {
        connection.send(0x20, 2, 0, 0);
        setTimeout(() => connection.close(), 30);
      }
    },
  };

  it('is named, met ever more slowly, and left alone after five rounds', async () => {
    const broker = await scripted(throwingOut);
    const probe = newProbe();
    const reconnect = { enabled: true, minDelay: 0.1, maxDelay: 0.4 };
    probe.connector.connect(settingsFor(broker.port, { mqttVersion: '3.1.1', reconnect }));
    const { failure } = await probe.reach('failed');
    expect(failure.code).toBe('connection.takeover-loop');
    expect(failure.hint).toMatch(/same client ID.*ID of its own/);
    expect(broker.connections).toHaveLength(5);
    const waits = probe.states.flatMap((state) => (state.kind === 'waiting' ? [state] : []));
    expect(waits.map(({ failure: { code } }) => code)).toEqual([
      'connection.closed',
      'connection.short-lived',
      'connection.short-lived',
      'connection.short-lived',
    ]);
  });

  it('is not suspected where the broker is away in between', async () => {
    let connects = 0;
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          connects += 1;
          if (connects % 2 === 0) {
            connection.send(0x20, 2, 0, 3);
          } else {
            connection.send(0x20, 2, 0, 0);
            setTimeout(() => connection.close(), 10);
          }
        }
      },
    });
    const probe = newProbe();
    const reconnect = { enabled: true, minDelay: 0.1, maxDelay: 0.1 };
    probe.connector.connect(settingsFor(broker.port, { mqttVersion: '3.1.1', reconnect }));
    await probe.until('many rounds', () => connects > 12);
    expect(probe.states.some((state) => state.kind === 'failed')).toBe(false);
  });
});

describe('waking up', () => {
  /** A connector whose machine wakes up when the test says so. */
  function sleeper() {
    let wake: () => void = () => undefined;
    const probe = new Probe((events) =>
      createConnector(events, (onWake) => {
        wake = onWake;
        return { dispose: () => undefined };
      }),
    );
    cleanUp.push(() => probe.connector.dispose());
    return { probe, wake: () => wake() };
  }

  it('ends a wait at once', async () => {
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          connection.send(...(broker.connections.length === 1 ? connack(0x88) : connack(0)));
        }
      },
    });
    const { probe, wake } = sleeper();
    const reconnect = { enabled: true, minDelay: 600, maxDelay: 600 };
    probe.connector.connect(settingsFor(broker.port, { reconnect }));
    await probe.reach('waiting');
    wake();
    await probe.reach('connected');
  });

  it('begins anew what was under way', async () => {
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1 && broker.connections.length > 1) {
          connection.send(...connack(0));
        }
      },
    });
    const { probe, wake } = sleeper();
    probe.connector.connect(settingsFor(broker.port, { connectTimeout: 60 }));
    await probe.until('CONNECT', () => (broker.connections[0]?.packets.length ?? 0) > 0 || poll(probe));
    wake();
    await probe.reach('connected');
    expect(broker.connections).toHaveLength(2);
  });

  it('keeps a connection that answers and replaces one that does not', async () => {
    let isAlive = true;
    const broker = await scripted({
      onPacket: (packet, connection) => {
        if (packet.type === 1) {
          connection.send(...connack(0));
        }
        if (packet.type === 12 && isAlive) {
          connection.send(0xd0, 0);
        }
      },
    });
    const { probe, wake } = sleeper();
    const reconnect = { enabled: true, minDelay: 600, maxDelay: 600 };
    await probe.connect(settingsFor(broker.port, { keepAlive: 0, reconnect }));
    wake();
    await probe.until('PINGREQ', () => broker.connections[0]?.packets.at(-1)?.type === 12 || poll(probe));
    isAlive = false;
    wake();
    await probe.until('another connection', () => broker.connections.length === 2 || poll(probe), 12_000);
    await probe.reach('connected');
    expect(probe.losses.at(-1)?.reason).toMatch(/did not survive the sleep/);
  }, 15_000);
});

/** Numbers from 0 to 1 that are the same in each run (Mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Has the condition looked at again soon, though the connector told nothing; always false. */
function poll(probe: Probe): boolean {
  setTimeout(() => probe.lookAgain(), 20);
  return false;
}
