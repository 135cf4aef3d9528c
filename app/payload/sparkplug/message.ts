import { Wire, WireError, WireReader } from '../protobuf/wire.ts';
import { decodeUtf8 } from '../utf8.ts';
import {
  type DataSet,
  type Metric,
  metadataNames,
  type Payload,
  type Property,
  type RawValue,
  type Template,
} from './message-types.ts';

export interface MessageLimits {
  readonly maxDepth: number;
  /** Metrics, properties, cells and parameters together. */
  readonly maxItems: number;
  readonly isOver: () => boolean;
}

export interface ReadPayload {
  readonly payload: Payload;
  /** Why it was not read to its end; what came before is there. */
  readonly stopped?: 'items' | 'time' | 'depth';
  /** Bytes that are no Protobuf, or no Sparkplug, from an offset on. */
  readonly broken?: { readonly offset: number; readonly message: string };
  /** Fields that the specification does not know. */
  readonly unknown: number;
}

class Stop extends Error {
  readonly reason: 'items' | 'time' | 'depth';

  constructor(reason: 'items' | 'time' | 'depth') {
    super(reason);
    this.reason = reason;
  }
}

/** Reads a payload as far as it goes; never throws. */
export function readPayload(bytes: Uint8Array, limits: MessageLimits): ReadPayload {
  const payload: Payload = { metrics: [] };
  const reader = new MessageReader(limits);
  try {
    reader.payload(new WireReader(bytes), payload);
    return { payload, unknown: reader.unknown };
  } catch (error) {
    if (error instanceof Stop) {
      return { payload, stopped: error.reason, unknown: reader.unknown };
    }
    if (error instanceof WireError) {
      const { offset, message } = error;
      return { payload, broken: { offset, message }, unknown: reader.unknown };
    }
    throw error;
  }
}

