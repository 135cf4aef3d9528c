import { sampleOf } from '../sample.ts';
import { dataTypeNames } from './data-types.ts';
import { readPayload } from './message.ts';
import type { Metric } from './message-types.ts';
import { parseSparkplugTopic } from './topic.ts';

const limits = { maxDepth: 32, maxItems: 1000, isOver: () => false };
/** Milliseconds since the epoch between which a time of sending lies: 1990 to 2100. */
const EARLIEST = 631_152_000_000n;
const LATEST = 4_102_444_800_000n;

/**
 * How surely these bytes are a payload of Sparkplug B (0 to 1): by the topic and what they are made of, or by that
 * alone, where the topic is not known or has something before its `spBv1.0`. `bytes` may be the first of `size`.
 */
export function detectSparkplug(bytes: Uint8Array, topic: string, size = bytes.length): number {
  // JSON, text and most else begins otherwise: fields 1 to 5 of the payload.
  const first = bytes[0];
  if (first !== 0x08 && first !== 0x12 && first !== 0x18 && first !== 0x22 && first !== 0x2a) {
    return 0;
  }
  const sample = sampleOf(bytes);
  const { payload, broken, unknown } = readPayload(sample, limits);
  // Of a payload that goes on behind the sample, the last field is cut.
  if ((broken !== undefined && sample.length === size) || unknown > 0) {
    return 0;
  }
  if (parseSparkplugTopic(topic)?.kind === 'message') {
    return 1;
  }
  const { timestamp, seq, metrics } = payload;
  const isTimed = timestamp !== undefined && timestamp >= EARLIEST && timestamp <= LATEST;
  const whole = broken === undefined ? metrics : metrics.slice(0, -1);
  return isTimed && (metrics.length > 0 ? whole.every(isMetric) : seq !== undefined && seq < 256n) ? 0.95 : 0;
}

function isMetric({ name, alias, datatype = 0, value, isNull }: Metric): boolean {
  return (
    (name !== undefined || alias !== undefined) &&
    datatype < dataTypeNames.length &&
    (value !== undefined || isNull === true || datatype > 0)
  );
}
