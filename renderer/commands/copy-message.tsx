import { Menu } from '@mantine/core';
import { Braces, SquareTerminal, TextQuote } from 'lucide-react';
import { fail } from '#app/contract/failure.ts';
import { MAX_INLINE_PAYLOAD, type MessageDetails } from '#app/contract/operations/session.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { requestCopyAs } from '#renderer/state/copy-as.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { notify } from './notify.tsx';
import { attempt } from './run.ts';

/** Bytes of a payload that still go onto the clipboard. */
const MAX_COPY = 16 * 1024 * 1024;

interface CopyItemsProps {
  readonly sessionId: string;
  readonly sequence: number;
}

/** Menu items that copy a message: as a line of JSON, its payload as text, as a program. */
export function CopyMessageItems({ sessionId, sequence }: CopyItemsProps) {
  const copy = (what: string, make: (message: WholeMessage) => string) => () =>
    attempt(async () => {
      await copyText(make(await wholeMessage(sessionId, sequence)));
      notify({ id: 'copied', level: 'ok', message: `Copied ${what}` });
    });
  return (
    <>
      <Menu.Item
        leftSection={<Braces size={14} strokeWidth={1.75} aria-hidden />}
        onClick={copy('the message as JSON', messageJson)}
      >
        Copy as JSON
      </Menu.Item>
      <Menu.Item
        leftSection={<TextQuote size={14} strokeWidth={1.75} aria-hidden />}
        onClick={copy('the payload as text', ({ payload }) => {
          const text = utf8(payload);
          if (text === undefined) {
            throw fail(
              'copy.notText',
              'This payload is not text.',
              'Copy it as JSON, which has it in base64.',
            );
          }
          return text;
        })}
      >
        Copy as text
      </Menu.Item>
      <Menu.Item
        leftSection={<SquareTerminal size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() =>
          attempt(async () => {
            const { details, payload } = await wholeMessage(sessionId, sequence);
            const { topic, qos, retain, properties } = details;
            requestCopyAs({ of: { sessionId }, message: { topic, payload, qos, retain, properties } });
          })
        }
      >
        Copy as program…
      </Menu.Item>
    </>
  );
}

interface WholeMessage {
  readonly details: MessageDetails;
  readonly payload: Uint8Array;
}

async function wholeMessage(sessionId: string, sequence: number): Promise<WholeMessage> {
  const client = engineClient();
  const details = await client.session(sessionId, 'message.get', { sequence });
  if (details.size > MAX_COPY) {
    throw fail('copy.tooLarge', 'This payload is too large to be copied.', 'Export the message instead.');
  }
  const payload = new Uint8Array(details.size);
  for (let offset = 0; offset < details.size; ) {
    const { bytes } = await client.session(sessionId, 'message.bytes', {
      sequence,
      offset,
      length: MAX_INLINE_PAYLOAD,
    });
    payload.set(bytes, offset);
    offset += Math.max(1, bytes.length);
  }
  return { details, payload };
}

/** The same members as a line of an export. */
function messageJson({ details, payload }: WholeMessage): string {
  const { correlationData, ...properties } = details.properties;
  const packed = {
    ...properties,
    ...(correlationData === undefined ? {} : { correlationData: base64(correlationData) }),
  };
  const text = utf8(payload);
  return JSON.stringify(
    {
      sequence: details.sequence,
      time: new Date(details.receivedAt).toISOString(),
      direction: details.direction,
      topic: details.topic,
      qos: details.qos,
      retain: details.retain,
      dup: details.dup,
      ...(text === undefined ? { payloadBase64: base64(payload) } : { payload: text }),
      ...(Object.keys(packed).length === 0 ? {} : { properties: packed }),
    },
    undefined,
    2,
  );
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
