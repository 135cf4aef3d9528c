import { type Failure, FailureError, toFailure } from '#app/contract/failure.ts';
import { Pace } from './pace.ts';
import {
  cancelledFailure,
  type RetainedLink,
  type StoredMessage,
  sameBytes,
  storedMessage,
} from './retained-link.ts';

/** What is to be retained on a topic. */
export interface Target {
  readonly topic: string;
  /** Absent: nothing, the topic is cleared. */
  readonly message?: StoredMessage;
  /** Only where just this is retained there now: bytes, or nothing. Left out: whatever is. */
  readonly onlyOver?: Uint8Array | 'nothing';
  /** Bytes of what is read before, as far as it is known. */
  readonly size: number;
}

/** What was on a topic before, and what was sent: enough to take it back. */
export interface Changed {
  readonly topic: string;
  readonly before: StoredMessage | undefined;
  /** Empty: it was cleared. */
  readonly sent: Uint8Array;
}

/** Numbers of `RetainedJob`, growing. */
export interface Tally {
  done: number;
  changed: number;
  verified: number;
  gone: number;
  newer: number;
  failed: number;
  withoutProperties: number;
  readonly failures: { readonly topic: string; readonly message: string }[];
}

export interface ChangeOptions {
  readonly link: RetainedLink;
  readonly targets: readonly Target[];
  readonly perSecond: number;
  readonly hasProperties: boolean;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** Called before each message is sent: whatever happens then, it can be taken back. */
  readonly onChanging: (changed: Changed) => void;
  /** The broker did not take one of those of `onChanging`. */
  readonly onRefused: (changed: Changed) => void;
  /** Found at the broker as it should be; `message` is what is there now. */
  readonly onVerified: (topic: string, message: StoredMessage | undefined) => void;
  /** Nothing was there. */
  readonly onGone: (topic: string) => void;
  readonly onProgress: () => void;
}

/**
 * Topics that are asked for at once. Mosquitto queues 1000 messages for a client by default and drops what is beyond.
 */
const BATCH = 400;
const BATCH_BYTES = 16 * 1024 * 1024;
/** Milliseconds without another message after which what has not come is taken not to be there. */
const QUIET = 300;
const MAX_FAILURES = 20;

/** What was read of some topics, and which of them could not be asked for. */
interface Read {
  readonly found: ReadonlyMap<string, StoredMessage>;
  readonly refused: ReadonlyMap<string, Failure>;
}

/** Reads just these topics, with their QoS as published: that of a message is the lower one of publish and subscribe. */
export async function readTopics(link: RetainedLink, topics: readonly string[]): Promise<Read> {
  const wanted = new Set(topics.filter((topic) => !isSpecial(topic)));
  const found = new Map<string, StoredMessage>();
  const refused = await link.collect([...wanted], {
    qos: 2,
    quiet: QUIET,
    onMessage: (topic, payload, packet) => {
      if (wanted.has(topic)) {
        found.set(topic, storedMessage(topic, payload, packet));
      }
    },
    isEnough: () => found.size === wanted.size,
  });
  const special = topics.filter(isSpecial).map((topic): [string, Failure] => [topic, specialFailure]);
  return { found, refused: new Map([...refused, ...special]) };
}

