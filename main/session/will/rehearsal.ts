import { formatDuration, formatQuantity } from '#app/base/format.ts';
import { FailureError, fail, toFailure } from '#app/contract/failure.ts';
import type { Rehearsal } from '#app/contract/feeds/will.ts';
import type { RehearsalEnd } from '#app/contract/operations/will.ts';
import type { ConnectionState } from '#app/contract/session-state.ts';
import type { Qos } from '#app/profile/profile.ts';
import type { Connector, ConnectorEvents } from '../connector/connector.ts';
import { type StoredMessage, sameBytes } from '../retained/retained-link.ts';
import type { ConnectionSettings } from '../settings.ts';
import { throwAwaySettings } from '../throw-away-settings.ts';
import { type ArmedWill, compareWill, type WillArrival, type WillDelay, willDelay } from './armed-will.ts';
import { explainMissing, type PublishCheck } from './reasons.ts';
import { cancelledFailure, Watcher } from './watcher.ts';

/** Milliseconds that a will may take beyond its delay. */
const GRACE = 8_000;
/** Milliseconds after a DISCONNECT in which no will may come. */
const SILENCE = 3_000;
/** Milliseconds that the watcher's own message may take to come back. */
const ECHO = 2_000;
/** Milliseconds after the client is back in which a broker that had not noticed its end may send the will. */
const LATE = 1_500;
const LOOK = 20;

type Connected = Extract<ConnectionState, { readonly kind: 'connected' }>;

/** The session's connection, as far as a rehearsal needs it. */
export interface RehearsedConnection {
  readonly settings: ConnectionSettings;
  readonly will: ArmedWill;
  readonly state: Connected;
}

export interface RehearsalDependencies {
  readonly createConnector: (events: ConnectorEvents) => Connector;
  readonly state: () => ConnectionState;
  /** Ends the session's connection, and resolves when its socket is closed. */
  readonly end: (how: RehearsalEnd) => Promise<void>;
  readonly connect: (settings: ConnectionSettings) => void;
  /** Connected again: nothing was received from `from` on (milliseconds since the epoch). */
  readonly onBack: (from: number) => void;
  readonly onChange: (patch: Partial<Rehearsal>) => void;
}

/** One rehearsal, from the watcher's connect until everything is put back. */
export class RehearsalRun {
  readonly #dependencies: RehearsalDependencies;
  readonly #connection: RehearsedConnection;
  readonly #how: RehearsalEnd;
  readonly #delay: WillDelay;
  readonly #watcher: Watcher;
  readonly #stop = new AbortController();
  #isInterrupted = false;
  #isDisarmed = false;
  /** `performance.now()` from which on the will's message counts; undefined: not yet. */
  #from: number | undefined;
  #arrival: WillArrival | undefined;
  #others = 0;
  #before: StoredMessage | undefined;
  #granted: Qos = 2;

