import { CircleAlert } from 'lucide-react';
import { formatBytes, formatCount, formatQuantity } from '#app/base/format.ts';
import { formatNames } from '#app/payload/format-names.ts';
import { hexLine } from '#app/payload/preview.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { PublishFormat } from '#app/profile/profile.ts';
import type { PayloadCheck } from '#app/publish/composition.ts';
import styles from './publish.module.css';

interface MeasureProps {
  readonly check: PayloadCheck;
  readonly format: PublishFormat;
  readonly isEmpty: boolean;
}

/** How many bytes it is, or why it is none. */
export function Measure({ check, format, isEmpty }: MeasureProps) {
  if (!check.ok) {
    return (
      <span className={styles.wrong} title={check.failure.hint}>
        <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
        <span>{check.failure.message}</span>
      </span>
    );
  }
  const { length } = check.bytes;
  const validity = isEmpty
    ? ''
    : format === 'json'
      ? ', valid JSON'
      : format === 'xml'
        ? ', well-formed XML'
        : '';
  return (
    <span className={styles.size} title={`${formatCount(length)} bytes as ${formatNames[format]}`}>
      {length < 10_000 ? formatQuantity(length, 'byte') : formatBytes(length)}
      {validity}
    </span>
  );
}

/** Formats whose bytes are not what was typed. */
const binaryFormats: ReadonlySet<PublishFormat> = new Set(['rule', 'cbor', 'msgpack', 'sparkplug', 'base64']);
/** Bytes that are shown of what is sent, and characters of what was filled in. */
const SHOWN_BYTES = 64;
const SHOWN_TEXT = 300;

/** What goes out, where that is not what stands in the field: the text with what was filled in, and the bytes. */
export function Sent({ check, format }: { readonly check: PayloadCheck; readonly format: PublishFormat }) {
  if (!check.ok || check.bytes.length === 0) {
    return undefined;
  }
  const { filled, bytes } = check;
  return (
    <>
      {filled !== undefined && (
        <p role="note" className={styles.sent} aria-label="Filled in">
          {visibleText(filled.slice(0, SHOWN_TEXT).replaceAll(/\s*[\r\n]\s*/g, ' '))}
          {filled.length > SHOWN_TEXT && '…'}
        </p>
      )}
      {binaryFormats.has(format) && (
        <p role="note" className={styles.sent} aria-label="Bytes">
          {hexLine(bytes.subarray(0, SHOWN_BYTES), 3 * SHOWN_BYTES)}
          {bytes.length > SHOWN_BYTES && ' …'}
        </p>
      )}
    </>
  );
}
