import { expect, it } from 'vitest';
import { Rates } from './rates.ts';

it('rises with the first messages, stays level, and falls to zero within a second', () => {
  const rates = new Rates(['messages']);
  let messages = 0;
  const at = (now: number) => rates.update(now, { messages }).messages;
  expect(at(0)).toBe(0);
  // After a long silence the first burst is not spread over it.
  messages = 50;
  expect(at(60_000)).toBe(50);
  for (let now = 60_050; now <= 64_000; now += 50) {
    messages += 50;
    at(now);
  }
  expect(at(64_000)).toBeGreaterThan(950);
  expect(at(64_000)).toBeLessThan(1050);
  for (let now = 64_500; now <= 65_500; now += 500) {
    at(now);
  }
  expect(at(66_000)).toBe(0);
});
