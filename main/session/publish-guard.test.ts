import { describe, expect, it } from 'vitest';
import { FailureError } from '#app/contract/failure.ts';
import { PublishGuard } from './publish-guard.ts';

const codeOf = (run: () => void): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof FailureError ? error.failure.code : 'other';
  }
};

describe('PublishGuard', () => {
  it('lets everything pass that is not guarded, and nothing of a read-only profile', () => {
    const guard = new PublishGuard('none');
    expect(codeOf(() => guard.check(undefined))).toBe('none');
    guard.set('readOnly');
    expect(codeOf(() => guard.check(undefined))).toBe('guard.readOnly');
    expect(codeOf(() => guard.check(guard.begin('hold').token))).toBe('guard.readOnly');
  });

  it('wants a hold that was long enough, once', () => {
    let now = 1000;
    const guard = new PublishGuard('confirm', () => now);
    expect(codeOf(() => guard.check(undefined))).toBe('guard.confirm');
    expect(codeOf(() => guard.check('made up'))).toBe('guard.confirm');
    const short = guard.begin('hold');
    now += short.holdFor - 1;
    expect(codeOf(() => guard.check(short.token))).toBe('guard.confirm');
    now += 10;
    expect(codeOf(() => guard.check(short.token))).toBe('guard.confirm');
    const held = guard.begin('hold');
    now += held.holdFor;
    expect(codeOf(() => guard.check(held.token))).toBe('none');
    expect(codeOf(() => guard.check(held.token))).toBe('guard.confirm');
  });

  it('permits what publishes by itself until the guard would not have let it begin', () => {
    let now = 0;
    const guard = new PublishGuard('none', () => now);
    const free = guard.permit(undefined);
    expect(codeOf(() => free.check())).toBe('none');
    guard.set('confirm');
    expect(codeOf(() => free.check())).toBe('guard.changed');
    expect(codeOf(() => guard.permit(undefined))).toBe('guard.confirm');
    const { token, holdFor } = guard.begin('hold');
    now += holdFor;
    const confirmed = guard.permit(token);
    expect(codeOf(() => confirmed.check())).toBe('none');
    guard.set('none');
    expect(codeOf(() => confirmed.check())).toBe('none');
    guard.set('readOnly');
    expect(codeOf(() => confirmed.check())).toBe('guard.readOnly');
    expect(codeOf(() => guard.permit(undefined))).toBe('guard.readOnly');
  });

  it('forgets a hold after five minutes, with a change of the guard, and the oldest of too many', () => {
    let now = 0;
    const guard = new PublishGuard('confirm', () => now);
    const late = guard.begin('twice');
    now += 300_001;
    expect(codeOf(() => guard.check(late.token))).toBe('guard.confirm');
    const before = guard.begin('twice');
    now += 500;
    guard.set('confirm');
    expect(codeOf(() => guard.check(before.token))).toBe('guard.confirm');
    const first = guard.begin('twice');
    for (let count = 0; count < 100; count++) {
      guard.begin('twice');
    }
    const last = guard.begin('twice');
    now += 500;
    expect(codeOf(() => guard.check(first.token))).toBe('guard.confirm');
    expect(codeOf(() => guard.check(last.token))).toBe('none');
  });
});
