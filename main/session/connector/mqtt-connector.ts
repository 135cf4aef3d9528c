import type { IConnackPacket, MqttClient } from 'mqtt';
import { assert } from '#app/base/assert.ts';
import type { Disposable } from '#app/base/disposable.ts';
import { fail } from '#app/contract/failure.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { ConnectionSettings } from '../settings.ts';
import { backoffDelay } from './backoff.ts';
import { summariseConnack } from './connack-summary.ts';
import type {
  Connector,
  ConnectorEvents,
  OutgoingMessage,
  PublishReceipt,
  SentSubscription,
} from './connector.ts';
import type { Dialled } from './dial.ts';
import { SUSPICION, silentEnds } from './explain-mqtt.ts';
import { InFlight } from './in-flight.ts';
import { Link, SHORT_LIFE } from './link.ts';
import type { PacketTap } from './packet-tap.ts';
import { Publisher } from './publisher.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Verdict } from './verdict.ts';
import { watchWake } from './wake-watch.ts';

/** Failures in a row after which the wait is the longest. */
const SLOWEST = 31;

/** Milliseconds that a connection must have held for the next wait to begin at the shortest again. */
const STABLE = 10_000;

/** A connector on mqtt.js. See {@link Connector}. `watch` is for tests: another way to learn that the machine slept. */
export function createConnector(
  events: ConnectorEvents,
  watch: (onWake: () => void) => Disposable = watchWake,
): Connector {
  return new MqttConnector(events, watch);
}

/** From one `connect` to its end by the user or by a failure: what several attempts have in common. */
interface Run {
  settings: ConnectionSettings;
  /** Topic of the will that went with the CONNECT of the link that is up. */
  willArmed: string | undefined;
  /** Attempts since the last connection that held. */
  attempt: number;
  /** Links in a row that were lost soon after they were up. */
  shortLives: number;
  /** The session to come back to: set once the broker has one of ours that outlives the connection. */
  session: { readonly clean: boolean; readonly clientId: string };
  /** When the last connection was lost, and why; undefined before the first and while one is up. */
  lost: { readonly at: number; readonly reason: string } | undefined;
}

/** Milliseconds until the next attempt of a run that failed with this code. */
function delayAfter({ attempt, shortLives, settings: { reconnect } }: Run, code: string): number {
  if (code === 'connection.woken') {
    return 0;
  }
  // Whoever throws a twin out again and again should at least do so rarely.
  return backoffDelay(shortLives >= SUSPICION ? SLOWEST : Math.max(attempt, 1), reconnect);
}

/** What came of an attempt that succeeded. */
interface Connected {
  readonly client: MqttClient;
  readonly dialled: Dialled;
  readonly packet: IConnackPacket;
  /** CONNECT asked for a new session. */
  readonly clean: boolean;
}

class MqttConnector implements Connector {
  readonly #events: ConnectorEvents;
  readonly #subscriptions: Subscriptions;
  readonly #publisher = new Publisher();
  readonly #inFlight = new InFlight();
  #run: Run | undefined;
  #link: Link | undefined;
  #isUp = false;
  #retryTimer: NodeJS.Timeout | undefined;
  /** The end of the link before; the next one starts behind it, so that two never share a session. */
  #closing: Promise<void> = Promise.resolve();
  #isDisposed = false;
  #tap: PacketTap | undefined;
  readonly #watch: (onWake: () => void) => Disposable;
  #watching: Disposable | undefined;

  constructor(events: ConnectorEvents, watch: (onWake: () => void) => Disposable) {
    this.#events = events;
    this.#watch = watch;
    this.#subscriptions = new Subscriptions((id, result) => events.onSubscriptionResult(id, result));
  }

