import { describe, expect, it } from 'vitest';
import type { DialStep } from '#app/contract/session-state.ts';
import { newProfile } from '#app/profile/defaults.ts';
import { barsOf, expectedStages, rungsOf } from './stages.ts';

const step = (stage: DialStep['stage'], outcome: DialStep['outcome'] = 'done'): DialStep => ({
  stage,
  outcome,
  duration: 1,
});

describe('expectedStages', () => {
  it('follows protocol, proxy and socket', () => {
    const proxy = { kind: 'socks5', host: 'p', port: 1080, username: '' } as const;
    expect(expectedStages(newProfile())).toEqual(['dns', 'tcp', 'connect']);
    expect(expectedStages(newProfile({ protocol: 'wss', proxy }))).toEqual([
      'dns',
      'tcp',
      'proxy',
      'tls',
      'websocket',
      'connect',
    ]);
    expect(expectedStages(newProfile({ protocol: 'mqtts', socketPath: '/run/mqtt', proxy }))).toEqual([
      'socket',
      'tls',
      'connect',
    ]);
  });
});

describe('rungsOf', () => {
  const expected = expectedStages({ protocol: 'mqtts', socketPath: '' });

  it('adds what was not reached behind the failing rung, and nothing before it', () => {
    expect(
      rungsOf([step('tcp'), step('tls', 'failed')], expected).map(({ stage, outcome }) => [stage, outcome]),
    ).toEqual([
      ['tcp', 'done'],
      ['tls', 'failed'],
      ['connect', 'ahead'],
    ]);
  });

  it('shows the whole way before the first step, and a stage that nobody expected', () => {
    expect(rungsOf([], expected)).toHaveLength(4);
    const rungs = rungsOf([step('dns'), step('tcp'), step('proxy', 'running')], expected);
    expect(rungs.map(({ stage }) => stage)).toEqual(['dns', 'tcp', 'proxy', 'tls', 'connect']);
  });
});

describe('barsOf', () => {
  it('lays the steps end to end over the whole width', () => {
    expect(barsOf([{ duration: 25 }, { duration: 75 }])).toEqual([
      { start: 0, length: 25 },
      { start: 25, length: 75 },
    ]);
  });

  it('keeps steps of no time visible and inside', () => {
    for (const bars of [barsOf([{ duration: 0 }]), barsOf([{ duration: 1000 }, { duration: 0 }])]) {
      for (const { start, length } of bars) {
        expect(length).toBeGreaterThanOrEqual(1);
        expect(start + length).toBeLessThanOrEqual(100);
      }
    }
  });
});
