import { EventEmitter } from 'node:events';
import type { MqttClient } from 'mqtt';
import { describe, expect, it } from 'vitest';
import type { ConnackSummary } from '#app/contract/session-state.ts';
import type { OutgoingMessage } from './connector.ts';
import { Publisher } from './publisher.ts';

type Done = (error?: Error, packet?: object) => void;

/** A broker that acknowledges when it is told to. */
function start(receiveMaximum: number) {
  const publisher = new Publisher();
  const sent: { readonly topic: string; readonly done: Done }[] = [];
  const client = Object.assign(new EventEmitter(), {
    publish(topic: string, _payload: unknown, options: { cbStorePut?: () => void }, done: Done) {
      options.cbStorePut?.();
      sent.push({ topic, done });
    },
  }) as unknown as MqttClient;
  const connack = { receiveMaximum } as ConnackSummary;
  const connect = () => publisher.connected({ client, mqttVersion: '5.0', connack });
  connect();
  const publish = (topic: string, stillWanted?: () => void) => {
    const message: OutgoingMessage = {
      topic,
      payload: new Uint8Array(),
      qos: 1,
      retain: false,
      properties: {},
    };
    return publisher
      .publish(message, () => {}, stillWanted)
      .then(
        () => `${topic} done`,
        (error: { failure?: { code: string }; message: string }) =>
          `${topic} ${error.failure?.code ?? error.message}`,
      );
  };
  const acknowledge = async (index: number) => {
    sent[index]?.done(undefined, { messageId: index });
    await settled();
  };
  return { publisher, publish, sent: () => sent.map(({ topic }) => topic), acknowledge };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const takenBack = () => {
  throw new Error('taken back');
};

describe('Publisher', () => {
  it('keeps to the Receive Maximum and to the order, also for those that come while others wait', async () => {
    const { publish, sent, acknowledge } = start(2);
    const all = ['a', 'b', 'c', 'd'].map((topic) => publish(topic));
    await settled();
    expect(sent()).toEqual(['a', 'b']);
    const first = acknowledge(1);
    all.push(publish('e'));
    await first;
    expect(sent()).toEqual(['a', 'b', 'c']);
    await acknowledge(0);
    await acknowledge(2);
    await acknowledge(3);
    await acknowledge(4);
    expect(await Promise.all(all)).toEqual(['a done', 'b done', 'c done', 'd done', 'e done']);
  });

  it('takes back what is not wanted any more when its turn comes, and goes on with the next', async () => {
    const { publish, sent, acknowledge } = start(1);
    // What is sent at once is asked nothing.
    const all = [publish('a', takenBack), publish('b', takenBack), publish('c', takenBack), publish('d')];
    await settled();
    await acknowledge(0);
    expect(sent()).toEqual(['a', 'd']);
    await acknowledge(1);
    expect(await Promise.all(all)).toEqual(['a done', 'b taken back', 'c taken back', 'd done']);
  });

  it('fails what waits when the connection is lost', async () => {
    const { publisher, publish, sent } = start(1);
    void publish('a');
    const waiting = [publish('b'), publish('c')];
    publisher.disconnected();
    expect(await Promise.all(waiting)).toEqual(['b publish.offline', 'c publish.offline']);
    expect(sent()).toEqual(['a']);
  });
});
