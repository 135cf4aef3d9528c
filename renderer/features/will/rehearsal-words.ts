import type {
  Rehearsal,
  RehearsalFactName,
  RehearsalPhase,
  RehearsalVerdict,
} from '#app/contract/feeds/will.ts';

/** How good an outcome is, for its colour and sign. */
export type RehearsalLevel = 'ok' | 'warn' | 'error' | 'quiet';

const verdicts: Readonly<Record<RehearsalVerdict, readonly [RehearsalLevel, string]>> = {
  asConfigured: ['ok', 'The last will arrived as it was set.'],
  differs: ['warn', 'The last will arrived, but not as it was set.'],
  missing: ['error', 'The last will did not arrive.'],
  late: ['warn', 'The last will came too late.'],
  discarded: ['ok', 'No last will was sent, as it should be after a DISCONNECT.'],
  unexpected: ['error', 'A message like the last will came in spite of the DISCONNECT.'],
};

const phases: Readonly<Record<RehearsalPhase, string>> = {
  watching: 'A second connection watches the will’s topic…',
  ending: 'Ending the connection…',
  waiting: 'Waiting for the last will…',
  checking: 'Looking into it…',
  restoring: 'Putting everything back…',
};

export const factNames: Readonly<Record<RehearsalFactName, string>> = {
  payload: 'Payload',
  qos: 'QoS',
  retain: 'Retain',
  delay: 'Delay',
  properties: 'Properties',
};

/** What a rehearsal does or found, in one sentence. */
export function outcomeOf(rehearsal: Rehearsal): { readonly level: RehearsalLevel; readonly words: string } {
  if (rehearsal.state === 'running') {
    return { level: 'quiet', words: phases[rehearsal.phase] };
  }
  if (rehearsal.verdict !== undefined) {
    const [level, words] = verdicts[rehearsal.verdict];
    return { level, words };
  }
  return rehearsal.state === 'failed'
    ? { level: 'error', words: 'The rehearsal failed.' }
    : { level: 'quiet', words: 'The rehearsal was stopped.' };
}
