import fc from 'fast-check';
import type { MqttClient } from 'mqtt';
import { expect, it } from 'vitest';
import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { MqttVersion, Subscription } from '#app/profile/profile.ts';
import { subscriptionTo } from './connector.fixture.ts';
import { Subscriptions } from './subscriptions.ts';

type Answer = (error: Error | null, grantsOrPacket?: unknown, packet?: unknown) => void;

/** A packet on its way to the broker, and back. */
interface Underway {
  readonly filters: readonly string[];
  /** QoS of a SUBSCRIBE; undefined: UNSUBSCRIBE. */
  readonly qos: number | undefined;
  readonly answer: Answer;
  codes: readonly number[] | undefined;
}

/** A broker with one session, across a network that carries as much as the test lets through. */
class World {
  readonly version: MqttVersion;
  readonly results = new Map<string, SubscriptionResult>();
  subscriptions = this.#start();
  /** What the broker holds: filter and QoS. */
  readonly session = new Map<string, number>();
  wanted: readonly Subscription[] = [];
  hasSession = false;
  isUp = false;
  /** The broker refuses these at the moment. */
  refused: ReadonlySet<string> = new Set();
  #wire: Underway[] = [];

  constructor(version: MqttVersion) {
    this.version = version;
  }

  #start(): Subscriptions {
    return new Subscriptions((id, result) => this.results.set(id, result), 1e6);
  }

  set(list: readonly Subscription[]): void {
    this.wanted = list;
    void this.subscriptions.set(list);
  }

  connect(clean: boolean): void {
    if (this.isUp) {
      return;
    }
    if (clean) {
      this.session.clear();
      this.hasSession = false;
    }
    const sessionPresent = this.hasSession && this.version !== '3.1';
    this.hasSession = true;
    this.isUp = true;
    const send = (filters: readonly string[], qos: number | undefined, answer: Answer) =>
      this.#wire.push({ filters, qos, answer, codes: undefined });
    const client = {
      subscribe: (filters: readonly string[], { qos }: { qos: number }, answer: Answer) =>
        send(filters, qos, answer),
      unsubscribe: (filters: readonly string[], answer: Answer) => send(filters, undefined, answer),
    } as unknown as MqttClient;
    const connack = { sessionPresent, userProperties: [] };
    this.subscriptions.connected({ client, mqttVersion: this.version, clean, connack });
  }

  /** The next packet that has not reached the broker does. */
  carry(): boolean {
    const packet = this.#wire.find(({ codes }) => codes === undefined);
    if (packet === undefined) {
      return false;
    }
    const { qos } = packet;
    packet.codes = packet.filters.map((filter) => {
      // Before 5.0 there is no way to refuse an UNSUBSCRIBE.
      if (this.refused.has(filter) && (qos !== undefined || this.version === '5.0')) {
        return 0x87;
      }
      if (qos === undefined) {
        return this.session.delete(filter) ? 0 : 0x11;
      }
      this.session.set(filter, qos);
      return qos;
    });
    return true;
  }

  /** The next answer reaches the client. */
  answer(): boolean {
    const packet = this.#wire.find(({ codes }) => codes !== undefined);
    if (packet === undefined) {
      return false;
    }
    this.#wire = this.#wire.filter((other) => other !== packet);
    const granted = packet.codes ?? [];
    if (packet.qos === undefined) {
      packet.answer(null, this.version === '5.0' ? { cmd: 'unsuback', granted } : { cmd: 'unsuback' });
    } else if (granted.some((code) => code >= 0x80)) {
      packet.answer(new Error('Subscribe error'), undefined, { cmd: 'suback', granted });
    } else {
      packet.answer(
        null,
        granted.map((qos) => ({ qos })),
        { cmd: 'suback', granted },
      );
    }
    return true;
  }

  /** What is on its way in either direction is gone. */
  lose(): void {
    if (this.isUp) {
      this.isUp = false;
      for (const packet of this.#wire.splice(0)) {
        packet.answer(new Error('Connection closed'));
      }
      this.subscriptions.disconnected();
    }
  }

  /** The user connects anew. */
  forget(): void {
    this.lose();
    this.subscriptions.forget();
  }

  /** Another process with the same list. */
  restart(): void {
    this.lose();
    this.#wire = [];
    this.results.clear();
    this.subscriptions = this.#start();
    this.set(this.wanted);
  }

  settle(): void {
    while (this.carry() || this.answer()) {
      // Until nothing is on its way.
    }
  }
}

