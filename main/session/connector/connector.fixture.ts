import type { SubscriptionResult } from '#app/contract/feeds/session.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { Qos, Subscription } from '#app/profile/profile.ts';
import { plainTls, plainTransport } from '../plain-settings.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Connector, ConnectorEvents, OutgoingMessage } from './connector.ts';
import { createConnector } from './mqtt-connector.ts';

/** Settings of a plain MQTT 5.0 connection to a port of loopback, with short waits. */
export function settingsFor(port: number, overrides: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    protocol: 'mqtt',
    host: '127.0.0.1',
    port,
    path: '/mqtt',
    ...plainTransport,
    mqttVersion: '5.0',
    clientId: `test-${Math.random().toString(36).slice(2, 10)}`,
    keepAlive: 60,
    connectTimeout: 5,
    clean: true,
    sessionExpiryInterval: 0,
    reconnect: { enabled: true, minDelay: 0.1, maxDelay: 0.3 },
    username: '',
    tls: plainTls(),
    mqtt5: { userProperties: [] },
    ...overrides,
  };
}

/** A subscription with the filter as its id. */
export function subscriptionTo(filter: string, overrides: Partial<Subscription> = {}): Subscription {
  return newSubscription(filter, { id: filter, qos: 2, ...overrides });
}

/** A message with text, QoS 0 and not retained unless told. */
export function messageOf(
  topic: string,
  payload: string,
  overrides: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return {
    topic,
    payload: new TextEncoder().encode(payload),
    qos: 0,
    retain: false,
    properties: {},
    ...overrides,
  };
}

/** A received message, its payload as text. */
export interface Seen {
  readonly topic: string;
  readonly payload: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: object | undefined;
}

type StateOf<K extends ConnectionState['kind']> = Extract<ConnectionState, { readonly kind: K }>;

/** A connector with everything that it told, and ways to wait for more. */
export class Probe {
  readonly connector: Connector;
  readonly states: ConnectionState[] = [];
  readonly messages: Seen[] = [];
  readonly results = new Map<string, SubscriptionResult>();
  readonly gaps: { readonly from: number; readonly to: number; readonly reason: string }[] = [];
  readonly losses: { readonly at: number; readonly reason: string }[] = [];
  willArmed: string | undefined;
  readonly #lookers = new Set<() => void>();

  constructor(create: (events: ConnectorEvents) => Connector = (events) => createConnector(events)) {
    this.connector = create({
      onMessage: (topic, payload, packet) => {
        const { qos, retain, properties } = packet;
        this.messages.push({ topic, payload: new TextDecoder().decode(payload), qos, retain, properties });
        this.#look();
      },
      onState: (state, willArmed) => {
        this.states.push(state);
        this.willArmed = willArmed;
        this.#look();
      },
      onSubscriptionResult: (id, result) => {
        this.results.set(id, result);
        this.#look();
      },
      onLost: (at, reason) => {
        this.losses.push({ at, reason });
        this.#look();
      },
      onGap: (from, to, reason) => {
        this.gaps.push({ from, to, reason });
        this.#look();
      },
    });
  }

  get state(): ConnectionState {
    return this.states.at(-1) ?? { kind: 'offline' };
  }

  /** Resolves when the condition holds; rejects after `milliseconds`, saying what there was. */
  until(what: string, holds: () => boolean, milliseconds = 8000): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#lookers.delete(look);
      };
      const look = () => {
        if (holds()) {
          done();
          resolve();
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`Not within ${milliseconds} ms: ${what}. State: ${JSON.stringify(this.state)}`));
      }, milliseconds);
      this.#lookers.add(look);
      look();
    });
  }

  /** The next or present state of a kind. */
  async reach<K extends ConnectionState['kind']>(kind: K): Promise<StateOf<K>> {
    await this.until(`state ${kind}`, () => this.state.kind === kind);
    return this.state as StateOf<K>;
  }

  /** Connects and resolves once connected. */
  async connect(settings: ConnectionSettings): Promise<StateOf<'connected'>> {
    this.connector.connect(settings);
    return this.reach('connected');
  }

  /** Connects and resolves with the state after the first failed attempt. */
  async refused(settings: ConnectionSettings): Promise<StateOf<'failed'> | StateOf<'waiting'>> {
    this.connector.connect(settings);
    await this.until('a failure', () => this.state.kind === 'failed' || this.state.kind === 'waiting');
    return this.state as StateOf<'failed'> | StateOf<'waiting'>;
  }

  /** The first message that arrived, now or later, on a topic. */
  async received(topic: string, payload?: string): Promise<Seen> {
    const fits = (seen: Seen) => seen.topic === topic && (payload === undefined || seen.payload === payload);
    await this.until(`a message on ${topic}`, () => this.messages.some(fits));
    return this.messages.find(fits) as Seen;
  }

  /** For conditions that depend on more than what the connector tells. */
  lookAgain(): void {
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#lookers]) {
      look();
    }
  }
}
