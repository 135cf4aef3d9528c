import { statedCapabilities } from '#app/contract/capabilities.ts';
import { capabilityLabels } from '#app/contract/connection-report.ts';
import { toFailure } from '#app/contract/failure.ts';
import type { Capability, CapabilityName, GrantedSubscription } from '#app/contract/operations/diagnosis.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { newSubscription } from '#app/profile/defaults.ts';
import type { Qos } from '#app/profile/profile.ts';
import type { SentSubscription } from '../connector/connector.ts';
import type { Attempted, DiagnosisContext, DiagnosisOutcome, DiagnosisTask } from './control.ts';
import { cancelled, type Glimpse, pause, ThrowAway } from './throw-away.ts';

type Task = Extract<DiagnosisTask, { readonly kind: 'capabilities' }>;
type Outcome = Extract<DiagnosisOutcome, { readonly kind: 'capabilities' }>;

/** What a probe found out. */
type Finding = Pick<Capability, 'note'> & { readonly value?: number | boolean };

/** Milliseconds that a message of our own has to come back. */
const ECHO_TIME = 1500;

/** Asks CONNACK and, for what that leaves open, the broker itself. Subscribes and publishes below one random topic only. */
export async function probeCapabilities(task: Task, context: DiagnosisContext): Promise<Outcome> {
  const prober = new Prober(task, context);
  try {
    return await prober.run();
  } finally {
    await prober.close();
  }
}

class Prober {
  readonly #task: Task;
  readonly #context: DiagnosisContext;
  readonly #topic = `topicscope/probe/${crypto.randomUUID()}`;
  readonly #notes: string[] = [];
  #connection: ThrowAway | undefined;
  /** Not even a plain subscription to our topic is granted: then refusals say nothing about the broker. */
  #isBarred = false;

