import { formatCount, formatQuantity } from '../../base/format.ts';
import { ItemStop } from '../item-cursor.ts';
import { type AvroType, simpleName } from './avro-type.ts';
import { isContainer, type ReadPayload, readContainer } from './container.ts';
import type { OfferedType } from './fingerprint.ts';
import { type ReadLimits, ValueReader } from './read-value.ts';
import { namedFingerprint, SINGLE_OBJECT_HEAD, unknownFingerprint } from './single-object.ts';

/** A zero and the number that a schema registry gave the schema. */
const REGISTRY_HEAD = 5;

/** What payloads are read by. */
export interface BoundType {
  readonly type: AvroType;
  /** The types of the same schema by their fingerprints. */
  readonly marked: () => ReadonlyMap<string, OfferedType>;
}

/**
 * Reads a payload of `size` bytes, of which `bytes` may be the beginning, in whatever frame it came: a plain value, one
 * in single-object encoding, one as schema registries frame it, or a container file.
 */
export function readPayload(
  bound: BoundType,
  bytes: Uint8Array,
  limits: ReadLimits,
  size = bytes.length,
): ReadPayload {
  if (isContainer(bytes)) {
    return readContainer(bytes, limits);
  }
  const mark = namedFingerprint(bytes);
  const type = mark === undefined ? undefined : bound.marked().get(mark)?.type;
  if (mark !== undefined && type !== undefined) {
    const name = 'name' in type ? simpleName(type.name) : type.kind;
    // Where it is the type that was asked for, the name of the view says all.
    const notes =
      type === bound.type
        ? []
        : [`The payload names another type of the schema: ${name}, fingerprint 0x${mark}.`];
    return readAt(SINGLE_OBJECT_HEAD, type, bytes, limits, size, notes);
  }
  // Values may begin like a frame: it is one where the bytes are no plain value.
  const plain = readAt(0, bound.type, bytes, limits, size);
  if (isClean(plain)) {
    return plain;
  }
  if (mark !== undefined) {
    return { text: '', notes: [unknownFingerprint(mark)] };
  }
  if (bytes[0] === 0 && bytes.length > REGISTRY_HEAD) {
    const id = new DataView(bytes.buffer, bytes.byteOffset).getInt32(1);
    const framed = readAt(REGISTRY_HEAD, bound.type, bytes, limits, size, [
      `Framed for a schema registry (Confluent): schema ${id}. Read by the type of the rule.`,
    ]);
    if (isClean(framed)) {
      return framed;
    }
  }
  return plain;
}

/** A value that took all bytes, or as many as it may. */
interface ReadValue extends ReadPayload {
  readonly left: number;
}

function isClean({ stop, left }: ReadValue): boolean {
  return stop === undefined ? left === 0 : stop.reason !== 'malformed';
}

function readAt(
  start: number,
  type: AvroType,
  bytes: Uint8Array,
  limits: ReadLimits,
  size: number,
  before: readonly string[] = [],
): ReadValue {
  const reader = new ValueReader(bytes.subarray(start), limits, size - start);
  let stop: ItemStop | undefined;
  try {
    reader.read(type);
  } catch (error) {
    if (!(error instanceof ItemStop)) {
      throw error;
    }
    stop = new ItemStop(error.reason, error.offset + start, error.message);
  }
  const left = size - start - reader.offset;
  const { invalidTexts } = reader;
  return {
    text: reader.out.toString(),
    left,
    notes: [
      ...before,
      ...(stop === undefined && left > 0
        ? [
            `${formatQuantity(left, 'byte')} ${left === 1 ? 'follows' : 'follow'} behind the value, from byte ${formatCount(reader.offset + start)} on: it may be of another type, or of a later version of this one.`,
          ]
        : []),
      ...(invalidTexts > 0 ? [`Not UTF-8 in ${formatQuantity(invalidTexts, 'text')}: shown as �.`] : []),
    ],
    ...(stop && { stop }),
  };
}
