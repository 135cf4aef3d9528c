import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArmedWill, compareWill, type WillArrival, willDelay } from './armed-will.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const will: ArmedWill = { topic: 'a', payload: bytes('gone'), qos: 1, retain: false, properties: {} };
const arrivalOf = (overrides: Partial<WillArrival> = {}): WillArrival => ({
  message: { topic: 'a', payload: bytes('gone'), qos: 1, properties: {} },
  retain: false,
  after: 40,
  ...overrides,
});
const v5 = (sessionExpiryInterval: number) => ({ mqttVersion: '5.0' as const, sessionExpiryInterval });

describe('willDelay', () => {
  it('is the delay or the end of the session, whichever comes first', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (delayInterval, expiry) => {
        const { effective, note } = willDelay({ ...will, delayInterval }, v5(expiry), {});
        expect(effective).toBe(Math.min(delayInterval, expiry));
        expect(note === undefined).toBe(expiry >= delayInterval);
      }),
    );
  });

  it('takes the broker’s word on the session, and knows sessions without end', () => {
    expect(willDelay({ ...will, delayInterval: 9 }, v5(100), { sessionExpiryInterval: 2 })).toMatchObject({
      configured: 9,
      effective: 2,
    });
    expect(willDelay({ ...will, delayInterval: 9 }, v5(0xffff_ffff), {}).effective).toBe(9);
  });

  it('is none before MQTT 5.0', () => {
    const settings = { mqttVersion: '3.1.1' as const, sessionExpiryInterval: 0 };
    expect(willDelay({ ...will, delayInterval: 9 }, settings, {})).toEqual({ configured: 0, effective: 0 });
  });
});

describe('compareWill', () => {
  const none = { configured: 0, effective: 0 };
  const same = (arrival: WillArrival | undefined, armed = will, delay = none) =>
    Object.fromEntries(compareWill(armed, delay, arrival).map(({ name, isSame }) => [name, isSame]));

  it('finds each difference alone', () => {
    const message = arrivalOf().message;
    expect(same(arrivalOf())).toEqual({ payload: true, qos: true, retain: true, delay: true });
    expect(same(arrivalOf({ message: { ...message, payload: bytes('home') } }))).toMatchObject({
      payload: false,
      qos: true,
    });
    expect(same(arrivalOf({ message: { ...message, qos: 0 } }))).toMatchObject({ payload: true, qos: false });
    expect(same(arrivalOf({ after: 9000 }))).toMatchObject({ delay: false, retain: true });
    expect(same(arrivalOf({ isKept: true }))).toMatchObject({ retain: false });
    expect(same(arrivalOf(), { ...will, properties: { contentType: 'text/plain' } })).toMatchObject({
      properties: false,
    });
  });

  it('takes what the broker keeps for retained, whatever flag the message came with', () => {
    const armed = { ...will, retain: true };
    expect(same(arrivalOf({ retain: false, isKept: true }), armed)).toMatchObject({ retain: true });
    expect(same(arrivalOf({ retain: true, isKept: false }), armed)).toMatchObject({ retain: false });
  });

  it('leaves out what did not arrive', () => {
    const facts = compareWill(will, none, undefined);
    expect(facts.every(({ arrived, isSame }) => arrived === undefined && !isSame)).toBe(true);
  });

  it('says that QoS was lowered for the watcher', () => {
    const [, qos] = compareWill({ ...will, qos: 2 }, none, arrivalOf(), 1);
    expect(qos?.note).toMatch(/QoS 1 at most/);
  });
});
