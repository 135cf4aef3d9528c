import { expect, it } from 'vitest';
import { PACKET_TYPES } from '#app/mqtt/packets/packet.ts';
import { flagsText, keepAliveText, tieText, typeChoices, typesOf } from './packets-words.ts';

it('says how an exchange fares', () => {
  expect(tieText(undefined)).toBe('');
  expect(tieText({ kind: 'waiting' })).toBe('waiting');
  expect(tieText({ kind: 'unanswered' })).toBe('no answer');
  expect(tieText({ kind: 'answered', after: 12 })).toBe('12 ms');
  expect(tieText({ kind: 'follows', opener: 1, after: 0.4 })).toBe('+0.4 ms');
  expect(tieText({ kind: 'follows', opener: 1 })).toBe('');
});

it('says when the next PINGREQ is due, and how the last one fared', () => {
  const text = (facts: Parameters<typeof keepAliveText>[0]) => keepAliveText(facts, 100_000);
  expect(text(undefined)).toBeUndefined();
  expect(text({ seconds: 0 })).toBe('Keep alive is off');
  expect(text({ seconds: 60 })).toBe('Keep alive 60 s: next PINGREQ within 60 s');
  expect(text({ seconds: 60, nextAt: 112_000 })).toBe('Keep alive 60 s: next PINGREQ in 12 s');
  expect(text({ seconds: 60, nextAt: 100_000, pingAt: 40_000, roundTrip: 3.2 })).toBe(
    'Keep alive 60 s: next PINGREQ is due, last round trip 3.2 ms',
  );
  expect(text({ seconds: 60, nextAt: 100_000, pingAt: 99_000 })).toBe(
    'Keep alive 60 s: PINGREQ waits for its PINGRESP',
  );
});

it('offers every type of packet by itself, and groups that hold known types', () => {
  const offered = Object.keys(typeChoices) as (keyof typeof typeChoices)[];
  const single = PACKET_TYPES.filter((type) => type !== 'RESERVED');
  expect(offered.filter((choice) => typesOf(choice).length === 1)).toEqual(single);
  expect(typesOf('all')).toEqual([]);
  expect(typesOf('messages')).toEqual(['PUBLISH', ...typesOf('acknowledgements')]);
});

it('names the flags of a PUBLISH', () => {
  const row = { kind: 'packet', sequence: 1, at: 0, direction: 'sent', summary: '', size: 2 } as const;
  expect(flagsText({ ...row, type: 'PINGREQ' })).toBe('');
  expect(flagsText({ ...row, type: 'PUBLISH', qos: 1, dup: true, retain: true })).toBe('QoS 1 DUP RETAIN');
});
