import type { DialStage, DialStep } from '#app/contract/session-state.ts';
import type { Profile } from '#app/profile/profile.ts';

/** A rung of the ladder: a step that was taken, or one that was not reached. */
export type Rung =
  | (DialStep & { readonly outcome: 'running' | 'done' | 'failed' })
  | { readonly stage: DialStage; readonly outcome: 'ahead' };

/** The stages that a profile's connection goes through, as far as that is known before. */
export function expectedStages(
  profile: Pick<Profile, 'protocol' | 'socketPath' | 'proxy'>,
): readonly DialStage[] {
  const { protocol, socketPath, proxy } = profile;
  const isEncrypted = protocol === 'mqtts' || protocol === 'wss';
  const isWeb = protocol === 'ws' || protocol === 'wss';
  const isProxied = proxy?.kind === 'http' || proxy?.kind === 'socks5';
  return [
    ...(socketPath === '' ? (['dns', 'tcp'] as const) : (['socket'] as const)),
    ...(isProxied && socketPath === '' ? (['proxy'] as const) : []),
    ...(isEncrypted ? (['tls'] as const) : []),
    ...(isWeb ? (['websocket'] as const) : []),
    'connect',
  ];
}

/** What was done, and after it what is expected but was not reached. */
export function rungsOf(steps: readonly DialStep[], expected: readonly DialStage[]): readonly Rung[] {
  const taken = new Set(steps.map(({ stage }) => stage));
  const last = Math.max(-1, ...expected.map((stage, index) => (taken.has(stage) ? index : -1)));
  return [
    ...steps,
    ...expected
      .slice(last + 1)
      .filter((stage) => !taken.has(stage))
      .map((stage) => ({ stage, outcome: 'ahead' }) as const),
  ];
}

/** Where the bar of each step begins and how long it is, in percent of the whole; short ones stay visible. */
export function barsOf(
  steps: readonly Pick<DialStep, 'duration'>[],
): readonly { readonly start: number; readonly length: number }[] {
  const total = steps.reduce((sum, { duration }) => sum + duration, 0);
  let passed = 0;
  return steps.map(({ duration }) => {
    const start = total === 0 ? 0 : (passed / total) * 100;
    const length = total === 0 ? 0 : (duration / total) * 100;
    passed += duration;
    const shown = Math.max(length, 1);
    return { start: Math.min(start, 100 - shown), length: shown };
  });
}
