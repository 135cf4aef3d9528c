import { fail } from '#app/contract/failure.ts';
import {
  MAX_SNAPSHOT_FILE,
  MAX_SNAPSHOT_SLICE,
  type RetainedPlan,
} from '#app/contract/operations/retained.ts';
import { MAX_INLINE_PAYLOAD } from '#app/contract/operations/session.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { saveFile } from '#renderer/ui/save-file.ts';
import { snapshotName } from './retained-words.ts';

/** Fetches a snapshot from the engine and has the browser save it. */
export async function saveSnapshot(sessionId: string, snapshotId: string): Promise<void> {
  const client = engineClient();
  let whole = new Uint8Array(0);
  for (let offset = 0; ; ) {
    const { bytes, size } = await client.session(sessionId, 'retained.readSnapshot', {
      snapshotId,
      offset,
      length: MAX_SNAPSHOT_SLICE,
    });
    if (offset === 0) {
      whole = new Uint8Array(size);
    }
    whole.set(bytes, offset);
    offset += bytes.length;
    if (offset >= size || bytes.length === 0) {
      break;
    }
  }
  saveFile(snapshotName(new Date()), whole, 'application/jsonl');
}

/** Hands a chosen file to the engine, which says what restoring it would do. */
export async function openSnapshot(sessionId: string, file: File): Promise<RetainedPlan> {
  if (file.size > MAX_SNAPSHOT_FILE) {
    throw fail(
      'retained.file',
      'This file is larger than 64 MB.',
      'Split it by lines; each part needs the first line.',
    );
  }
  const client = engineClient();
  let stagedId: string | undefined;
  for (let offset = 0; offset === 0 || offset < file.size; offset += MAX_INLINE_PAYLOAD) {
    const slice = new Uint8Array(await file.slice(offset, offset + MAX_INLINE_PAYLOAD).arrayBuffer());
    const staged = await client.session(sessionId, 'payload.stage', {
      slice,
      ...(stagedId === undefined ? {} : { stagedId }),
    });
    stagedId = staged.stagedId;
  }
  return client.session(sessionId, 'retained.openSnapshot', { stagedId: stagedId ?? '' });
}
