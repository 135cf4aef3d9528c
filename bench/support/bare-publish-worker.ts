import { parentPort, workerData } from 'node:worker_threads';
import { connectAsync } from 'mqtt';

/** The yardstick of load tests: mqtt.js that publishes at QoS 1 and does nothing else. Posts the milliseconds it took. */
const { port, messages, inFlight } = workerData as { port: number; messages: number; inFlight: number };
const client = await connectAsync({ host: '127.0.0.1', port, protocolVersion: 5 });
let begun = 0;
const since = performance.now();
const lane = async () => {
  while (begun < messages) {
    begun += 1;
    await client.publishAsync(`load/${(begun % 10) + 1}`, String(begun), { qos: 1 });
  }
};
await Promise.all(Array.from({ length: inFlight }, lane));
const milliseconds = performance.now() - since;
await client.endAsync();
parentPort?.postMessage(milliseconds);
