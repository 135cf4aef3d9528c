import { parentPort, workerData } from 'node:worker_threads';
import { connect } from 'mqtt';

/** The yardstick for what a broker drops: mqtt.js that only counts. Posts its count whenever it is asked. */
const { port, qos } = workerData as { port: number; qos: 0 | 1 };
const client = connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
let count = 0;
client.on('message', () => {
  count += 1;
});
client.on('connect', () => client.subscribe('#', { qos }));
client.on('error', (error) => {
  throw error;
});
parentPort?.on('message', (message) => {
  if (message === 'end') {
    client.end(true, () => parentPort?.close());
  } else {
    parentPort?.postMessage(count);
  }
});