  connect(settings: ConnectionSettings): void {
    assert(!this.#isDisposed, 'connect after dispose');
    void this.#leave(true);
    const { clean, clientId } = settings;
    const run: Run = {
      settings,
      willArmed: undefined,
      attempt: 0,
      shortLives: 0,
      session: { clean, clientId },
      lost: undefined,
    };
    this.#run = run;
    this.#watching ??= this.#watch(() => this.#onWake());
    this.#subscriptions.forget();
    this.#emit({ kind: 'connecting', attempt: 1, since: Date.now(), steps: [] });
    void this.#closing.then(() => {
      if (this.#run === run) {
        this.#startAttempt(run);
      }
    });
  }

  async disconnect(): Promise<void> {
    if (this.#run === undefined) {
      await this.#closing;
      this.#emitOffline();
      return;
    }
    this.#emit({ kind: 'disconnecting' });
    await this.#endRun(true);
  }

  disarmWill(): void {
    if (this.#run !== undefined) {
      const { will: _, ...settings } = this.#run.settings;
      this.#run.settings = settings;
    }
  }

  async drop(): Promise<void> {
    if (!this.#isUp) {
      throw fail('connector.offline', 'There is no connection to drop.', 'Connect first.');
    }
    await this.#endRun(false);
  }

  setSubscriptions(subscriptions: readonly SentSubscription[]): Promise<void> {
    return this.#subscriptions.set(subscriptions);
  }

  get backlog(): number {
    return this.#publisher.backlog;
  }

  publish(
    message: OutgoingMessage,
    onSent: (at: number) => void,
    stillWanted?: () => void,
  ): Promise<PublishReceipt> {
    return this.#publisher.publish(message, onSent, stillWanted);
  }

  tap(tap: PacketTap | undefined): void {
    this.#tap = tap;
    this.#link?.tap(tap);
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#leave(true);
  }

  async #endRun(orderly: boolean): Promise<void> {
    await this.#leave(orderly);
    this.#emitOffline();
  }

  /** After a wait, in which the user may have connected again. */
  #emitOffline(): void {
    if (this.#run === undefined) {
      this.#emit({ kind: 'offline' });
    }
  }

  /** Ends the run, whatever it is doing, and resolves when its socket is closed. */
  #leave(orderly: boolean): Promise<void> {
    const link = this.#link;
    clearTimeout(this.#retryTimer);
    this.#stopWatching();
    this.#reportGap();
    this.#run = undefined;
    this.#link = undefined;
    this.#goDown();
    this.#inFlight.abandon('Disconnected');
    if (link !== undefined) {
      this.#closing = Promise.all([this.#closing, link.close(orderly)]).then(() => undefined);
    }
    return this.#closing;
  }

  /** What waited before the machine slept need not wait any longer; what was up may be dead. */
  #onWake(): void {
    const run = this.#run;
    if (run === undefined) {
      return;
    }
    if (this.#isUp) {
      this.#link?.probe();
      return;
    }
    clearTimeout(this.#retryTimer);
    const link = this.#link;
    this.#link = undefined;
    run.attempt = 0;
    this.#closing = Promise.all([this.#closing, link?.close(false)]).then(() => undefined);
    void this.#closing.then(() => {
      if (this.#run === run && this.#link === undefined) {
        this.#startAttempt(run);
      }
    });
  }

  #stopWatching(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
  }

  #startAttempt(run: Run): void {
    run.attempt += 1;
    const since = Date.now();
    const { session, settings } = run;
    const link = new Link(
      settings,
      this.#inFlight,
      {
        session,
        shortLives: run.shortLives,
        waitingFor: () =>
          this.#subscriptions.isWaiting ? 'subscribe' : this.#publisher.isWaiting ? 'publish' : undefined,
      },
      {
        onMessage: (topic, payload, packet) => this.#events.onMessage(topic, payload, packet),
        onSteps: () =>
          this.#emit({ kind: 'connecting', attempt: run.attempt, since, steps: link.steps.list() }),
        systemProxy: this.#events.systemProxy?.bind(this.#events),
        onKeyLog: (line) => this.#events.onKeyLog?.(line),
        onConnected: (client, dialled, packet) => {
          run.willArmed = settings.will?.topic;
          this.#onConnected(run, link, { client, dialled, packet, clean: session.clean });
        },
        onEnd: (verdict) => this.#onEnd(run, link, verdict),
      },
    );
    this.#link = link;
    link.tap(this.#tap);
    void link.start();
  }

  #onConnected(run: Run, link: Link, { client, dialled, packet, clean }: Connected): void {
    const { settings } = run;
    const connack = summariseConnack(packet);
    const clientId = connack.assignedClientId ?? run.session.clientId;
    if (
      settings.mqttVersion === '5.0' &&
      (connack.sessionExpiryInterval ?? settings.sessionExpiryInterval) > 0
    ) {
      // Clean Start is for the beginning; after a loss we come back to our own session (MQTT 5.0 section 3.1.2.4).
      run.session = { clean: false, clientId };
    }
    this.#isUp = true;
    this.#reportGap();
    const { mqttVersion } = settings;
    this.#emit({
      kind: 'connected',
      since: Date.now(),
      endpoint: dialled.endpoint,
      mqttVersion,
      clientId,
      ...(dialled.tls === undefined ? {} : { tls: dialled.tls }),
      connack,
      ...(link.credentialsExpireAt === undefined ? {} : { credentialsExpireAt: link.credentialsExpireAt }),
      steps: link.steps.list(),
    });
    this.#publisher.connected({ client, mqttVersion, connack });
    this.#subscriptions.connected({ client, mqttVersion, clean, connack });
  }

  #onEnd(run: Run, link: Link, verdict: Verdict): void {
    const { failure } = verdict;
    const goesOn = verdict.retry && run.settings.reconnect.enabled;
    this.#link = undefined;
    if (this.#isUp) {
      const at = Date.now();
      // Told at once: whoever looks at a stream that stands still should not have to look elsewhere for the reason.
      this.#events.onLost(at, failure.message);
      run.lost = goesOn ? { at, reason: failure.message } : undefined;
      run.shortLives = link.age < SHORT_LIFE && silentEnds.has(failure.code) ? run.shortLives + 1 : 0;
      run.attempt = link.age < STABLE ? run.attempt : 0;
    } else {
      // Twins find the broker at each try: what also fails to connect has another trouble.
      run.shortLives = 0;
    }
    this.#goDown();
    const steps = link.steps.list();
    if (!goesOn) {
      this.#reportGap();
      this.#run = undefined;
      this.#stopWatching();
      this.#inFlight.abandon(failure.message);
      const { redirect } = verdict;
      this.#emit({ kind: 'failed', failure, steps, ...(redirect === undefined ? {} : { redirect }) });
      return;
    }
    if (run.session.clean) {
      // The next CONNECT throws the session away; whoever waits for an acknowledgement should not wait for that.
      this.#inFlight.abandon(failure.message);
    }
    const delay = delayAfter(run, failure.code);
    this.#retryTimer = setTimeout(() => this.#startAttempt(run), delay);
    this.#emit({ kind: 'waiting', attempt: run.attempt + 1, retryAt: Date.now() + delay, failure, steps });
  }

  #goDown(): void {
    if (this.#isUp) {
      this.#isUp = false;
      this.#publisher.disconnected();
      this.#subscriptions.disconnected();
    }
  }

  #reportGap(): void {
    const lost = this.#run?.lost;
    if (this.#run !== undefined && lost !== undefined) {
      this.#run.lost = undefined;
      this.#events.onGap(lost.at, Date.now(), lost.reason);
    }
  }

  #emit(state: ConnectionState): void {
    const will = this.#isUp ? this.#run?.willArmed : undefined;
    this.#events.onState(state, will);
  }
}
