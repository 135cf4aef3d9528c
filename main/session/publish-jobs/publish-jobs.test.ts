import { describe, expect, it, vi } from 'vitest';
import type { Job, JobWork } from '#app/automation/job.ts';
import { fail } from '#app/contract/failure.ts';
import type { JobRun } from '#app/contract/feeds/automation.ts';
import { emptyTemplate } from '#app/publish/message-template.ts';
import type { Connector, OutgoingMessage } from '../connector/connector.ts';
import type { Ingest } from '../ingest.ts';
import { Outbox } from '../outbox.ts';
import { PublishGuard } from '../publish-guard.ts';
import { PublishJobs } from './publish-jobs.ts';
import { RunFigures } from './run-figures.ts';

const message = { ...emptyTemplate, topic: 'a', text: '{{seq}}' };
const jobOf = (what: JobWork, id = 'j'): Job => ({ id, name: 'Job', what });
const repeat = (more: object = {}) =>
  jobOf({ kind: 'repeat', message, interval: 5, jitter: 0, ...more } as JobWork);

function start(publish?: (message: OutgoingMessage) => Promise<unknown>) {
  const sent: { readonly topic: string; readonly text: string; readonly at: number }[] = [];
  const connection = { isUp: true, receiveMaximum: 65_535, backlog: 0 };
  const guard = new PublishGuard('none');
  const connector = {
    get backlog() {
      return connection.backlog;
    },
    async publish(outgoing: OutgoingMessage, onSent: (at: number) => void) {
      await publish?.(outgoing);
      onSent(0);
      sent.push({
        topic: outgoing.topic,
        text: new TextDecoder().decode(outgoing.payload),
        at: performance.now(),
      });
      return outgoing.qos === 0
        ? { sentAt: 0 }
        : { sentAt: 0, acknowledged: { at: 1, reasonCode: 0, reasonName: 'Success' } };
    },
  };
  const outbox = new Outbox({
    connector: () => connector as unknown as Connector,
    ingest: { onPublished: () => 1 } as unknown as Ingest,
    codecFor: () => undefined,
    version: () => '5.0',
    onNotKept: () => {},
  });
  const jobs = new PublishJobs({
    outbox,
    isConnected: () => connection.isUp,
    receiveMaximum: () => connection.receiveMaximum,
    onChange: () => {},
  });
  const run = (job: Job, file?: string) =>
    jobs.start(job, file === undefined ? undefined : new TextEncoder().encode(file), () =>
      guard.permit(undefined),
    );
  const only = (): JobRun => {
    const [first] = jobs.shown;
    if (first === undefined) {
      throw new Error('nothing runs');
    }
    return first;
  };
  const until = (check: (run: JobRun) => boolean) =>
    vi.waitFor(() => expect(check(only())).toBe(true), { timeout: 20_000, interval: 5 });
  const texts = () => sent.map(({ text }) => text);
  return { jobs, run, only, until, sent, texts, connection, guard };
}

