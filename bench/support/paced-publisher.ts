import { connect } from 'node:net';
import { floodTopic, publishPacket } from './flood-packets.ts';

/**
 * A child process that publishes to a broker at a steady rate: `{port, rate, topics, seconds}` as its argument.
 * Each payload starts with the time of sending, so that the age on screen can be read there.
 * Prints `{sent, late}` at the end: messages sent, and how many percent of the wanted rate were reached.
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as {
  port: number;
  rate: number;
  topics: number;
  seconds: number;
  /** Instead of the usual topics: this and a number. */
  prefix?: string;
  retain?: boolean;
};
const topicOf = (index: number) => (plan.prefix === undefined ? floodTopic(index) : `${plan.prefix}${index}`);
const filler = JSON.stringify({ unit: 'degC', quality: 'good', site: 'north', note: 'a line of text' }).slice(
  1,
);
/** Milliseconds between two bursts of packets. */
const TICK = 5;

const socket = connect(plan.port, '127.0.0.1');
socket.setNoDelay(true);
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
const id = Buffer.from(`pacer-${process.pid}`);
socket.write(
  Buffer.concat([
    Buffer.from([0x10, 12 + id.length, 0, 4]),
    Buffer.from('MQTT'),
    Buffer.from([4, 2, 0, 0, 0, id.length]),
    id,
  ]),
);

let sent = 0;
let begin = 0;
socket.once('data', () => {
  begin = performance.now();
  tick();
});

function tick(): void {
  const elapsed = performance.now() - begin;
  if (elapsed >= plan.seconds * 1000) {
    const reached = Math.round((sent / (plan.rate * plan.seconds)) * 100);
    socket.end(Buffer.from([0xe0, 0]), () => {
      process.stdout.write(`${JSON.stringify({ sent, reached })}\n`);
      process.exit(0);
    });
    return;
  }
  const due = Math.floor((elapsed / 1000) * plan.rate) - sent;
  // A socket that is not drained means the broker can't take more: the rate is then reported as not reached.
  if (due > 0 && socket.writableLength < 4_000_000) {
    const packets: Buffer[] = [];
    const now = Date.now();
    for (let index = 0; index < due; index++) {
      const payload = `{"t":${now},"n":${sent + index},${filler}`;
      packets.push(
        publishPacket(
          topicOf((sent + index) % plan.topics),
          payload,
          { ...plan, qos: 0, level: 4, messages: 0 },
          0,
        ),
      );
    }
    socket.write(Buffer.concat(packets));
    sent += due;
  }
  setTimeout(tick, TICK);
}
