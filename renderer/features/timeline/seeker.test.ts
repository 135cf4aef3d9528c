import { describe, expect, it } from 'vitest';
import type { Moment } from '#app/contract/operations/timeline.ts';
import { Seeker } from './seeker.ts';

/** An engine that answers when it is told to. */
function setUp(newest = 100) {
  const asked: (() => void)[] = [];
  const moments: number[] = [];
  const questions: string[] = [];
  const told = { ends: 0, failures: 0 };
  const later = <T>(question: string, value: () => T) => {
    questions.push(question);
    return new Promise<T>((resolve) => asked.push(() => resolve(value())));
  };
  const seeker = new Seeker({
    at: (at) => later(`at ${at}`, (): Moment => ({ at, sequence: at })),
    step: (sequence, by) =>
      later(`step ${by} from ${sequence}`, () => {
        const to = Math.min(newest, Math.max(1, sequence + by));
        return { at: to, sequence: to };
      }),
    onMoment: ({ sequence }) => moments.push(sequence),
    onEnd: () => {
      told.ends += 1;
    },
    onFailure: () => {
      told.failures += 1;
    },
  });
  const answer = async () => {
    asked.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { seeker, moments, questions, answer, told };
}

describe('seeker', () => {
  it('asks for one moment at a time, and then for the latest', async () => {
    const { seeker, moments, questions, answer } = setUp();
    for (const at of [10, 20, 30, 40]) {
      seeker.seek(at);
    }
    await answer();
    await answer();
    expect(questions).toEqual(['at 10', 'at 40']);
    expect(moments).toEqual([10, 40]);
  });

  it('adds up steps, from where it has come to', async () => {
    const { seeker, moments, questions, answer } = setUp();
    seeker.step(-1, 100);
    seeker.step(-1, 100);
    seeker.step(-1, 100);
    await answer();
    await answer();
    expect(questions).toEqual(['step -1 from 100', 'step -2 from 99']);
    expect(moments).toEqual([99, 97]);
  });

  it('says when there is nothing newer to step to', async () => {
    const { seeker, moments, answer, told } = setUp();
    seeker.step(1, 100);
    await answer();
    expect(moments).toEqual([]);
    expect(told.ends).toBe(1);
  });

  it('forgets answers to what was given up', async () => {
    const { seeker, moments, answer } = setUp();
    seeker.seek(10);
    seeker.cancel();
    seeker.seek(20);
    await answer();
    await answer();
    expect(moments).toEqual([20]);
  });
});