  constructor(connection: RehearsedConnection, how: RehearsalEnd, dependencies: RehearsalDependencies) {
    const { settings, will, state } = connection;
    this.#connection = connection;
    this.#how = how;
    this.#dependencies = dependencies;
    this.#delay = willDelay(will, settings, state.connack);
    const watching = throwAwaySettings(settings, { clientId: 'suffixed', armWill: false });
    this.#watcher = new Watcher(
      watching.settings,
      will.topic,
      dependencies.createConnector,
      ({ at, message, retain }) => {
        if (this.#from === undefined || at < this.#from) {
          return;
        }
        if (this.#arrival === undefined && sameBytes(message.payload, will.payload)) {
          this.#arrival = { message, retain, after: at - this.#from };
        } else {
          this.#others += 1;
        }
      },
    );
  }

  /** Waits no longer. `isInterrupted`: the user connects or disconnects, so the connection is left alone. */
  stop(isInterrupted: boolean): void {
    this.#isInterrupted ||= isInterrupted;
    this.#stop.abort();
  }

  /** The connection was made read-only: waits no longer, and comes back without a will. */
  disarm(): void {
    this.#isDisarmed = true;
    this.#stop.abort();
  }

  /** Resolves when everything is put back. Never rejects. */
  async run(): Promise<void> {
    const { onChange } = this.#dependencies;
    try {
      await this.#rehearse();
    } catch (error) {
      const failure = toFailure(error);
      onChange(
        failure.code === 'rehearsal.cancelled' ? { state: 'cancelled' } : { state: 'failed', failure },
      );
    } finally {
      await this.#watcher.close();
    }
  }

  async #rehearse(): Promise<void> {
    const { onChange, end, state } = this.#dependencies;
    const { signal } = this.#stop;
    try {
      await this.#watcher.connect(signal);
      const { kept, granted } = await this.#watcher.look();
      this.#before = kept;
      this.#granted = granted;
      if (signal.aborted) {
        throw cancelledFailure();
      }
      if (state().kind !== 'connected') {
        throw fail('rehearsal.lost', 'The connection was lost before it could be ended for the rehearsal.');
      }
    } catch (error) {
      onChange({ restored: ['Nothing was changed: the connection was left as it is.'] });
      throw error;
    }
    const endedAt = Date.now();
    // Some brokers wait for the whole delay though the session ends before (Mosquitto 2.0).
    const wait = this.#how === 'cut' ? this.#delay.configured * 1000 + GRACE : SILENCE;
    onChange({ phase: 'ending', endedAt });
    try {
      this.#from = performance.now();
      await end(this.#how);
      onChange({
        phase: 'waiting',
        waitsUntil: endedAt + wait,
        ...(this.#how === 'cut' ? { dueAt: endedAt + this.#delay.effective * 1000 } : {}),
      });
      await this.#until(() => this.#arrival !== undefined, this.#from + wait, signal);
      await this.#conclude(endedAt, wait);
    } catch (error) {
      await this.#reconnect(endedAt, []);
      throw error;
    }
  }

  async #conclude(endedAt: number, wait: number): Promise<void> {
    const { onChange } = this.#dependencies;
    const { will, settings } = this.#connection;
    const restored: string[] = [];
    if (this.#arrival !== undefined) {
      await this.#arrived(this.#arrival);
    } else if (this.#stop.signal.aborted) {
      onChange({ reasons: ['It was not waited for any longer.'] });
    } else if (this.#how === 'disconnect') {
      onChange({ verdict: 'discarded', reasons: [DISCARDED] });
    } else {
      onChange({ phase: 'checking' });
      const check = await this.#check();
      const { topic } = will;
      const { username, mqttVersion: version } = settings;
      const keepAlive = this.#connection.state.connack.serverKeepAlive ?? settings.keepAlive;
      onChange({
        verdict: 'missing',
        facts: compareWill(will, this.#delay, undefined),
        reasons: explainMissing({ topic, username, version, waited: wait, keepAlive, check }),
      });
    }
    const isMissing = this.#arrival === undefined && !this.#stop.signal.aborted && this.#how === 'cut';
    this.#arrival = undefined;
    onChange({ phase: 'restoring' });
    await this.#putBackRetained(restored);
    const back = performance.now();
    await this.#reconnect(endedAt, restored);
    if (isMissing) {
      await this.#lookForLate(back, restored);
    }
    onChange({ state: this.#stop.signal.aborted ? 'cancelled' : 'done', restored });
  }

  async #arrived(arrival: WillArrival): Promise<void> {
    const { onChange } = this.#dependencies;
    const { will } = this.#connection;
    let seen = arrival;
    if (will.retain && will.payload.length > 0) {
      onChange({ phase: 'checking' });
      const { kept } = await this.#watcher.look();
      seen = { ...arrival, isKept: kept !== undefined && sameBytes(kept.payload, will.payload) };
    } else if (will.retain) {
      // An empty retained message is never kept: it clears what was.
      seen = { ...arrival, isKept: true };
    }
    const facts = compareWill(will, this.#delay, seen, this.#granted);
    const isSame = facts.every((fact) => fact.isSame);
    const reasons = this.#how === 'disconnect' ? [UNEXPECTED] : [];
    if (this.#others > 0) {
      reasons.push(`${formatQuantity(this.#others, 'other message')} came on the topic meanwhile.`);
    }
    onChange({
      facts,
      reasons,
      verdict: this.#how === 'disconnect' ? 'unexpected' : isSame ? 'asConfigured' : 'differs',
    });
  }

  /** Publishes what the broker should have published, and sees what becomes of it. */
  async #check(): Promise<PublishCheck | undefined> {
    if (this.#watcher.lost !== undefined) {
      return undefined;
    }
    const { topic, payload, qos, retain, properties } = this.#connection.will;
    try {
      this.#from = performance.now();
      await this.#watcher.publish({ topic, payload, qos, retain, properties });
    } catch (error) {
      return { refused: toFailure(error), isSeen: false };
    }
    await this.#until(() => this.#arrival !== undefined, performance.now() + ECHO);
    return { isSeen: this.#arrival !== undefined };
  }

  /** A broker that held the old connection for alive ends it when the client is back, and sends the will then. */
  async #lookForLate(back: number, restored: string[]): Promise<void> {
    this.#arrival = undefined;
    this.#from = back;
    await this.#until(() => this.#arrival !== undefined, performance.now() + LATE);
    if (this.#arrival !== undefined) {
      this.#dependencies.onChange({ verdict: 'late', reasons: [CAME_LATE] });
      this.#arrival = undefined;
      await this.#putBackRetained(restored);
    }
  }

  /** Has the broker keep on the topic what it kept before, if the will has taken its place. */
  async #putBackRetained(restored: string[]): Promise<void> {
    const { topic, retain, payload } = this.#connection.will;
    if (!retain || this.#watcher.lost !== undefined) {
      return;
    }
    const before = this.#before;
    try {
      const { kept } = await this.#watcher.look();
      const isWill = kept === undefined ? payload.length === 0 : sameBytes(kept.payload, payload);
      if (!isWill || isSame(kept, before)) {
        return;
      }
      await this.#watcher.publish({
        topic,
        payload: before?.payload ?? new Uint8Array(),
        qos: before?.qos ?? 1,
        retain: true,
        properties: before?.properties ?? {},
      });
      if (!isSame((await this.#watcher.look()).kept, before)) {
        throw fail('rehearsal.kept', 'The broker still keeps another message.');
      }
      restored.push(
        before === undefined
          ? `The retained will was cleared from ${topic}: nothing was kept there before.`
          : `What was retained on ${topic} before the rehearsal is there again.`,
      );
    } catch (error) {
      restored.push(
        `What was retained on ${topic} before could not be put back. ${toFailure(error).message}`,
      );
    }
  }

  /** Connects as before: a session that outlives its connections is taken up again. */
  async #reconnect(endedAt: number, restored: string[]): Promise<void> {
    if (this.#isInterrupted) {
      restored.push('You connected or disconnected meanwhile: the connection was left to you.');
      return;
    }
    const { connect, state, onBack } = this.#dependencies;
    const { settings, state: before } = this.#connection;
    const expiry = before.connack.sessionExpiryInterval ?? settings.sessionExpiryInterval;
    const isKept = settings.mqttVersion === '5.0' && expiry > 0;
    const { will, ...withoutWill } = settings;
    const armed = this.#isDisarmed ? withoutWill : settings;
    connect(isKept ? { ...armed, clean: false, clientId: before.clientId } : armed);
    const deadline = performance.now() + settings.connectTimeout * 1000 + GRACE;
    const isSettled = () => state().kind !== 'connecting' || this.#isInterrupted;
    await this.#until(isSettled, deadline);
    const now = state();
    if (now.kind === 'connected') {
      onBack(endedAt);
      restored.push(`The connection is up again, after ${formatDuration(Date.now() - endedAt)}.`);
    } else if (now.kind === 'failed' || now.kind === 'waiting') {
      restored.push(`The connection could not be made again. ${now.failure.message}`);
    }
  }

  /** Resolves when it is so, at the deadline (`performance.now()`), when stopped, or when the watcher is lost. */
  async #until(isSo: () => boolean, deadline: number, signal?: AbortSignal): Promise<void> {
    while (!isSo() && performance.now() < deadline && signal?.aborted !== true) {
      if (signal !== undefined && this.#watcher.lost !== undefined) {
        throw new FailureError(this.#watcher.lost);
      }
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK));
    }
  }
}

const DISCARDED =
  'DISCONNECT makes the broker throw the will away (MQTT 5.0 section 3.14.4, 3.1.1 section 3.14.4): it is only for connections that end without one. So nothing came, as it should be.';
const UNEXPECTED =
  'The connection ended with DISCONNECT, which should have made the broker throw the will away (MQTT section 3.14.4). Another client may have sent the same message.';
const CAME_LATE =
  'It came only when the client was back: until then the broker took the old connection for alive. Something between keeps it open, such as a proxy or a load balancer; a shorter keep alive makes the broker notice sooner.';

function isSame(one: StoredMessage | undefined, other: StoredMessage | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameBytes(one.payload, other.payload);
}
