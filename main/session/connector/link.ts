import type { Socket } from 'node:net';
import { type IConnackPacket, type IDisconnectPacket, MqttClient, type Packet } from 'mqtt';
import type { ConnectionSettings } from '../settings.ts';
import { authenticate, scramFor } from './authentication.ts';
import { connectOptions, type SessionOverrides } from './connect-options.ts';
import type { ConnectorEvents, ReceivedPacket } from './connector.ts';
import { type Dialled, dial, targetOf } from './dial.ts';
import { explainConnack, explainDeadAfterWake, explainEarlyEnd, explainLoss } from './explain-mqtt.ts';
import { explainTimeout } from './explain-network.ts';
import { explainTlsError } from './explain-tls.ts';
import { freshCredentials, withCredentials } from './fresh-credentials.ts';
import { gatherWrites } from './gather-writes.ts';
import { guardWrites } from './guard-writes.ts';
import type { InFlight } from './in-flight.ts';
import { keepAliveTimers } from './keep-alive.ts';
import type { PacketTap } from './packet-tap.ts';
import { PublishLane } from './publish-lane.ts';
import { ReadAhead } from './read-ahead.ts';
import type { ScramExchange } from './scram.ts';
import { Steps } from './steps.ts';
import { withSystemProxy } from './system-proxy.ts';
import { contextOf } from './tls-options.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What a {@link Link} tells its connector. After `onEnd` or `close` it tells nothing more. */
export interface LinkEvents {
  onMessage(topic: string, payload: Uint8Array, packet: ReceivedPacket): void;
  onSteps(): void;
  readonly systemProxy: ConnectorEvents['systemProxy'];
  onKeyLog(line: Uint8Array): void;
  onConnected(client: MqttClient, dialled: Dialled, connack: IConnackPacket): void;
  onEnd(verdict: Verdict): void;
}

/** What the connector knows and a lost link needs for its explanation. */
export interface LinkContext {
  readonly session: SessionOverrides;
  /** Links in a row that ended soon after they were up, this one not counted. */
  readonly shortLives: number;
  waitingFor(): 'subscribe' | 'publish' | undefined;
}

/** Milliseconds under which a link that was up counts as short-lived: twins wait that long between two tries at most. */
export const SHORT_LIFE = 30_000;

/** Milliseconds that a broker has to answer a PINGREQ after the machine slept. */
const PROBE_TIME = 5000;

/** The first bytes of the packets that may answer CONNECT; AUTH only where we asked for enhanced authentication. */
const CONNACK = 0x20;
const AUTH = 0xf0;

/** DISCONNECT without properties, reason 0: the same bytes in every version (3.1.1 section 3.14, 5.0 section 3.14). */
const DISCONNECT = Uint8Array.of(0xe0, 0x00);

/** Milliseconds that a broker has to close its side after our DISCONNECT. */
const CLOSE_TIME = 1000;

const ignore = () => undefined;

/** One attempt to reach the broker and, where it succeeds, the connection until its end. Never used twice. */
export class Link {
  readonly steps: Steps;
  #settings: ConnectionSettings;
  readonly #inFlight: InFlight;
  readonly #context: LinkContext;
  readonly #abort = new AbortController();
  readonly #lane: PublishLane;
  #events: LinkEvents | undefined;
  #timer: NodeJS.Timeout | undefined;
  #client: MqttClient | undefined;
  #stream: ReadAhead | undefined;
  #tap: PacketTap | undefined;
  #socket: Socket | undefined;
  #connectedAt: number | undefined;
  #credentialsExpireAt: number | undefined;
  /** Seconds; the broker may ask for another time than the settings (MQTT 5.0 section 3.2.2.3.14). */
  #keepAlive: number;
  #firstBytes: Uint8Array = new Uint8Array();
  #error: unknown;
  #disconnect: IDisconnectPacket | undefined;
  #scram: ScramExchange | undefined;

