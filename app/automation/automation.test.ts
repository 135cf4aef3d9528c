import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTemplate } from '../publish/message-template.ts';
import type { RepeatWork, SequenceWork } from './job.ts';
import { isRunaway, plannedCount, planRepeat, planSequence } from './plan.ts';
import { columnVariables, parseDelay, parseTime, rowMessage } from './row.ts';
import { RowClock } from './row-clock.ts';

const message = { ...emptyTemplate, topic: 'a' };
const repeat = (patch: Partial<RepeatWork>): RepeatWork => ({
  kind: 'repeat',
  message,
  interval: 100,
  jitter: 0,
  ...patch,
});
const sequence = (afters: readonly number[], patch: Partial<SequenceWork> = {}): SequenceWork => ({
  kind: 'sequence',
  steps: afters.map((after, index) => ({
    id: String(index),
    after,
    message: { ...message, text: String(index) },
  })),
  pause: 0,
  ...patch,
});

describe('a repetition', () => {
  it('has its times from the start, in order, and ends by count or duration', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (interval, jitter, count, duration, chance) => {
          const work = repeat({ interval, jitter, count, ...(duration === undefined ? {} : { duration }) });
          const times = [...planRepeat(work, () => chance.next().value ?? 0)].map(({ at }) => at);
          expect(times).toHaveLength(plannedCount(work) ?? -1);
          for (const [index, at] of times.entries()) {
            expect(Math.abs(at - index * interval)).toBeLessThanOrEqual(Math.min(jitter, interval / 2));
            expect(at).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
          }
        },
      ),
    );
  });

  it('without an end goes on', () => {
    expect(plannedCount(repeat({}))).toBeUndefined();
    const plan = planRepeat(repeat({ interval: 7 }), () => 0.5);
    for (let index = 0; index < 1000; index += 1) {
      plan.next();
    }
    expect(plan.next().value?.at).toBe(7000);
  });
});

describe('a sequence', () => {
  it('has each step after the one before, and the next round after the pause', () => {
    const plan = [...planSequence(sequence([0, 50, 25], { rounds: 2, pause: 100 }))];
    expect(plan.map(({ at, message: { text } }) => [at, text])).toEqual([
      [0, '0'],
      [50, '1'],
      [75, '2'],
      [175, '0'],
      [225, '1'],
      [250, '2'],
    ]);
    expect(plannedCount(sequence([0, 1], { rounds: 3 }))).toBe(6);
    expect(isRunaway(sequence([0, 0]))).toBe(true);
    expect(isRunaway(sequence([0, 0], { pause: 1 }))).toBe(false);
    expect(isRunaway(sequence([0, 0], { rounds: 9 }))).toBe(false);
  });
});

describe('a row', () => {
  const values = (row: Record<string, string>) => ({ line: 2, values: new Map(Object.entries(row)) });
  const every = { kind: 'interval', interval: 10 } as const;
  const own = { kind: 'rows', speed: 1 } as const;

  it('gives what the message leaves empty', () => {
    const row = values({ topic: 'x', payload: '{{seq}}', qos: '2', retain: 'TRUE' });
    expect(rowMessage({ message: emptyTemplate, timing: every }, row)).toEqual({
      message: { ...emptyTemplate, topic: 'x', text: '{{seq}}', fills: false, qos: 2, retain: true },
    });
    const written = { ...emptyTemplate, topic: 'd/{{id}}', text: 'v={{v}}' };
    expect(rowMessage({ message: written, timing: every }, values({ id: '1', v: '2' }))).toEqual({
      message: written,
    });
  });

  it('says what is wrong with it', () => {
    const problemOf = (row: Record<string, string>) =>
      rowMessage({ message: emptyTemplate, timing: own }, values(row)).problem;
    expect(problemOf({ payload: '1' })).toContain('topic');
    expect(problemOf({ topic: 'a', qos: '3' })).toContain('qos');
    expect(problemOf({ topic: 'a', retain: 'maybe' })).toContain('retain');
    expect(problemOf({ topic: 'a', delay: 'soon' })).toContain('delay');
    expect(problemOf({ topic: 'a', time: 'noon' })).toContain('time');
    expect(problemOf({ topic: 'a', delay: '', time: '' })).toBeUndefined();
  });

  it('has its time in any of the usual forms', () => {
    expect(['5', '200ms', '1.5s', '2min', '1 h'].map(parseDelay)).toEqual([5, 200, 1500, 120_000, 3_600_000]);
    expect(['-1', '1d', 's', ''].map(parseDelay)).toEqual([undefined, undefined, undefined, undefined]);
    const at = Date.UTC(2026, 0, 2, 3, 4, 5);
    expect(['2026-01-02T03:04:05Z', String(at / 1000), String(at)].map(parseTime)).toEqual([at, at, at]);
    expect(['noon', '2026-13-99', '12:00'].map(parseTime)).toEqual([undefined, undefined, undefined]);
  });

  it('comes at its own time, never before the one in front of it', () => {
    const clock = new RowClock(2);
    const times = [{ time: 1000 }, { time: 3000 }, {}, { time: 2000 }, { delay: 100 }, { time: 3400 }].map(
      (row) => clock.next(row),
    );
    expect(times).toEqual([0, 1000, 1000, 1000, 1050, 1200]);
    clock.again();
    expect(clock.next({ time: 1000 })).toBe(1200);
    expect(clock.next({ time: 1200 })).toBe(1300);
  });

  it('can be filled in by the names of its columns', () => {
    expect([...columnVariables(new Map([[' Temp (°C) ', '5']]))]).toEqual([['Temp___C_', '5']]);
  });
});
