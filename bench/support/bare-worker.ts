import { parentPort, workerData } from 'node:worker_threads';
import { connect } from 'mqtt';

/** The yardstick: mqtt.js in a worker that does nothing but count. Posts `{milliseconds, cpu}` (ms) at the end. */
const { port, messages, qos, version } = workerData as {
  port: number;
  messages: number;
  qos: 0 | 1;
  version: 4 | 5;
};
const client = connect(`mqtt://127.0.0.1:${port}`, {
  protocolVersion: version,
  reconnectPeriod: 0,
  clientId: 'bare',
});
let count = 0;
let start = 0;
let cpuBefore = process.threadCpuUsage();
client.on('message', () => {
  if (count === 0) {
    start = performance.now();
    cpuBefore = process.threadCpuUsage();
  }
  count += 1;
  if (count === messages) {
    const milliseconds = performance.now() - start;
    const { user, system } = process.threadCpuUsage(cpuBefore);
    parentPort?.postMessage({ milliseconds, cpu: (user + system) / 1000 });
    client.end(true);
  }
});
client.on('connect', () => client.subscribe('#', { qos }));
client.on('error', (error) => {
  throw error;
});
