import { afterEach, describe, expect, it, vi } from 'vitest';
import { TimeSlices } from './time-slices.ts';

describe('TimeSlices', () => {
  let slices: TimeSlices | undefined;
  afterEach(() => slices?.dispose());

  it('lets tasks take turns until they are done', async () => {
    slices = new TimeSlices(() => expect.unreachable('nothing fails'));
    const turns: string[] = [];
    const countdown = (name: string, count: number) => {
      let left = count;
      return () => {
        turns.push(name);
        left -= 1;
        return left > 0;
      };
    };
    slices.run(countdown('a', 3));
    slices.run(countdown('b', 2));
    await vi.waitFor(() => expect(turns).toHaveLength(5), { timeout: 10_000 });
    expect(turns).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('gives up a task that throws, says so, and goes on with the others', async () => {
    const errors: unknown[] = [];
    slices = new TimeSlices((error) => errors.push(error));
    const failing = vi.fn((): boolean => {
      throw new Error('broken');
    });
    const healthy = vi.fn(() => healthy.mock.calls.length < 3);
    slices.run(failing);
    slices.run(healthy);
    await vi.waitFor(() => expect(healthy).toHaveBeenCalledTimes(3), { timeout: 10_000 });
    expect(failing).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([new Error('broken')]);
  });
});
