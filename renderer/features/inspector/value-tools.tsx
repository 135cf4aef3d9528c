import { NativeSelect } from '@mantine/core';
import { ClipboardCopy, Download, SquarePen, WrapText } from 'lucide-react';
import { formatBytes } from '#app/base/format.ts';
import { fail } from '#app/contract/failure.ts';
import type { MessageDetails } from '#app/contract/operations/session.ts';
import { type PublishFormat, payloadFormats } from '#app/profile/profile.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { attempt } from '#renderer/commands/run.ts';
import { readAll } from '#renderer/editor/text-source.ts';
import { requestPublish } from '#renderer/state/workspace.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { toHexText } from '#renderer/ui/hex-geometry.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { ChartNumber } from './chart-number.tsx';
import { extensionOf, payloadFileName } from './file-name.ts';
import classes from './header.module.css';
import { copyBytes, readRange, savePayload } from './payload-bytes.ts';
import { AUTO, viewChoices, viewLabel } from './view-choice.ts';
import { shownMessage, type ViewSource } from './view-source.ts';

interface ValueToolsProps {
  readonly sessionId: string;
  readonly details: MessageDetails;
  readonly source: ViewSource | undefined;
  readonly profileId: string;
  readonly codec: string;
  readonly onCodec: (codec: string) => void;
  readonly wordWrap: boolean;
  readonly onWordWrap: (wordWrap: boolean) => void;
  readonly isValueShown: boolean;
}

/** UTF-16 units of text that the composer takes over. */
const MAX_COMPOSED = 1_000_000;

/** How the value is shown, and what can be done with it. */
export function ValueTools({
  sessionId,
  details,
  source,
  profileId,
  codec,
  onCodec,
  wordWrap,
  onWordWrap,
  isValueShown,
}: ValueToolsProps) {
  const { topic } = details;
  const { sequence, size } = shownMessage(details, source);
  const chosen = source === undefined ? undefined : viewLabel(source.view.codec, source.view.label);
  return (
    <div className={classes.tools}>
      {codec === AUTO && chosen !== undefined && size > 0 && (
        <span className={classes.auto} aria-hidden>
          {chosen}
        </span>
      )}
      <NativeSelect
        aria-label="View as"
        aria-description={codec === AUTO && chosen !== undefined ? `Auto: ${chosen}` : undefined}
        title={codec === AUTO && chosen !== undefined ? `Auto: ${chosen}` : undefined}
        classNames={{ input: classes.select ?? '' }}
        data={viewChoices}
        value={codec}
        onChange={(event) => onCodec(event.currentTarget.value)}
      />
      {isValueShown && source?.view.shape === 'text' && (
        <IconButton
          icon={WrapText}
          label="Word wrap"
          pressed={wordWrap}
          onClick={() => onWordWrap(!wordWrap)}
        />
      )}
      {size > 0 && (
        <ChartNumber
          sessionId={sessionId}
          profileId={profileId}
          topic={topic}
          sequence={sequence}
          codec={codec}
        />
      )}
      {size > 0 && (
        <IconButton
          icon={ClipboardCopy}
          label="Copy value"
          onClick={() => attempt(() => copyValue(sessionId, source))}
        />
      )}
      <IconButton
        icon={SquarePen}
        label="Use topic and value in Publish"
        onClick={() => attempt(() => composeAgain(sessionId, details, source))}
      />
      <IconButton
        icon={Download}
        label="Save payload to a file"
        onClick={() =>
          attempt(() =>
            savePayload(
              sessionId,
              sequence,
              size,
              payloadFileName(topic, sequence, extensionOf(source?.view.codec ?? '')),
            ),
          )
        }
      />
    </div>
  );
}

async function copyValue(sessionId: string, source: ViewSource | undefined): Promise<void> {
  if (source === undefined) {
    return;
  }
  if (source.view.shape !== 'text') {
    await copyBytes(sessionId, source.sequence, { start: 0, end: source.view.size }, 'hex');
    return;
  }
  await copyText(await readAll(source));
  notify({
    id: 'copied',
    level: 'ok',
    message: `Copied the value as ${viewLabel(source.view.codec, source.view.label)}`,
  });
}

/** Fills the composer with the topic and the payload as it is shown. */
async function composeAgain(
  sessionId: string,
  details: MessageDetails,
  source: ViewSource | undefined,
): Promise<void> {
  const { topic } = details;
  const { sequence, size } = shownMessage(details, source);
  if (size > MAX_COMPOSED || (source?.length ?? 0) > MAX_COMPOSED) {
    throw fail(
      'compose.large',
      `A payload of ${formatBytes(size)} is too large for the composer.`,
      'Save it to a file, and drop the file on Publish.',
    );
  }
  if (source === undefined || source.view.shape !== 'text') {
    const parts = await readRange(sessionId, sequence, { start: 0, end: size });
    requestPublish(sessionId, {
      topic,
      payload: { text: parts.map(toHexText).join(' '), format: 'hex' },
    });
    return;
  }
  requestPublish(sessionId, {
    topic,
    payload: { text: await readAll(source), format: formatOf(source.view.codec) },
  });
}

/** The format in which a value that is shown by a codec is written. */
function formatOf(codec: string): PublishFormat {
  if (/^(?:template|protobuf|avro):/.test(codec)) {
    return 'rule';
  }
  return payloadFormats.find((format) => format === codec) ?? 'text';
}