  constructor(settings: ConnectionSettings, inFlight: InFlight, context: LinkContext, events: LinkEvents) {
    this.#settings = settings;
    this.#keepAlive = settings.keepAlive;
    this.#inFlight = inFlight;
    this.#context = context;
    this.#events = events;
    this.#lane = new PublishLane({
      hasProperties: settings.mqttVersion === '5.0',
      maximumPacketSize: settings.mqtt5.maximumPacketSize,
      onMessage: (topic, payload, packet) => this.#events?.onMessage(topic, payload, packet),
    });
    this.steps = new Steps(() => this.#events?.onSteps());
  }

  /** Milliseconds since CONNACK; 0 before. */
  get age(): number {
    return this.#connectedAt === undefined ? 0 : performance.now() - this.#connectedAt;
  }

  /** When what we logged in with is over, in ms since the epoch; undefined: never. */
  get credentialsExpireAt(): number | undefined {
    return this.#credentialsExpireAt;
  }

  /** Listens along with the bytes of this link, from now on. */
  tap(tap: PacketTap | undefined): void {
    this.#tap = tap;
    this.#stream?.tap(tap, this.#settings.mqttVersion);
  }

  /** Begins; everything that can happen is told through the events. */
  async start(): Promise<void> {
    const seconds = this.#settings.connectTimeout;
    this.#timer = setTimeout(() => {
      const target = targetOf(this.#settings);
      this.#end(explainTimeout(this.steps.stage ?? 'dns', target, seconds));
    }, seconds * 1000);
    try {
      this.#settings = await withSystemProxy(this.#settings, this.#events?.systemProxy);
      const { settings, expiresAt } = await freshCredentials(this.#settings);
      this.#credentialsExpireAt = expiresAt;
      this.#scram = scramFor(settings);
      const options = connectOptions(settings, this.#context.session, this.#scram);
      const dialled = await dial(settings, this.#abort.signal, this.steps, (line) =>
        this.#events?.onKeyLog(line),
      );
      if (this.#events === undefined) {
        dialled.stream.destroy();
        dialled.socket.destroy();
        return;
      }
      this.steps.begin('connect');
      this.#speak(dialled, options);
    } catch (error) {
      this.#end(verdictOf(error));
    }
  }

  /** Hands the stream to mqtt.js, which sends CONNECT at once. */
  #speak(dialled: Dialled, options: ReturnType<typeof connectOptions>): void {
    const { socket } = dialled;
    const stream = new ReadAhead(dialled.stream, this.#lane);
    this.#stream = stream;
    stream.tap(this.#tap, this.#settings.mqttVersion);
    this.#socket = socket;
    guardWrites(stream);
    stream.on('error', (error: Error) => {
      this.#error ??= error;
    });
    stream.once('close', () => this.#end(this.#explainClose()));
    stream.once('data', (chunk: Uint8Array) => {
      this.#firstBytes = Uint8Array.from(chunk.subarray(0, 16));
      if (chunk[0] !== CONNACK && !(chunk[0] === AUTH && this.#scram !== undefined)) {
        // Whatever it is, as MQTT it may look like the beginning of a long packet that never comes.
        this.#end(this.#explainClose());
      }
    });
    const client = new MqttClient(() => stream, {
      ...options,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // The time for CONNACK is part of ours for all stages.
      connectTimeout: 2 ** 31 - 1,
      incomingStore: this.#inFlight.incoming,
      outgoingStore: this.#inFlight.outgoing,
      messageIdProvider: this.#inFlight.messageIds,
      timerVariant: keepAliveTimers(
        () => socket.bytesRead,
        () => client.sendPing(),
      ),
      // Without it the library formats debug output for every packet.
      log: ignore,
    });
    this.#client = client;
    gatherWrites(stream);
    this.#inFlight.attach(client);
    client.on('error', (error) => {
      this.#error ??= error;
      // mqtt.js goes on after a packet that it could not read, out of step with the stream.
      stream.destroy();
    });
    authenticate(client, this.#scram, (error) => this.#end(verdictOf(error)));
    const onPacket = (packet: Packet) => {
      if (packet.cmd !== 'auth') {
        client.removeListener('packetreceive', onPacket);
        this.#onFirstPacket(packet, dialled, client);
      }
    };
    client.on('packetreceive', onPacket);
    client.once('disconnect', (packet) => {
      this.#disconnect = packet;
      stream.destroy();
    });
    client.on('message', (topic, payload, packet) => this.#events?.onMessage(topic, payload, packet));
  }

  #onFirstPacket(packet: Packet, dialled: Dialled, client: MqttClient): void {
    if (packet.cmd !== 'connack') {
      this.#error ??= new Error(`The first packet was ${packet.cmd} instead of CONNACK`);
      dialled.stream.destroy();
      return;
    }
    if ((packet.reasonCode ?? packet.returnCode ?? 0) !== 0) {
      this.#end(explainConnack(packet, this.#settings.mqttVersion));
      return;
    }
    try {
      this.#scram?.verify(packet.properties?.authenticationData);
    } catch (error) {
      this.#end(verdictOf(error));
      return;
    }
    clearTimeout(this.#timer);
    // MQTT 3.1 has no flag for it: a session that was not to be cleaned is taken to be there.
    const hasSession = packet.sessionPresent || this.#settings.mqttVersion === '3.1';
    if (this.#context.session.clean || !hasSession) {
      this.#inFlight.discard();
    }
    this.#connectedAt = performance.now();
    this.#lane.open();
    this.#keepAlive = packet.properties?.serverKeepAlive ?? this.#keepAlive;
    this.steps.done();
    // mqtt.js takes note of the CONNACK after this event.
    process.nextTick(() => this.#events?.onConnected(client, dialled, packet));
  }

  #explainClose(): Verdict {
    const target = targetOf(this.#settings);
    // In TLS 1.3 the server judges the client's certificate after the handshake (RFC 8446 section 4.4.2.4).
    const isSecure = target.protocol === 'mqtts' || target.protocol === 'wss';
    const tls = isSecure ? explainTlsError(this.#error, contextOf(this.#settings, target)) : undefined;
    if (tls !== undefined) {
      return tls;
    }
    const { mqttVersion } = this.#settings;
    if (this.#connectedAt === undefined) {
      return explainEarlyEnd({ ...target, mqttVersion, firstBytes: this.#firstBytes, error: this.#error });
    }
    return explainLoss({
      ...target,
      keepAlive: this.#keepAlive,
      disconnect: this.#disconnect,
      error: this.#error,
      shortLives: this.age < SHORT_LIFE ? this.#context.shortLives + 1 : 0,
      waitingFor: this.#context.waitingFor(),
    });
  }

  /** Asks whether the broker is still there, and gives the link up when nothing comes back. */
  probe(): void {
    const { bytesRead } = this.#socket ?? {};
    if (this.#connectedAt === undefined || bytesRead === undefined) {
      return;
    }
    this.#client?.sendPing();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#socket?.bytesRead === bytesRead) {
        this.#end(explainDeadAfterWake(targetOf(this.#settings)));
      }
    }, PROBE_TIME);
  }

  /** The end that nobody asked for. */
  #end(verdict: Verdict): void {
    const events = this.#events;
    if (events === undefined) {
      return;
    }
    this.steps.fail();
    this.#detach();
    this.#destroy();
    const wasUp = this.#connectedAt !== undefined;
    events.onEnd(withCredentials(verdict, this.#settings, this.#credentialsExpireAt, wasUp));
  }

  /**
   * The end that the user asked for; resolves once the socket is closed, within a second and a bit. `orderly` sends
   * DISCONNECT first, which makes the broker forget the will.
   */
  async close(orderly: boolean): Promise<void> {
    this.#detach();
    const stream = this.#stream;
    if (stream !== undefined && !stream.destroyed) {
      if (orderly && this.#connectedAt !== undefined) {
        const closed = new Promise<void>((resolve) => stream.once('close', resolve));
        stream.end(DISCONNECT);
        const timer = setTimeout(() => stream.destroy(), CLOSE_TIME);
        // A stream that does not even answer to `destroy` must not hold us.
        await Promise.race([closed, delay(CLOSE_TIME + 200)]);
        clearTimeout(timer);
      }
    }
    this.#destroy();
  }

  #detach(): void {
    this.#events = undefined;
    clearTimeout(this.#timer);
    this.#abort.abort(new Error('The attempt was ended'));
  }

  #destroy(): void {
    if (this.#client !== undefined) {
      this.#inFlight.detach(this.#client);
      this.#client.end(true);
    }
    this.#stream?.destroy();
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
