import { expect, it } from 'vitest';
import { floodText, growthText, shareText, valueText } from './broker-words.ts';

it('writes values with their units', () => {
  const text = 'as received';
  expect(valueText({ text })).toBe('as received');
  expect(valueText({ text, value: 12345 })).toBe('12,345');
  expect(valueText({ text, value: -12345 })).toBe('-12,345');
  expect(valueText({ text, value: 0.25 })).toBe('0.25');
  expect(valueText({ text, value: 2_500_000, unit: 'bytes' })).toBe('2.5 MB');
  expect(valueText({ text, value: 3700, unit: 's' })).toBe('1 h 2 min');
  expect(valueText({ text, value: 7, unit: '%' })).toBe('7 %');
  expect(growthText({ unit: 'bytes', perSecond: 2048 })).toBe('2.0 KB/s');
  expect(growthText({ unit: 'messages', perSecond: 0.25 })).toBe('0.3/s');
  expect(growthText({ unit: 'messages' })).toBe('');
});

it('says who floods', () => {
  expect([0, 0.004, 0.5, 1].map(shareText)).toEqual(['0 %', '< 1 %', '50 %', '100 %']);
  const first = { topic: 'plant/a', isBranch: true, messagesPerSecond: 250, share: 0.83 };
  expect(floodText({ total: 3, flooding: 2 }, first, 100)).toBe(
    'Flooding, at 100 messages per second or more: plant/a/# with 250 per second, 83 % of all, and 1 more.',
  );
  expect(floodText({ total: 3, flooding: 0 }, first, 100)).toMatch(/^Nothing floods/);
  expect(floodText({ total: 0, flooding: 0 }, undefined, 100)).toBe('No messages in this span.');
});
