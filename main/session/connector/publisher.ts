import type { MqttClient, Packet } from 'mqtt';
import { type FailureError, fail } from '#app/contract/failure.ts';
import type { PublishSteps } from '#app/contract/operations/session.ts';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import { formatCode, reasonOf } from '#app/mqtt/reason-codes.ts';
import { topicNameProblem, utf8Length } from '#app/mqtt/topic.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { oversizedProperty, propertiesSize, publishProperties, toBuffer } from './connect-options.ts';
import type { OutgoingMessage, PublishReceipt } from './connector.ts';

/** A connection that is up, as far as publishing needs it. */
export interface PublishingConnection {
  readonly client: MqttClient;
  readonly mqttVersion: MqttVersion;
  readonly connack: ConnackSummary;
}

/** PUBACK or PUBREC; times of `performance.now()`. */
interface Answer {
  readonly reasonCode: number;
  readonly at: number;
  /** Of the PUBREL, at QoS 2. */
  releasedAt?: number;
}

/** The largest PUBLISH: a remaining length of four bytes (MQTT 2.2.3). */
const MAX_PACKET = 268_435_460;

/** Sends messages and tells what became of them. Keeps within what the broker said it takes. */
export class Publisher {
  #connection: PublishingConnection | undefined;
  /** QoS 1 and 2 that have their place among what the broker takes at the same time: sent and not acknowledged. */
  #inFlight = 0;
  /** Those that wait for a place, in their order. Whoever calls one has given it its place. */
  readonly #waiting: (() => void)[] = [];
  /** What the broker answered, by packet identifier; mqtt.js passes reason codes on only when they mean failure. */
  readonly #answers = new Map<number, Answer>();
  #isWatching = false;
  readonly #onPacket = (packet: Packet) => {
    if ((packet.cmd === 'puback' || packet.cmd === 'pubrec') && packet.messageId !== undefined) {
      this.#answers.set(packet.messageId, { reasonCode: packet.reasonCode ?? 0, at: performance.now() });
    }
  };
  readonly #onPacketSent = (packet: Packet) => {
    const answer = packet.cmd === 'pubrel' ? this.#answers.get(packet.messageId ?? 0) : undefined;
    if (answer !== undefined) {
      answer.releasedAt = performance.now();
    }
  };

  /** True while a message waits for its acknowledgement. */
  get isWaiting(): boolean {
    return this.#inFlight > 0;
  }

  /** Bytes that are written and that the socket has not taken yet. */
  get backlog(): number {
    return this.#connection?.client.stream.writableLength ?? 0;
  }

  connected(connection: PublishingConnection): void {
    this.#unwatch();
    this.#connection = connection;
    this.#watch();
    this.#admit();
  }

  disconnected(): void {
    this.#unwatch();
    this.#connection = undefined;
    // They find no connection, fail, and give their places back.
    for (const next of this.#waiting.splice(0)) {
      this.#inFlight += 1;
      next();
    }
  }

  /** See `Connector.publish`. */
  async publish(
    message: OutgoingMessage,
    onSent: (at: number) => void,
    stillWanted?: () => void,
  ): Promise<PublishReceipt> {
    check(message, this.#open());
    if (message.qos === 0) {
      return this.#sendOnce(message, onSent);
    }
    const hasWaited = this.#isFull || this.#waiting.length > 0;
    if (hasWaited) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#inFlight += 1;
    }
    try {
      if (hasWaited) {
        stillWanted?.();
        // It may be another connection, to a broker that takes less.
        check(message, this.#open());
      }
      this.#watch();
      return await this.#sendAcknowledged(message, onSent);
    } finally {
      this.#inFlight -= 1;
      this.#watch();
      this.#admit();
    }
  }

  #open(): PublishingConnection {
    if (this.#connection === undefined) {
      throw fail(
        'publish.offline',
        'Not connected, so nothing was sent.',
        'Connect first, then publish again.',
      );
    }
    return this.#connection;
  }

  #unwatch(): void {
    this.#isWatching = false;
    this.#connection?.client.removeListener('packetreceive', this.#onPacket);
    this.#connection?.client.removeListener('packetsend', this.#onPacketSent);
  }

  /** Listens to every packet only while an acknowledgement is due: the listener costs time on each received message. */
  #watch(): void {
    const client = this.#connection?.client;
    const isDue = this.#inFlight > 0;
    if (!isDue) {
      this.#answers.clear();
    }
    if (isDue === this.#isWatching || client === undefined) {
      return;
    }
    if (isDue) {
      this.#isWatching = true;
      client.on('packetreceive', this.#onPacket);
      client.on('packetsend', this.#onPacketSent);
    } else {
      this.#unwatch();
    }
  }

  get #isFull(): boolean {
    return this.#inFlight >= (this.#connection?.connack.receiveMaximum ?? 65_535);
  }

  #admit(): void {
    while (this.#connection !== undefined && !this.#isFull) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        return;
      }
      this.#inFlight += 1;
      next();
    }
  }

  #sendOnce(message: OutgoingMessage, onSent: (at: number) => void): PublishReceipt {
    const { client, mqttVersion } = this.#open();
    let failure: unknown;
    // Its callback may wait for the socket to drain and never come if that closes; an error comes at once.
    client.publish(message.topic, toBuffer(message.payload), optionsOf(message, mqttVersion), (error) => {
      failure = error;
    });
    if (failure !== undefined && failure !== null) {
      throw explainLost(failure);
    }
    const sentAt = Date.now();
    onSent(sentAt);
    return { sentAt };
  }

  #sendAcknowledged(message: OutgoingMessage, onSent: (at: number) => void): Promise<PublishReceipt> {
    const { client, mqttVersion } = this.#open();
    return new Promise((resolve, reject) => {
      let sentAt = Date.now();
      let since = performance.now();
      const options = {
        ...optionsOf(message, mqttVersion),
        // Called when the packet is stored, just before it is written.
        cbStorePut: (error?: Error | null) => {
          // With an error when the connection was lost while older messages were being sent again: it did not go out.
          if (error === undefined || error === null) {
            sentAt = Date.now();
            since = performance.now();
            onSent(sentAt);
          }
        },
      };
      client.publish(message.topic, toBuffer(message.payload), options, (error, packet) => {
        const at = Date.now();
        const refused = refusalCode(error);
        if (refused !== undefined) {
          reject(explainRefused(refused, mqttVersion));
          return;
        }
        if (error !== undefined && error !== null) {
          reject(explainLost(error));
          return;
        }
        const answer = this.#answers.get(packet?.messageId ?? 0);
        this.#answers.delete(packet?.messageId ?? 0);
        const reasonCode = answer?.reasonCode ?? 0;
        const { name } = reasonOf(reasonCode, 'puback', mqttVersion);
        const steps = stepsOf(answer, since);
        resolve({
          sentAt,
          acknowledged: { at, reasonCode, reasonName: name, ...(steps === undefined ? {} : { steps }) },
        });
      });
    });
  }
}