const filters = ['a', 'b/#', '$share/g/c'];
const listArbitrary = fc
  .tuple(
    ...filters.map((filter) =>
      fc
        .oneof(
          { weight: 1, arbitrary: fc.constant(undefined) },
          {
            weight: 3,
            arbitrary: fc.record({ qos: fc.constantFrom(0 as const, 1 as const), enabled: fc.boolean() }),
          },
        )
        .map((chosen) => (chosen === undefined ? [] : [subscriptionTo(filter, chosen)])),
    ),
  )
  .map((lists) => lists.flat());

type Step = (world: World) => void;

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: listArbitrary.map(
        (list): Step =>
          (world) =>
            world.set(list),
      ),
    },
    { weight: 4, arbitrary: fc.constant<Step>((world) => world.carry()) },
    { weight: 4, arbitrary: fc.constant<Step>((world) => world.answer()) },
    { weight: 2, arbitrary: fc.constant<Step>((world) => world.settle()) },
    { weight: 2, arbitrary: fc.constant<Step>((world) => world.lose()) },
    { weight: 1, arbitrary: fc.constant<Step>((world) => world.forget()) },
    { weight: 4, arbitrary: fc.constant<Step>((world) => world.connect(false)) },
    { weight: 1, arbitrary: fc.constant<Step>((world) => world.connect(true)) },
    {
      weight: 1,
      arbitrary: fc.subarray(filters).map(
        (refused): Step =>
          (world) => {
            world.refused = new Set(refused);
          },
      ),
    },
  ),
  { maxLength: 40, size: 'max' },
);

/** What the broker should hold. */
const target = (world: World) =>
  new Map(world.wanted.filter(({ enabled }) => enabled).map(({ filter, qos }) => [filter, qos]));

it.each<MqttVersion>(['3.1', '5.0'])(
  'ends with what is wanted at the broker, whatever was lost on the way (%s)',
  (version) => {
    fc.assert(
      fc.property(steps, fc.boolean(), (all, reconnects) => {
        const world = new World(version);
        for (const step of all) {
          step(world);
        }
        world.refused = new Set();
        if (reconnects || !world.isUp) {
          world.lose();
          world.connect(false);
          world.settle();
          // A refusal of the time before is not taken for the last word after a reconnect.
          expect(world.session).toEqual(target(world));
        } else {
          world.settle();
          const refusedNow = world.wanted.filter(({ id }) => world.results.get(id)?.kind === 'refused');
          for (const { filter, qos } of world.wanted.filter(({ enabled }) => enabled)) {
            const isRefused = refusedNow.some((subscription) => subscription.filter === filter);
            expect(isRefused || world.session.get(filter) === qos).toBe(true);
          }
        }
        for (const { id, enabled, qos } of world.wanted) {
          const result = world.results.get(id);
          const isHeld = enabled && result?.kind === 'granted';
          expect(isHeld ? result.qos === qos : true).toBe(true);
          expect(result?.kind).not.toBe('pending');
        }
      }),
      { numRuns: 2000 },
    );
  },
);

it('gives back what was switched off while another process had the session', () => {
  fc.assert(
    fc.property(
      listArbitrary,
      listArbitrary,
      fc.constantFrom<MqttVersion>('3.1', '5.0'),
      (before, after, version) => {
        const world = new World(version);
        world.set(before);
        world.connect(false);
        world.settle();
        world.restart();
        world.set(after);
        world.connect(false);
        world.settle();
        expect(world.session).toEqual(target(world));
      },
    ),
  );
});

it('asks once for what several want, as the last one says, and answers all of them', () => {
  const world = new World('5.0');
  world.connect(true);
  world.refused = new Set(['no']);
  world.set([
    subscriptionTo('a', { id: 'first', qos: 2 }),
    subscriptionTo('no', { id: 'refused' }),
    subscriptionTo('a', { id: 'last', qos: 0 }),
    subscriptionTo('no', { id: 'refused too' }),
  ]);
  world.settle();
  expect([...world.session]).toEqual([['a', 0]]);
  expect([...world.results].map(([id, { kind }]) => `${id} ${kind}`).sort()).toEqual([
    'first granted',
    'last granted',
    'refused refused',
    'refused too refused',
  ]);
});
