import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { type Mosquitto, startMosquitto } from '../../../e2e/support/mosquitto.ts';
import { connectOther, type OtherClient } from '../../../e2e/support/other-client.ts';
import { settingsFor } from '../connector/connector.fixture.ts';
import { createConnector } from '../connector/mqtt-connector.ts';
import type { ConnectionSettings } from '../settings.ts';
import { Rehearsals } from './rehearsals.ts';

let broker: Mosquitto;
let other: OtherClient;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  broker = await startMosquitto({
    listeners: ['mqtt'],
    // `locked` may be read but not written, `blind` the other way round.
    acl: 'topic readwrite wills/#\ntopic read locked/#\ntopic write blind/#\n',
  });
  other = await connectOther(broker.ports.mqtt);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) {
    await close();
  }
});
afterAll(async () => {
  await other?.end();
  await broker?.stop();
});

type Will = NonNullable<ConnectionSettings['will']>;

const willOn = (topic: string, overrides: Partial<Will> = {}): Will => ({
  topic,
  payload: new TextEncoder().encode('offline'),
  qos: 1,
  retain: false,
  properties: {},
  ...overrides,
});

/** A connection with this will, as a session has it. */
async function connected(will: Will | undefined, overrides: Partial<ConnectionSettings> = {}) {
  const settings = settingsFor(broker.ports.mqtt, { ...(will === undefined ? {} : { will }), ...overrides });
  let state: ConnectionState = { kind: 'offline' };
  const gaps: number[] = [];
  const again: ConnectionSettings[] = [];
  const connector = createConnector({
    onMessage: () => undefined,
    onState: (next) => {
      state = next;
    },
    onSubscriptionResult: () => undefined,
    onLost: () => undefined,
    onGap: () => undefined,
  });
  closers.push(() => connector.dispose());
  const rehearsals = new Rehearsals({
    createConnector,
    connection: () =>
      state.kind !== 'connected' ? 'offline' : will === undefined ? 'unarmed' : { settings, will, state },
    state: () => state,
    end: (how) => (how === 'cut' ? connector.drop() : connector.disconnect()),
    connect: (next) => {
      again.push(next);
      connector.connect(next);
    },
    onBack: (from) => gaps.push(from),
    onChange: () => undefined,
  });
  closers.push(() => rehearsals.dispose());
  connector.connect(settings);
  await expect.poll(() => state.kind, { timeout: 10_000 }).toBe('connected');
  return { rehearsals, settings, connected: again, gaps, state: () => state };
}

async function ended(rehearsals: Rehearsals) {
  await expect.poll(() => rehearsals.rehearsal?.state, { timeout: 40_000 }).not.toBe('running');
  const { rehearsal } = rehearsals;
  if (rehearsal === undefined) {
    throw new Error('There was no rehearsal.');
  }
  return rehearsal;
}

/** What a fresh client is sent at once. */
async function kept(topic: string): Promise<string | undefined> {
  const client = await connectOther(broker.ports.mqtt);
  const messages = await client.listen(topic);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.end();
  return messages.find(({ retain }) => retain)?.payload.toString();
}

function failureCode(run: () => void): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof FailureError ? error.failure.code : String(error);
  }
  return undefined;
}

