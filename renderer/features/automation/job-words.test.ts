import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobRun } from '#app/contract/feeds/automation.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import {
  jobProblem,
  parseTimeText,
  progressWords,
  startWords,
  timeText,
  timingWords,
  topicWords,
  troubleWords,
} from './job-words.ts';

const message = { ...emptyTemplate, topic: 'line/set' };
const step = (id: string, topic = 'a') => ({ id, after: 0, message: { ...message, topic } });

describe('words of jobs', () => {
  it('say when and where a job publishes', () => {
    const repeat = { kind: 'repeat', message, interval: 1000, jitter: 100, count: 100 } as const;
    expect(timingWords(repeat)).toBe('every 1.0 s ± 100 ms, 100 times');
    expect(startWords(repeat)).toBe('100 messages, to line/set');
    const sequence = {
      kind: 'sequence',
      steps: [step('1'), step('2', 'b'), step('3')],
      pause: 5,
      rounds: 1,
    } as const;
    expect(timingWords({ ...sequence, steps: [...sequence.steps] })).toBe('3 steps, once');
    expect(topicWords({ ...sequence, steps: [...sequence.steps] })).toBe('a and 1 more');
    const rows = { kind: 'rows', format: 'csv', message: emptyTemplate } as const;
    expect(timingWords({ ...rows, timing: { kind: 'rows', speed: 2 } })).toBe(
      'CSV, a row at its own times, 2× as fast',
    );
    expect(startWords({ ...rows, timing: { kind: 'interval', interval: 500 } })).toBe(
      'A message for each row, to topic of each row',
    );
  });

  it('say how it goes', () => {
    const run: JobRun = {
      jobId: 'j',
      state: 'running',
      startedAt: 0,
      sent: 12,
      acknowledged: 0,
      refused: 0,
      missed: 0,
      done: 12,
      rate: 1,
      problems: [],
      problemCount: 0,
    };
    expect(progressWords(run)).toBe('12');
    expect(progressWords({ ...run, planned: 1000 })).toBe('12 of 1,000');
    expect(troubleWords(run)).toBe('');
    expect(troubleWords({ ...run, refused: 1, missed: 2, problemCount: 3 })).toBe(
      '1 refused, 2 left out, 3 bad rows',
    );
  });

  it('say what is missing', () => {
    const repeat = { kind: 'repeat', message, interval: 1000, jitter: 0 } as const;
    expect(jobProblem({ id: 'j', name: 'J', what: repeat })).toBeUndefined();
    expect(jobProblem({ id: 'j', name: ' ', what: repeat })).toContain('name');
    expect(jobProblem({ id: 'j', name: 'J', what: { ...repeat, message: emptyTemplate } })).toContain(
      'topic',
    );
    expect(
      jobProblem({ id: 'j', name: 'J', what: { kind: 'sequence', steps: [step('1')], pause: 0 } }),
    ).toContain('Without end');
  });

  it('read a time back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (milliseconds) => {
        expect(parseTimeText(timeText(milliseconds))).toBeCloseTo(milliseconds, 6);
      }),
    );
    expect(['2', '1,5', '200ms', 'x', ''].map(parseTimeText)).toEqual([
      2000,
      1500,
      200,
      undefined,
      undefined,
    ]);
  });
});