  constructor(task: Task, context: DiagnosisContext) {
    this.#task = task;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const attempted = await this.#connect('Connecting');
    if (attempted.kind === 'failed') {
      return { kind: 'capabilities', attempted, capabilities: [], subscriptions: [], notes: this.#notes };
    }
    const { settings, allowPublish } = this.#task;
    const stated = statedCapabilities(attempted.connack, settings.mqttVersion, settings.keepAlive);
    const subscriptions = await this.#subscribeAsTheProfile(attempted);
    this.#notes.push(
      allowPublish
        ? `Probed with subscriptions to and messages on ${this.#topic}; nothing is left there.`
        : `Probed with subscriptions to ${this.#topic} only; nothing was published.`,
    );
    this.#isBarred = !(await this.#maySubscribe());
    const capabilities: Capability[] = [];
    for (const capability of stated) {
      capabilities.push(await this.#probed(capability, stated));
    }
    return { kind: 'capabilities', attempted, capabilities, subscriptions, notes: this.#notes };
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  async #connect(doing: string): Promise<Attempted> {
    await this.#connection?.close();
    const connection = new ThrowAway(this.#task.settings, this.#context.signal);
    this.#connection = connection;
    return connection.connect((steps) => this.#context.onProgress(steps, doing));
  }

  /** What the broker grants; retained messages are not asked for where the version lets us choose. */
  async #subscribeAsTheProfile(attempted: Attempted): Promise<readonly GrantedSubscription[]> {
    const subscriptions = this.#task.subscriptions
      .filter(({ enabled, filter }) => enabled && topicFilterProblem(filter) === undefined)
      .map((subscription) => ({ ...subscription, retainHandling: 2 as const }));
    if (subscriptions.length === 0) {
      return [];
    }
    this.#context.onProgress(attempted.steps, 'Subscribing as the connection does');
    const granted = (await this.#connection?.subscribe(subscriptions)) ?? [];
    await this.#connection?.subscribe([]);
    return granted;
  }

  async #probed(capability: Capability, stated: readonly Capability[]): Promise<Capability> {
    const { name, source } = capability;
    const probe = this.#probeOf(name, stated);
    if (source === 'stated' || probe === undefined) {
      return capability;
    }
    if (this.#isBarred) {
      const why = 'It could not be tried out: this user may not subscribe to the topic of the probe.';
      return { ...capability, note: `${capability.note} ${why}` };
    }
    this.#context.onProgress([], `Trying out: ${capabilityLabels[name]}`);
    if (this.#context.signal.aborted) {
      throw cancelled();
    }
    if (this.#connection === undefined || this.#connection.lost !== undefined) {
      const attempted = await this.#connect('Connecting again');
      if (attempted.kind === 'failed') {
        this.#notes.push(`The broker did not let the probes in again: ${attempted.failure.message}`);
        return capability;
      }
    }
    try {
      const finding = await probe();
      return finding === undefined ? capability : { name, source: 'probed', ...finding };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'diagnosis.cancelled') {
        throw error;
      }
      this.#notes.push(`The probe of ${capabilityLabels[name]} ended early: ${failure.message}`);
      return capability;
    }
  }

  #probeOf(
    name: CapabilityName,
    stated: readonly Capability[],
  ): (() => Promise<Finding | undefined>) | undefined {
    const isMqtt5 = this.#task.settings.mqttVersion === '5.0';
    const qos = stated.find((entry) => entry.name === 'maximumQos')?.value;
    switch (name) {
      case 'maximumQos':
        return () => this.#probeQos();
      case 'wildcardSubscriptions':
        return () =>
          this.#probeFilter({ filter: `${this.#topic}/+/#` }, 'a filter with + and # was accepted');
      case 'sharedSubscriptions':
        return () => this.#probeShared();
      case 'subscriptionIdentifiers':
        return isMqtt5
          ? () => this.#probeFilter({ identifier: 1 }, 'a subscription with an identifier was accepted')
          : undefined;
      case 'retain':
        return this.#task.allowPublish ? () => this.#probeRetain(qos === 0 ? 0 : 1) : undefined;
      default:
        return undefined;
    }
  }

  async #maySubscribe(): Promise<boolean> {
    const connection = this.#require();
    const [granted] = await connection.subscribe([subscriptionTo(this.#topic)]);
    await connection.subscribe([]);
    return granted?.grantedQos !== undefined;
  }

  async #probeQos(): Promise<Finding> {
    const connection = this.#require();
    const [granted] = await connection.subscribe([subscriptionTo(this.#topic, { qos: 2 })]);
    await connection.subscribe([]);
    const subscribed = granted?.grantedQos;
    if (subscribed === undefined) {
      return { note: `The subscription of the probe was refused: ${granted?.reason ?? 'without a word'}` };
    }
    const note = `A subscription at QoS 2 was granted QoS ${subscribed}.`;
    if (!this.#task.allowPublish) {
      return { value: subscribed, note };
    }
    try {
      await this.#publish(2, false, 'probe');
      return { value: subscribed, note: `${note} A message at QoS 2 was acknowledged.` };
    } catch (error) {
      const not = `A message at QoS 2 was not taken: ${toFailure(error).message}`;
      return { value: isForbidden(error) ? subscribed : Math.min(subscribed, 1), note: `${note} ${not}` };
    }
  }

  async #probeFilter(overrides: Partial<SentSubscription>, accepted: string): Promise<Finding> {
    const connection = this.#require();
    const [granted] = await connection.subscribe([subscriptionTo(this.#topic, overrides)]);
    await connection.subscribe([]);
    return granted?.grantedQos === undefined
      ? { value: false, note: `Tried out, and refused: ${granted?.reason ?? 'without a word'}` }
      : { value: true, note: `Tried out: ${accepted}.` };
  }

  async #probeShared(): Promise<Finding> {
    const connection = this.#require();
    const filter = `$share/topicscope-probe/${this.#topic}`;
    const [granted] = await connection.subscribe([subscriptionTo(filter)]);
    if (granted?.grantedQos === undefined) {
      return { value: false, note: `Tried out, and refused: ${granted?.reason ?? 'without a word'}` };
    }
    if (!this.#task.allowPublish) {
      await connection.subscribe([]);
      const isSure = this.#task.settings.mqttVersion === '5.0';
      return {
        ...(isSure ? { value: true } : {}),
        note: isSure
          ? 'Tried out: a shared subscription was accepted.'
          : 'A shared subscription was accepted, but a broker that does not know them takes it for a plain topic: with a message published, the probe could tell.',
      };
    }
    const isDelivered = await this.#echo(
      connection,
      () => this.#publish(0, false, 'probe'),
      () => true,
    );
    await connection.subscribe([]);
    if (isDelivered) {
      return { value: true, note: 'Tried out: a message came through a shared subscription.' };
    }
    return (
      (await this.#mute(connection)) ?? {
        value: false,
        note: 'Tried out: the subscription was accepted, but no message came through it; the broker takes it for a plain topic.',
      }
    );
  }

  async #probeRetain(qos: Qos): Promise<Finding> {
    const connection = this.#require();
    try {
      await this.#publish(qos, true, 'probe');
    } catch (error) {
      const note = `A retained message was not taken: ${toFailure(error).message}`;
      return isForbidden(error) ? { note } : { value: false, note };
    }
    try {
      const isKept = await this.#echo(
        connection,
        () => connection.subscribe([subscriptionTo(this.#topic)]),
        (message) => message.retain,
      );
      if (isKept) {
        return {
          value: true,
          note: 'Tried out: a retained message was kept and handed out. It is cleared again.',
        };
      }
      return (
        (await this.#mute(connection)) ?? {
          value: false,
          note: 'Tried out: a message sent with Retain was not handed out to a new subscription.',
        }
      );
    } finally {
      await this.#publish(qos, true, '').catch(() =>
        this.#notes.push(`The retained message on ${this.#topic} could not be cleared.`),
      );
      await connection.subscribe([]);
    }
  }

  /** The finding of a probe without an answer, where not even a plain message comes back: then it says nothing. */
  async #mute(connection: ThrowAway): Promise<Finding | undefined> {
    await connection.subscribe([subscriptionTo(this.#topic)]);
    const isHeard = await this.#echo(
      connection,
      () => this.#publish(0, false, 'probe'),
      () => true,
    );
    return isHeard
      ? undefined
      : { note: 'Tried out, but no message came back at all: this user may not publish or read there.' };
  }

  /** Does a message on our topic that is as wanted come after this was done? */
  async #echo(
    connection: ThrowAway,
    act: () => Promise<unknown>,
    isWanted: (message: Glimpse) => boolean,
  ): Promise<boolean> {
    let hasCome = false;
    const listening = connection.onMessage((message) => {
      hasCome ||= message.topic === this.#topic && isWanted(message);
    });
    try {
      await act();
      for (let waited = 0; waited < ECHO_TIME && !hasCome && connection.lost === undefined; waited += 50) {
        await pause(50, this.#context.signal);
      }
      return hasCome;
    } finally {
      listening.dispose();
    }
  }

  /** Rejects when the broker refuses it or ends the connection over it. */
  async #publish(qos: Qos, retain: boolean, text: string): Promise<void> {
    const payload = new TextEncoder().encode(text);
    await this.#require().publish({ topic: this.#topic, payload, qos, retain, properties: {} });
  }

  #require(): ThrowAway {
    if (this.#connection === undefined) {
      throw cancelled();
    }
    return this.#connection;
  }
}

/** Refused for what this user may do there (Not authorized, Topic Name invalid), not for what the broker can do. */
function isForbidden(error: unknown): boolean {
  return /\b0x(87|90) /.test(toFailure(error).detail ?? '');
}

function subscriptionTo(filter: string, overrides: Partial<SentSubscription> = {}): SentSubscription {
  return { ...newSubscription(filter), ...overrides };
}
