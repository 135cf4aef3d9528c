import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoBroker, startDemoBroker } from './demo-broker.ts';

describe('demo broker', () => {
  let broker: DemoBroker;
  let client: MqttClient;
  const seen = new Map<string, { payload: Buffer; retain: boolean; count: number }>();

  beforeAll(async () => {
    broker = await startDemoBroker();
    client = await connectAsync({ host: '127.0.0.1', port: broker.port, protocolVersion: 4 });
    client.on('message', (topic, payload, packet) => {
      seen.set(topic, { payload, retain: packet.retain, count: (seen.get(topic)?.count ?? 0) + 1 });
    });
    await client.subscribeAsync('#');
  });

  afterAll(async () => {
    await client.endAsync(true);
    await broker.close();
  });

  it('delivers retained messages at once', async () => {
    await expect.poll(() => seen.get('plant/info')?.retain).toBe(true);
    expect(seen.get('plant//spare')?.payload.toString()).toContain('empty segment');
    expect(seen.get('devices/pycom-07/status')?.payload.toString()).toBe('online');
  });

  it('has JSON, XML, numbers, text and binary live', async () => {
    await expect.poll(() => seen.has('plant/weather') && seen.has('plant/log'), { timeout: 8000 }).toBe(true);
    expect(JSON.parse(seen.get('plant/line1/filler/telemetry')?.payload.toString() ?? '')).toHaveProperty(
      'temp',
    );
    expect(seen.get('plant/weather')?.payload.toString()).toMatch(/^<\?xml/);
    expect(Number(seen.get('plant/energy/press/power')?.payload.toString())).toBeGreaterThan(0);
    expect([...(seen.get('plant/camera1/thermal')?.payload.subarray(0, 4) ?? [])]).toEqual([
      0x54, 0x48, 0x52, 0x4d,
    ]);
  });

  it('answers x/set with a retained x/state', async () => {
    await client.publishAsync('plant/line1/valve/set', '{"open":true}');
    await expect.poll(() => seen.get('plant/line1/valve/state')?.payload.toString()).toBe('{"open":true}');
  });
});
