import { expect, it } from 'vitest';
import type { RetainedJob } from '#app/contract/feeds/retained.ts';
import { jobWords, snapshotName, undoWords } from './retained-words.ts';

const job: RetainedJob = {
  jobId: 'j',
  kind: 'clear',
  state: 'running',
  startedAt: 1000,
  total: 12,
  done: 3,
  changed: 3,
  verified: 0,
  gone: 0,
  newer: 0,
  expired: 0,
  withoutProperties: 0,
  failed: 0,
  failures: [],
};

it('says what is being done', () => {
  expect(jobWords(job)).toEqual(['Clearing 3 of 12.']);
  expect(jobWords({ ...job, kind: 'undo', failed: 2 })).toEqual(['Bringing back 3 of 12, 2 failed.']);
});

it('says what was done, and what was not', () => {
  expect(
    jobWords({ ...job, state: 'done', endedAt: 2500, done: 12, changed: 9, verified: 9, gone: 1, newer: 2 }),
  ).toEqual([
    'Cleared 9 messages in 1.5 s.',
    'Verified at the broker.',
    '1 was not retained any more.',
    '2 have changed at the broker since, and were left alone.',
  ]);
  expect(jobWords({ ...job, state: 'cancelled', endedAt: 2000, verified: 0 })).toEqual([
    'Cancelled. Cleared 3 messages in 1.0 s.',
    'Verified at the broker: 0.',
    '9 were not touched.',
  ]);
  expect(
    jobWords({ ...job, kind: 'snapshot', state: 'done', endedAt: 2000, done: 12, changed: 12, size: 1200 }),
  ).toEqual(['Read 12 messages in 1.0 s, 1.2 KB.']);
});

it('names what can be undone, and files', () => {
  expect(undoWords({ kind: 'clear', messages: 1, at: 0 })).toBe('Undo: bring back 1 message');
  expect(undoWords({ kind: 'restore', messages: 3, at: 0 })).toBe('Undo: take back 3 messages');
  expect(snapshotName(new Date(2026, 10, 3, 7, 5))).toBe('retained-2026-11-03-0705.jsonl');
});