describe('a job', () => {
  it('repeats a message until its count, and tells how that went', async () => {
    const { run, until, only, texts } = start();
    run(repeat({ count: 8, message: { ...message, qos: 1 } }));
    await until(({ state }) => state === 'done');
    expect(texts()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(only()).toMatchObject({ planned: 8, done: 8, sent: 8, acknowledged: 8, refused: 0, missed: 0 });
    expect(only().lateness?.median).toBeGreaterThanOrEqual(0);
  });

  it('keeps to its times, however late a single message is', async () => {
    const { run, until, sent } = start();
    const begun = performance.now();
    run(repeat({ interval: 40, count: 10 }));
    await until(({ done }) => done === 3);
    const busyUntil = performance.now() + 100;
    while (performance.now() < busyUntil) {
      // The thread is taken.
    }
    await until(({ state }) => state === 'done');
    expect(sent).toHaveLength(10);
    for (const [index, { at }] of sent.entries()) {
      // Never before its time; what was held up is made good, so nothing adds up.
      expect(at - begun).toBeGreaterThanOrEqual(index * 40 - 1);
    }
  });

  it('keeps to its times after a message that was late by seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const { run, sent, jobs } = start();
      let skew = 0;
      const fakeNow = performance.now.bind(performance);
      vi.spyOn(performance, 'now').mockImplementation(() => fakeNow() + skew);
      const begun = performance.now();
      run(repeat({ interval: 2000 }));
      await vi.advanceTimersByTimeAsync(1900);
      // The timer of the second message fires this much late.
      skew = 1600;
      await vi.advanceTimersByTimeAsync(2500);
      expect(sent.map(({ at }) => at - begun)).toEqual([0, 3600, 4000, 6000]);
      jobs.stop();
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });

  it('does the steps of a sequence in their order, round after round', async () => {
    const { run, until, texts } = start();
    const steps = ['one', 'two', 'three'].map((text, index) => ({
      id: text,
      after: index * 3,
      message: { ...message, text },
    }));
    run(jobOf({ kind: 'sequence', steps, rounds: 2, pause: 5 }));
    await until(({ state }) => state === 'done');
    expect(texts()).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
  });

  it('sends the rows of a file, and names those that are none', async () => {
    const { run, until, only, sent, jobs } = start();
    const what: JobWork = {
      kind: 'rows',
      format: 'csv',
      message: { ...emptyTemplate, topic: 'line/{{machine}}/temp', text: '{"t": {{temp}}, "n": {{seq}}}' },
      timing: { kind: 'interval', interval: 1 },
    };
    run(jobOf(what), 'machine,temp\na,20.5\nb,{{seq}}\nc\n#,3\n');
    await until(({ state }) => state === 'done');
    expect(sent.map(({ topic, text }) => `${topic} ${text}`)).toEqual([
      'line/a/temp {"t": 20.5, "n": 1}',
      // What a file holds is not looked at again.
      'line/b/temp {"t": {{seq}}, "n": 2}',
    ]);
    expect(only()).toMatchObject({ sent: 2, problemCount: 2 });
    expect(only().problems.map(({ line }) => line)).toEqual([4, 5]);
    // Started again it takes the file that it had.
    jobs.start(jobOf(what), undefined, () => new PublishGuard('none').permit(undefined));
    await until(({ state, sent: count }) => state === 'done' && count === 2);
    expect(sent).toHaveLength(4);
  });

  it.each(['jsonl', 'csv'] as const)('stops in the middle of %s of rows that are none', async (format) => {
    const { run, until, only, jobs } = start();
    const lines = 200_000;
    run(
      jobOf({ kind: 'rows', format, message, timing: { kind: 'rows', speed: 1 } }),
      `a,b\n${'none\n'.repeat(lines)}`,
    );
    await until(({ problemCount }) => problemCount > 0);
    jobs.stop();
    await until(({ state }) => state === 'stopped');
    expect(only().problemCount).toBeLessThan(lines);
  });

  it('pauses, goes on and stops at once', async () => {
    const { run, until, only, jobs, sent } = start();
    run(repeat());
    await until(({ sent: count }) => count >= 3);
    jobs.pause('j');
    await until(({ state }) => state === 'paused');
    const before = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(sent).toHaveLength(before);
    jobs.resume('j');
    await until(({ sent: count }) => count > before + 2);
    // The time of the pause is not made good.
    expect(only().missed).toBe(0);
    jobs.stop('j');
    await until(({ state }) => state === 'stopped');
    const after = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(sent).toHaveLength(after);
    expect(() => jobs.pause('j')).toThrow();
  });

  it('waits for the connection, and goes on with it', async () => {
    const { run, until, jobs, connection, sent } = start();
    connection.isUp = false;
    run(repeat({ count: 3 }));
    await until(({ state }) => state === 'waiting');
    expect(sent).toHaveLength(0);
    connection.isUp = true;
    jobs.look();
    await until(({ state }) => state === 'done');
    expect(sent).toHaveLength(3);
  });

  it('hands over no more than the broker takes at once, so that a stop reaches all others', async () => {
    const held: (() => void)[] = [];
    const { run, until, only, jobs, sent, connection } = start(
      () => new Promise<void>((done) => held.push(done)),
    );
    connection.receiveMaximum = 3;
    const steps = Array.from({ length: 10 }, (_, index) => ({ id: String(index), after: 0, message }));
    run(jobOf({ kind: 'sequence', steps, rounds: 1, pause: 0 }));
    await vi.waitFor(() => expect(held).toHaveLength(3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(held).toHaveLength(3);
    held[0]?.();
    await vi.waitFor(() => expect(held).toHaveLength(4));
    expect(only()).toMatchObject({ done: 4, missed: 0 });
    jobs.stop();
    for (const done of held) {
      done();
    }
    await until(({ state }) => state === 'stopped');
    expect(sent).toHaveLength(4);
  });

  it('waits for the socket at QoS 0', async () => {
    const { run, until, sent, connection } = start();
    connection.backlog = 64 * 1024 * 1024;
    const steps = [{ id: '1', after: 0, message }];
    run(jobOf({ kind: 'sequence', steps, rounds: 5, pause: 0 }));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(sent).toHaveLength(0);
    connection.backlog = 0;
    await until(({ state }) => state === 'done');
    expect(sent).toHaveLength(5);
  });

  it('counts what the broker refuses, and tells why', async () => {
    const refused = fail('publish.refused', 'This user may not publish to this topic.');
    const { run, until, only } = start(() => Promise.reject(refused));
    run(repeat({ count: 4 }));
    await until(({ state }) => state === 'done');
    expect(only()).toMatchObject({ sent: 0, refused: 4, failure: { code: 'publish.refused' } });
  });

  it('stops when the guard would not let it begin any more', async () => {
    const { run, until, only, guard, sent } = start();
    run(repeat());
    await until(({ sent: count }) => count > 1);
    guard.set('readOnly');
    await until(({ state }) => state === 'failed');
    expect(only().failure?.code).toBe('guard.readOnly');
    const before = sent.length;
    expect(() => run(repeat())).toThrow();
    expect(sent).toHaveLength(before);
  });

  it('does not begin with what cannot be sent', () => {
    const { run, jobs, guard } = start();
    const codeOf = (job: Job) => {
      try {
        run(job);
      } catch (error) {
        return (error as { failure?: { code: string } }).failure?.code;
      }
      return 'started';
    };
    expect(codeOf(repeat({ message: { ...message, topic: 'a/#' } }))).toBe('publish.topic');
    expect(codeOf(repeat({ message: { ...message, format: 'json', text: '{' } }))).toBe('payload.json');
    const steps = [{ id: '1', after: 0, message }];
    expect(codeOf(jobOf({ kind: 'sequence', steps, pause: 0 }))).toBe('job.runaway');
    const rows = { kind: 'rows', format: 'csv', message, timing: { kind: 'interval', interval: 1 } } as const;
    expect(codeOf(jobOf(rows))).toBe('job.file');
    const utf16 = Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le');
    expect(() => jobs.start(jobOf(rows), utf16, () => guard.permit(undefined))).toThrow(/UTF-8/);
    // What was refused is not kept for the next start.
    expect(codeOf(jobOf(rows))).toBe('job.file');
    expect(jobs.shown).toEqual([]);
  });
});

describe('RunFigures', () => {
  it('counts the rate over ten seconds, and the lateness of the last thousand', () => {
    const figures = new RunFigures();
    expect(figures.rate(0)).toBe(0);
    expect(figures.lateness()).toBeUndefined();
    for (let index = 0; index < 3000; index += 1) {
      figures.noteSent(index * 10);
      figures.noteDue(index < 2000 ? 99 : index % 100);
    }
    expect(figures.rate(29_990)).toBeCloseTo(100, 0);
    expect(figures.rate(60_000)).toBe(0);
    expect(figures.lateness()).toEqual({ median: 50, p99: 99 });
  });
});