describe('a rehearsal on Mosquitto', () => {
  it('has the will delivered, shows it beside what was set, and connects again', async () => {
    const will = willOn('wills/plain', { qos: 2, properties: { contentType: 'text/plain' } });
    const { rehearsals, gaps, state } = await connected(will);
    const heard = await other.listen('wills/plain');
    rehearsals.start('cut');
    expect(failureCode(() => rehearsals.start('cut'))).toBe('rehearsal.busy');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal).toMatchObject({ state: 'done', verdict: 'asConfigured', topic: 'wills/plain' });
    expect(rehearsal.facts?.map(({ name, isSame }) => [name, isSame])).toEqual([
      ['payload', true],
      ['qos', true],
      ['retain', true],
      ['delay', true],
      ['properties', true],
    ]);
    expect(rehearsal.restored).toEqual([expect.stringMatching(/^The connection is up again/)]);
    expect(state().kind).toBe('connected');
    expect(gaps).toHaveLength(1);
    expect(heard.map(({ payload }) => payload.toString())).toEqual(['offline']);
  }, 60_000);

  it('puts back what was retained on the topic', async () => {
    await other.publish('wills/kept', 'online', { retain: true });
    const { rehearsals } = await connected(willOn('wills/kept', { retain: true }));
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.verdict).toBe('asConfigured');
    expect(rehearsal.facts?.find(({ name }) => name === 'retain')).toMatchObject({ arrived: 'retained' });
    expect(rehearsal.restored[0]).toMatch(/there again/);
    expect(await kept('wills/kept')).toBe('online');
  }, 60_000);

  it('clears a retained will where nothing was kept before, also with MQTT 3.1.1', async () => {
    const will = willOn('wills/none', { retain: true });
    const { rehearsals } = await connected(will, { mqttVersion: '3.1.1' });
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.verdict).toBe('asConfigured');
    expect(rehearsal.restored[0]).toMatch(/cleared/);
    expect(await kept('wills/none')).toBeUndefined();
  }, 60_000);

  it('waits for a delayed one, and takes the session up again', async () => {
    const will = willOn('wills/late', { delayInterval: 3 });
    const { rehearsals, state } = await connected(will, { sessionExpiryInterval: 60 });
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.verdict).toBe('asConfigured');
    expect(rehearsal.facts?.find(({ name }) => name === 'delay')).toMatchObject({
      configured: 'after 3 s',
      isSame: true,
    });
    const after = state();
    expect(after.kind === 'connected' && after.connack.sessionPresent).toBe(true);
  }, 60_000);

  it('says that the session ends before the delay, for which this broker waits all the same', async () => {
    const { rehearsals } = await connected(willOn('wills/short', { delayInterval: 4 }));
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.facts?.find(({ name }) => name === 'delay')?.note).toMatch(
      /waits for the whole delay.*Session expiry/,
    );
    expect(rehearsal.verdict).toBe('asConfigured');
  }, 60_000);

  it('says that the user may not write the topic', async () => {
    const { rehearsals, state } = await connected(willOn('locked/state'));
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal).toMatchObject({ state: 'done', verdict: 'missing' });
    expect(rehearsal.reasons.join(' ')).toMatch(/may not publish to locked\/state.*0x87/);
    expect(state().kind).toBe('connected');
  }, 60_000);

  it('tells a topic that may not be read from one that may not be written', async () => {
    const { rehearsals } = await connected(willOn('blind/state'));
    rehearsals.start('cut');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.verdict).toBe('missing');
    expect(rehearsal.reasons.join(' ')).toMatch(/may publish to blind\/state, but not read it/);
  }, 60_000);

  it('says that MQTT 3.1.1 does not tell which it was', async () => {
    const { rehearsals } = await connected(willOn('locked/old'), { mqttVersion: '3.1.1' });
    rehearsals.start('cut');
    expect((await ended(rehearsals)).reasons.join(' ')).toMatch(/MQTT 3.1.1 brokers do not say which/);
  }, 60_000);

  it('shows that a clean DISCONNECT sends no will', async () => {
    const { rehearsals, state } = await connected(willOn('wills/clean'));
    const heard = await other.listen('wills/clean');
    rehearsals.start('disconnect');
    const rehearsal = await ended(rehearsals);
    expect(rehearsal).toMatchObject({ state: 'done', verdict: 'discarded' });
    expect(rehearsal.reasons.join(' ')).toMatch(/DISCONNECT/);
    expect(state().kind).toBe('connected');
    expect(heard.filter(({ topic }) => topic === 'wills/clean')).toEqual([]);
  }, 60_000);

  it('stops waiting when told, comes back before the will is due, and so prevents it', async () => {
    const will = willOn('wills/stopped', { delayInterval: 60 });
    const { rehearsals, state } = await connected(will, { sessionExpiryInterval: 120 });
    rehearsals.start('cut');
    await expect.poll(() => rehearsals.rehearsal?.phase, { timeout: 20_000 }).toBe('waiting');
    rehearsals.stop();
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.state).toBe('cancelled');
    expect(rehearsal.verdict).toBeUndefined();
    expect(state().kind).toBe('connected');
  }, 60_000);

  it('comes back without a will when the connection is made read-only meanwhile', async () => {
    const will = willOn('wills/disarmed', { delayInterval: 60 });
    const { rehearsals, state, connected: settings } = await connected(will, { sessionExpiryInterval: 120 });
    rehearsals.start('cut');
    await expect.poll(() => rehearsals.rehearsal?.phase, { timeout: 20_000 }).toBe('waiting');
    rehearsals.disarm();
    expect((await ended(rehearsals)).state).toBe('cancelled');
    expect(state().kind).toBe('connected');
    expect(settings.map((one) => one.will?.topic)).toEqual([undefined]);
  }, 60_000);

  it('leaves the connection to a user who disconnects meanwhile', async () => {
    const will = willOn('wills/left', { delayInterval: 60 });
    const { rehearsals, state } = await connected(will, { sessionExpiryInterval: 120 });
    rehearsals.start('cut');
    await expect.poll(() => rehearsals.rehearsal?.phase, { timeout: 20_000 }).toBe('waiting');
    rehearsals.interrupt();
    const rehearsal = await ended(rehearsals);
    expect(rehearsal.restored.join(' ')).toMatch(/left to you/);
    expect(state().kind).toBe('offline');
  }, 60_000);

  it('begins only where a will is armed, and where a second client can watch', async () => {
    const { rehearsals } = await connected(undefined);
    expect(failureCode(() => rehearsals.start('cut'))).toBe('rehearsal.unarmed');
    const bound = await connected(willOn('wills/bound'), {});
    const { settings } = bound;
    const state = bound.state();
    const one = new Rehearsals({
      createConnector,
      connection: () =>
        state.kind === 'connected'
          ? {
              settings: { ...settings, credentials: { kind: 'azureX509', deviceId: 'd' } as never },
              will: willOn('wills/bound'),
              state,
            }
          : 'offline',
      state: () => state,
      end: async () => undefined,
      connect: () => undefined,
      onBack: () => undefined,
      onChange: () => undefined,
    });
    expect(failureCode(() => one.start('cut'))).toBe('rehearsal.one-client');
  }, 60_000);
});