class MessageReader {
  readonly #limits: MessageLimits;
  #items = 0;
  unknown = 0;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  payload(reader: WireReader, into: Payload): void {
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.varint:
          into.timestamp = reader.varint();
          break;
        case 2 * 8 + Wire.bytes: {
          const metric: Metric = {};
          into.metrics.push(metric);
          this.metric(reader.message(), metric, 0);
          break;
        }
        case 3 * 8 + Wire.varint:
          into.seq = reader.varint();
          break;
        case 4 * 8 + Wire.bytes:
          into.uuid = decodeUtf8(reader.slice());
          break;
        case 5 * 8 + Wire.bytes:
          into.body = reader.slice();
          break;
        default:
          this.#skip(reader);
      }
    }
  }

  metric(reader: WireReader, into: Metric, depth: number): void {
    this.#spend(depth);
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.bytes:
          into.name = decodeUtf8(reader.slice());
          break;
        case 2 * 8 + Wire.varint:
          into.alias = reader.varint();
          break;
        case 3 * 8 + Wire.varint:
          into.timestamp = reader.varint();
          break;
        case 4 * 8 + Wire.varint:
          into.datatype = uint32(reader);
          break;
        case 5 * 8 + Wire.varint:
          into.isHistorical = reader.varint() !== 0n;
          break;
        case 6 * 8 + Wire.varint:
          into.isTransient = reader.varint() !== 0n;
          break;
        case 7 * 8 + Wire.varint:
          into.isNull = reader.varint() !== 0n;
          break;
        case 8 * 8 + Wire.bytes:
          into.metadata = this.#metadata(reader.message());
          break;
        case 9 * 8 + Wire.bytes:
          into.properties = this.#properties(reader.message(), depth + 1);
          break;
        case 16 * 8 + Wire.bytes:
          into.value = { kind: 'bytes', value: reader.slice() };
          break;
        case 17 * 8 + Wire.bytes:
          into.value = { kind: 'dataset', value: this.#dataSet(reader.message(), depth + 1) };
          break;
        case 18 * 8 + Wire.bytes: {
          const template: Template = { parameters: [], metrics: [] };
          into.value = { kind: 'template', value: template };
          this.#template(reader.message(), template, depth + 1);
          break;
        }
        case 19 * 8 + Wire.bytes:
          reader.skip();
          into.value = { kind: 'extension' };
          break;
        default: {
          const value = this.#scalar(reader, 10);
          if (value !== undefined) {
            into.value = value;
          }
        }
      }
    }
  }

  /** The members of a `oneof` that all kinds of values share: int, long, float, double, boolean, string, in this order. */
  #scalar(reader: WireReader, first: number): RawValue | undefined {
    switch (key(reader) - first * 8) {
      case 0 * 8 + Wire.varint:
        return { kind: 'int', value: BigInt.asUintN(32, reader.varint()) };
      case 1 * 8 + Wire.varint:
        return { kind: 'long', value: reader.varint() };
      case 2 * 8 + Wire.fixed32:
        return { kind: 'float', value: reader.float() };
      case 3 * 8 + Wire.fixed64:
        return { kind: 'double', value: reader.double() };
      case 4 * 8 + Wire.varint:
        return { kind: 'boolean', value: reader.varint() !== 0n };
      case 5 * 8 + Wire.bytes:
        return { kind: 'string', value: decodeUtf8(reader.slice()) };
      default:
        this.#skip(reader);
        return undefined;
    }
  }

  #metadata(reader: WireReader): Record<string, string | bigint | boolean> {
    const metadata: Record<string, string | bigint | boolean> = {};
    while (reader.next()) {
      const name = metadataNames[reader.field];
      if (name === undefined) {
        this.#skip(reader);
      } else if (reader.wire === Wire.bytes) {
        metadata[name] = decodeUtf8(reader.slice());
      } else if (reader.wire === Wire.varint) {
        const value = reader.varint();
        metadata[name] = name === 'isMultiPart' ? value !== 0n : value;
      } else {
        this.#skip(reader);
      }
    }
    return metadata;
  }

  #properties(reader: WireReader, depth: number): Property[] {
    this.#spend(depth);
    const names: string[] = [];
    const values: Property[] = [];
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.bytes:
          this.#spend(depth);
          names.push(decodeUtf8(reader.slice()));
          break;
        case 2 * 8 + Wire.bytes:
          values.push(this.#property(reader.message(), depth + 1));
          break;
        default:
          this.#skip(reader);
      }
    }
    return Array.from({ length: Math.max(names.length, values.length) }, (_, index) => {
      const name = names[index];
      return { ...(name === undefined ? {} : { name }), ...values[index] };
    });
  }

  #property(reader: WireReader, depth: number): Property {
    this.#spend(depth);
    const property: Property = {};
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.varint:
          property.type = uint32(reader);
          break;
        case 2 * 8 + Wire.varint:
          property.isNull = reader.varint() !== 0n;
          break;
        case 9 * 8 + Wire.bytes:
          property.value = { kind: 'properties', value: this.#properties(reader.message(), depth + 1) };
          break;
        case 10 * 8 + Wire.bytes:
          property.value = {
            kind: 'propertiesList',
            value: this.#propertiesList(reader.message(), depth + 1),
          };
          break;
        case 11 * 8 + Wire.bytes:
          reader.skip();
          property.value = { kind: 'extension' };
          break;
        default: {
          const value = this.#scalar(reader, 3);
          if (value !== undefined) {
            property.value = value;
          }
        }
      }
    }
    return property;
  }

  #propertiesList(reader: WireReader, depth: number): Property[][] {
    this.#spend(depth);
    const list: Property[][] = [];
    while (reader.next()) {
      if (key(reader) === 1 * 8 + Wire.bytes) {
        list.push(this.#properties(reader.message(), depth + 1));
      } else {
        this.#skip(reader);
      }
    }
    return list;
  }

  #dataSet(reader: WireReader, depth: number): DataSet {
    this.#spend(depth);
    const set: DataSet = { columns: [], types: [], rows: [] };
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.varint:
          // The number of columns: known by their names.
          reader.varint();
          break;
        case 2 * 8 + Wire.bytes:
          this.#spend(depth);
          set.columns.push(decodeUtf8(reader.slice()));
          break;
        case 3 * 8 + Wire.varint:
          this.#spend(depth);
          set.types.push(uint32(reader));
          break;
        case 3 * 8 + Wire.bytes:
          for (const packed = reader.message(); packed.hasMore; ) {
            this.#spend(depth);
            set.types.push(uint32(packed));
          }
          break;
        case 4 * 8 + Wire.bytes:
          set.rows.push(this.#row(reader.message(), depth + 1));
          break;
        default:
          this.#skip(reader);
      }
    }
    return set;
  }

  #row(reader: WireReader, depth: number): (RawValue | undefined)[] {
    this.#spend(depth);
    const row: (RawValue | undefined)[] = [];
    while (reader.next()) {
      if (key(reader) === 1 * 8 + Wire.bytes) {
        row.push(this.#cell(reader.message(), depth + 1));
      } else {
        this.#skip(reader);
      }
    }
    return row;
  }

  #cell(reader: WireReader, depth: number): RawValue | undefined {
    this.#spend(depth);
    let value: RawValue | undefined;
    while (reader.next()) {
      value = this.#scalar(reader, 1) ?? value;
    }
    return value;
  }

  #template(reader: WireReader, into: Template, depth: number): void {
    this.#spend(depth);
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.bytes:
          into.version = decodeUtf8(reader.slice());
          break;
        case 2 * 8 + Wire.bytes: {
          const metric: Metric = {};
          into.metrics.push(metric);
          this.metric(reader.message(), metric, depth + 1);
          break;
        }
        case 3 * 8 + Wire.bytes:
          into.parameters.push(this.#parameter(reader.message(), depth + 1));
          break;
        case 4 * 8 + Wire.bytes:
          into.reference = decodeUtf8(reader.slice());
          break;
        case 5 * 8 + Wire.varint:
          into.isDefinition = reader.varint() !== 0n;
          break;
        default:
          this.#skip(reader);
      }
    }
  }

  #parameter(reader: WireReader, depth: number): Template['parameters'][number] {
    this.#spend(depth);
    const parameter: Template['parameters'][number] = {};
    while (reader.next()) {
      switch (key(reader)) {
        case 1 * 8 + Wire.bytes:
          parameter.name = decodeUtf8(reader.slice());
          break;
        case 2 * 8 + Wire.varint:
          parameter.type = uint32(reader);
          break;
        default: {
          const value = this.#scalar(reader, 3);
          if (value !== undefined) {
            parameter.value = value;
          }
        }
      }
    }
    return parameter;
  }

  #skip(reader: WireReader): void {
    this.unknown += 1;
    reader.skip();
  }

  #spend(depth: number): void {
    this.#items += 1;
    if (depth > this.#limits.maxDepth) {
      throw new Stop('depth');
    }
    if (this.#items > this.#limits.maxItems) {
      throw new Stop('items');
    }
    if (this.#items % 1024 === 0 && this.#limits.isOver()) {
      throw new Stop('time');
    }
  }
}

/** Field and wire type in one number. */
function key(reader: WireReader): number {
  return reader.field * 8 + reader.wire;
}

function uint32(reader: WireReader): number {
  return Number(BigInt.asUintN(32, reader.varint()));
}
