import { fail } from '#app/contract/failure.ts';
import { MAX_SNAPSHOT_FILE } from '#app/contract/operations/retained.ts';
import { batchesOf, noteFailure, readTopics, type Tally } from './change.ts';
import type { RetainedLink } from './retained-link.ts';
import { snapshotHeader, snapshotLine } from './snapshot-file.ts';

/** What a snapshot says in its header, and who is told of its progress. */
export interface SnapshotOptions {
  readonly filter: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tally: Tally;
  /** Nothing is retained on this topic any more. */
  readonly onGone: (topic: string) => void;
  readonly onProgress: () => void;
}

/** Reads these topics anew, with QoS and properties, into the bytes of a snapshot file. */
export async function takeSnapshot(
  link: RetainedLink,
  wanted: readonly { readonly topic: string; readonly size: number }[],
  { filter, now, tally, onGone, onProgress }: SnapshotOptions,
): Promise<Uint8Array> {
  const header = Buffer.from(snapshotHeader(now, filter));
  const chunks: Buffer[] = [header];
  let size = header.length;
  for (const batch of batchesOf(wanted)) {
    const { found, refused } = await readTopics(
      link,
      batch.map(({ topic }) => topic),
    );
    for (const { topic } of batch) {
      const message = found.get(topic);
      const failure = refused.get(topic);
      tally.done += 1;
      if (message !== undefined) {
        const line = Buffer.from(snapshotLine(message));
        chunks.push(line);
        size += line.length;
        tally.changed += 1;
        tally.verified += 1;
      } else if (failure !== undefined) {
        tally.failed += 1;
        noteFailure(tally, topic, failure.message);
      } else {
        tally.gone += 1;
        onGone(topic);
      }
    }
    if (size > MAX_SNAPSHOT_FILE) {
      throw fail('retained.tooMuch', 'The snapshot would be larger than 64 MB.', 'Select fewer messages.');
    }
    onProgress();
  }
  if (tally.changed === 0) {
    throw fail('retained.nothing', 'None of these messages is retained any more.', 'Load the list again.');
  }
  return Buffer.concat(chunks);
}
