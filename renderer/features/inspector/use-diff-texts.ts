import { useEffect, useState } from 'react';
import { formatBytes } from '#app/base/format.ts';
import type { ContractClient } from '#app/contract/client.ts';
import { type Failure, fail, toFailure } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { useEngine } from '#renderer/client/engine.ts';
import type { CodeLanguage } from '#renderer/editor/options.ts';
import { readAll } from '#renderer/editor/text-source.ts';
import { toHexLines } from '#renderer/ui/hex-geometry.ts';
import { readRange } from './payload-bytes.ts';
import { useRulesKey } from './rules-key.ts';
import { languageOf } from './value-tab.tsx';
import { ViewSource } from './view-source.ts';

/** UTF-16 units of each text: beyond, working out the differences takes longer than one waits for it. */
const MAX_TEXT = 4_000_000;
/** Bytes that are compared as lines of hex. */
const MAX_BYTES = 512 * 1024;

/** Two messages as texts of one kind. */
interface DiffTexts {
  readonly original: string;
  readonly modified: string;
  readonly language: CodeLanguage;
  /** The codec that both are shown by. */
  readonly codec: string;
  /** The messages that these are. */
  readonly from: number;
  readonly to: number;
  readonly isBinary: boolean;
}

interface DiffState {
  /** The newest that is here; the one before stays until it is. */
  readonly texts: DiffTexts | undefined;
  readonly failure: Failure | undefined;
}

/** The texts of two messages, by the view of the newer one. */
export function useDiffTexts(
  sessionId: string,
  from: number | undefined,
  { sequence: to, topic }: Pick<MessageDetails, 'sequence' | 'topic'>,
  codec: string,
): DiffState {
  const client = useEngine((state) => state.client);
  const rules = useRulesKey(sessionId);
  const wanted = `${sessionId} ${from} ${to} ${codec} ${rules}`;
  const [state, setState] = useState<DiffState & { readonly wanted: string }>({
    texts: undefined,
    failure: undefined,
    wanted: '',
  });
  useEffect(() => {
    if (client === undefined || from === undefined) {
      return undefined;
    }
    let isGone = false;
    readTexts(client, sessionId, { from, to, topic, codec }, () => !isGone).then(
      (texts) => !isGone && setState({ texts, failure: undefined, wanted }),
      (error: unknown) => !isGone && setState({ texts: undefined, failure: toFailure(error), wanted }),
    );
    return () => {
      isGone = true;
    };
  }, [client, sessionId, from, to, topic, codec, wanted]);
  return { texts: state.texts, failure: state.wanted === wanted ? state.failure : undefined };
}

async function readTexts(
  client: ContractClient,
  sessionId: string,
  { from, to, topic, codec }: { from: number; to: number; topic: string; codec: string },
  isWanted: () => boolean,
): Promise<DiffTexts> {
  const open = async (sequence: number, by: string) =>
    new ViewSource(
      client,
      sessionId,
      sequence,
      await client.readers('view.open', { sessionId, sequence, codec: by, topic }),
    );
  const newer = await open(to, codec);
  const older = await open(from, newer.view.codec);
  try {
    const { view } = newer;
    if (view.shape !== 'text') {
      const [original, modified] = await Promise.all([older, newer].map((one) => hexLines(sessionId, one)));
      return {
        original: original ?? '',
        modified: modified ?? '',
        language: 'plaintext',
        codec: view.codec,
        from,
        to,
        isBinary: true,
      };
    }
    const longest = Math.max(older.length, newer.length);
    if (longest > MAX_TEXT) {
      throw tooLarge(`${formatBytes(longest)} of text`);
    }
    const [original, modified] = await Promise.all([older, newer].map((one) => readAll(one, isWanted)));
    return {
      original: original ?? '',
      modified: modified ?? '',
      language: languageOf(view.language),
      codec: view.codec,
      from,
      to,
      isBinary: false,
    };
  } finally {
    older.close();
    newer.close();
  }
}

async function hexLines(sessionId: string, { view, sequence }: ViewSource): Promise<string> {
  if (view.size > MAX_BYTES) {
    throw tooLarge(formatBytes(view.size));
  }
  const parts = await readRange(sessionId, sequence, { start: 0, end: view.size });
  const whole = new Uint8Array(view.size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return toHexLines(whole);
}

function tooLarge(size: string): Error {
  return fail(
    'diff.large',
    `${size} are too much to compare here.`,
    'Save both payloads to files and compare these.',
  );
}