/** Topics in groups that may be asked for at once. */
export function* batchesOf<T extends { readonly size: number }>(
  targets: readonly T[],
): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const target of targets) {
    if (batch.length === BATCH || (batch.length > 0 && bytes + target.size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(target);
    bytes += target.size;
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** Messages that wait for their acknowledgement at once: a broker that is far away would slow us down otherwise. */
const IN_FLIGHT = 32;

/** Reads, sends and looks again, group by group. Rejects when it was cancelled or the connection was lost. */
export async function change(options: ChangeOptions): Promise<void> {
  const { link, targets, perSecond } = options;
  const pace = new Pace(perSecond);
  for (const batch of batchesOf(targets)) {
    const before = await readTopics(
      link,
      batch.map(({ topic }) => topic),
    );
    const wanted = batch.filter((target) => decide(options, target, before));
    const sent = await sendAll(options, wanted, before, pace);
    if (sent.length > 0) {
      await verify(options, sent);
    }
    options.onProgress();
  }
}

/** Sends these at the pace; answers with those that the broker took. What is on its way when it fails is waited for. */
async function sendAll(
  options: ChangeOptions,
  targets: readonly Target[],
  { found }: Read,
  pace: Pace,
): Promise<readonly Target[]> {
  const sent: Target[] = [];
  const onTheWay = new Set<Promise<void>>();
  let trouble: unknown;
  for (const target of targets) {
    const wait = pace.next();
    if (wait > 0) {
      await new Promise<void>((resolve) => setTimeout(resolve, wait));
    }
    while (onTheWay.size >= IN_FLIGHT) {
      await Promise.race(onTheWay);
    }
    if (options.signal.aborted) {
      trouble ??= cancelledFailure();
    }
    if (trouble !== undefined) {
      break;
    }
    const sending = send(options, target, found.get(target.topic))
      .then(
        (isTaken) => {
          if (isTaken) {
            sent.push(target);
          }
        },
        (error: unknown) => {
          trouble ??= error;
        },
      )
      .finally(() => {
        onTheWay.delete(sending);
        options.onProgress();
      });
    onTheWay.add(sending);
  }
  await Promise.all(onTheWay);
  if (trouble !== undefined) {
    throw trouble;
  }
  return sent;
}

/** Is this one to be sent? Otherwise it is counted, with the reason. */
function decide({ tally, onGone }: ChangeOptions, target: Target, { found, refused }: Read): boolean {
  const { topic, message, onlyOver } = target;
  const refusal = refused.get(topic);
  if (refusal !== undefined) {
    countFailure(tally, topic, `It could not be read first, so it was left alone. ${refusal.message}`);
    return false;
  }
  const now = found.get(topic);
  if (message === undefined && now === undefined) {
    tally.done += 1;
    tally.gone += 1;
    onGone(topic);
    return false;
  }
  const isAsExpected =
    onlyOver === undefined ||
    (onlyOver === 'nothing' ? now === undefined : now !== undefined && sameBytes(now.payload, onlyOver));
  if (!isAsExpected) {
    tally.done += 1;
    tally.newer += 1;
  }
  return isAsExpected;
}

async function send(
  options: ChangeOptions,
  { topic, message }: Target,
  before: StoredMessage | undefined,
): Promise<boolean> {
  const { link, tally, hasProperties, onChanging, onRefused } = options;
  const payload = message?.payload ?? new Uint8Array(0);
  const qos = Math.min(message?.qos ?? 1, link.maximumQos) as 0 | 1 | 2;
  const properties = hasProperties ? (message?.properties ?? {}) : {};
  const changed = { topic, before, sent: payload };
  onChanging(changed);
  try {
    await link.publish({ topic, payload, qos, retain: true, properties });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'publish.offline' || failure.code === 'publish.unacknowledged') {
      throw new FailureError(failure);
    }
    onRefused(changed);
    countFailure(tally, topic, failure.message);
    return false;
  }
  tally.done += 1;
  tally.changed += 1;
  if (!hasProperties && Object.keys(message?.properties ?? {}).length > 0) {
    tally.withoutProperties += 1;
  }
  return true;
}

/** A broker may take a PUBLISH and keep nothing of it: only looking again tells. */
async function verify({ link, tally, onVerified }: ChangeOptions, sent: readonly Target[]): Promise<void> {
  const { found } = await readTopics(
    link,
    sent.map(({ topic }) => topic),
  );
  for (const { topic, message } of sent) {
    const now = found.get(topic);
    const isRight =
      message === undefined
        ? now === undefined
        : now !== undefined && sameBytes(now.payload, message.payload);
    if (isRight) {
      tally.verified += 1;
      onVerified(topic, now);
    } else {
      tally.failed += 1;
      noteFailure(
        tally,
        topic,
        message === undefined
          ? 'It was sent, but a message is still retained: the broker did not take it, or somebody published again.'
          : 'It was sent, but the broker retains something else, or nothing: it did not take it, or somebody published again.',
      );
    }
  }
}

function countFailure(tally: Tally, topic: string, message: string): void {
  tally.done += 1;
  tally.failed += 1;
  noteFailure(tally, topic, message);
}

/** Keeps the reason of the first failures. */
export function noteFailure(tally: Tally, topic: string, message: string): void {
  if (tally.failures.length < MAX_FAILURES) {
    tally.failures.push({ topic: topic.slice(0, 512), message });
  }
}

/** As a filter, such a name would not mean the topic. */
function isSpecial(topic: string): boolean {
  return topic.startsWith('$share/') || topic.startsWith('$queue/') || topic.startsWith('$exclusive/');
}

const specialFailure: Failure = {
  code: 'retained.special',
  message: 'A topic of this name can’t be asked for by itself: as a filter it means something else.',
};
