import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';

/** A message as another client received it, with its MQTT 5 properties. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
  readonly properties: NonNullable<IPublishPacket['properties']>;
}

/** Another client of the broker under test: what the rest of the plant does. Publishes and listens with MQTT 5. */
export interface OtherClient {
  publish(
    topic: string,
    payload: string | Uint8Array,
    options?: Parameters<MqttClient['publishAsync']>[2],
  ): Promise<void>;
  /** Messages of the filter from now on, oldest first; the list grows. */
  listen(filter: string): Promise<readonly ReceivedMessage[]>;
  end(): Promise<void>;
}

/** Connects to a plain listener on loopback. What is published is at QoS 1 unless asked otherwise, so it has arrived. */
export async function connectOther(
  port: number,
  version: 4 | 5 = 5,
  signIn: { readonly username?: string; readonly password?: string } = {},
): Promise<OtherClient> {
  const client = await connectAsync({
    host: '127.0.0.1',
    port,
    protocolVersion: version,
    reconnectPeriod: 0,
    ...signIn,
  });
  const messages: ReceivedMessage[] = [];
  client.on('message', (topic, payload, packet) => {
    const { qos, retain, properties = {} } = packet;
    messages.push({ topic, payload, qos, retain, properties });
  });
  return {
    async publish(topic, payload, options = {}) {
      await client.publishAsync(topic, typeof payload === 'string' ? payload : Buffer.from(payload), {
        qos: 1,
        ...options,
      });
    },
    async listen(filter) {
      await client.subscribeAsync(filter, { qos: 2 });
      return messages;
    },
    end: () => client.endAsync(true),
  };
}