/** What QoS 2 took, at its end; `undefined` where not all of it was on this connection. */
function stepsOf(answer: Answer | undefined, since: number): PublishSteps | undefined {
  if (answer?.releasedAt === undefined || answer.at < since) {
    return undefined;
  }
  return {
    received: answer.at - since,
    released: answer.releasedAt - since,
    completed: performance.now() - since,
  };
}

function optionsOf(message: OutgoingMessage, version: MqttVersion) {
  const { qos, retain } = message;
  return version === '5.0'
    ? { qos, retain, properties: publishProperties(message.properties) }
    : { qos, retain };
}

/** Refuses before sending what the broker would answer by closing the connection. */
function check(message: OutgoingMessage, { mqttVersion, connack }: PublishingConnection): void {
  const problem = topicNameProblem(message.topic, mqttVersion);
  if (problem !== undefined) {
    throw fail('publish.topic', problem, 'Correct the topic; nothing was sent.');
  }
  const { responseTopic } = message.properties;
  const responseProblem =
    mqttVersion === '5.0' && responseTopic !== undefined ? topicNameProblem(responseTopic) : undefined;
  if (responseProblem !== undefined) {
    throw fail(
      'publish.response-topic',
      `Response topic: ${responseProblem}`,
      'Correct it; nothing was sent.',
    );
  }
  const oversized = mqttVersion === '5.0' ? oversizedProperty(message.properties) : undefined;
  if (oversized !== undefined) {
    throw fail(
      'publish.property',
      `${oversized} is longer than the 65,535 bytes that MQTT allows.`,
      'Shorten it; nothing was sent.',
    );
  }
  if (message.retain && connack.retainAvailable === false) {
    throw fail(
      'publish.retain',
      'This broker keeps no retained messages.',
      'Switch Retain off; nothing was sent.',
    );
  }
  if (message.qos > (connack.maximumQos ?? 2)) {
    throw fail(
      'publish.qos',
      `This broker takes messages up to QoS ${connack.maximumQos} only.`,
      'Choose a lower QoS; nothing was sent.',
    );
  }
  const size = utf8Length(message.topic) + message.payload.length + propertiesSize(message.properties) + 9;
  const limit = Math.min(connack.maximumPacketSize ?? MAX_PACKET, MAX_PACKET);
  if (size > limit) {
    throw fail(
      'publish.too-large',
      `The message takes about ${size} bytes, more than the ${limit} that can be sent to this broker.`,
      'Send a smaller payload; nothing was sent.',
    );
  }
}

/** The reason code that mqtt.js puts into the error of a refused message. */
function refusalCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

function explainRefused(code: number, version: MqttVersion): FailureError {
  const reason = reasonOf(code, 'puback', version);
  return fail('publish.refused', reason.message, reason.hint, `${formatCode(code)} ${reason.name}`);
}

function explainLost(error: unknown): FailureError {
  return fail(
    'publish.unacknowledged',
    'The connection ended before the broker acknowledged the message.',
    'It may have arrived or not. Publish it again if it matters more than a double.',
    error instanceof Error ? error.message : String(error),
  );
}
