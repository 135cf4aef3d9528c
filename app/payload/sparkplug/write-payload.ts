import { Wire } from '../protobuf/wire.ts';
import { WireWriter } from '../protobuf/wire-writer.ts';
import {
  type DataSet,
  type Metric,
  metadataNames,
  type Payload,
  type Property,
  type RawValue,
  type Template,
} from './message-types.ts';

const encoder = new TextEncoder();

/** A payload as Protobuf by `sparkplug_b.proto` (specification 3.0, section 6.4): what `readPayload` reads. */
export function writePayload({ timestamp, metrics, seq, uuid, body }: Payload): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  whole(writer, 1, timestamp);
  for (const metric of metrics) {
    message(writer, 2, (inner) => writeMetric(inner, metric));
  }
  whole(writer, 3, seq);
  text(writer, 4, uuid);
  blob(writer, 5, body);
  return writer.finish();
}

function writeMetric(writer: WireWriter, metric: Metric): void {
  const { name, alias, timestamp, datatype, isHistorical, isTransient, isNull } = metric;
  const { metadata, properties, value } = metric;
  text(writer, 1, name);
  whole(writer, 2, alias);
  whole(writer, 3, timestamp);
  whole(writer, 4, datatype);
  truth(writer, 5, isHistorical);
  truth(writer, 6, isTransient);
  truth(writer, 7, isNull);
  if (metadata !== undefined) {
    message(writer, 8, (inner) => writeMetadata(inner, metadata));
  }
  if (properties !== undefined) {
    message(writer, 9, (inner) => writeProperties(inner, properties));
  }
  switch (value?.kind) {
    case 'bytes':
      blob(writer, 16, value.value);
      break;
    case 'dataset':
      message(writer, 17, (inner) => writeDataSet(inner, value.value));
      break;
    case 'template':
      message(writer, 18, (inner) => writeTemplate(inner, value.value));
      break;
    default:
      writeScalar(writer, 10, value);
  }
}

/** The members of a `oneof` that all kinds of values share; `first` is the field of the int. */
function writeScalar(writer: WireWriter, first: number, value: RawValue | undefined): void {
  switch (value?.kind) {
    case 'int':
      whole(writer, first, BigInt.asUintN(32, value.value));
      break;
    case 'long':
      whole(writer, first + 1, value.value);
      break;
    case 'float':
      writer.tag(first + 2, Wire.fixed32);
      writer.float(value.value);
      break;
    case 'double':
      writer.tag(first + 3, Wire.fixed64);
      writer.double(value.value);
      break;
    case 'boolean':
      truth(writer, first + 4, value.value);
      break;
    case 'string':
      text(writer, first + 5, value.value);
      break;
    default:
  }
}

function writeMetadata(writer: WireWriter, metadata: NonNullable<Metric['metadata']>): void {
  for (const [field, name] of metadataNames.entries()) {
    const value = name === undefined ? undefined : metadata[name];
    if (typeof value === 'string') {
      text(writer, field, value);
    } else if (typeof value === 'boolean') {
      truth(writer, field, value);
    } else {
      whole(writer, field, value);
    }
  }
}

function writeProperties(writer: WireWriter, properties: readonly Property[]): void {
  for (const { name = '' } of properties) {
    text(writer, 1, name);
  }
  for (const { type, isNull, value } of properties) {
    message(writer, 2, (inner) => {
      whole(inner, 1, type);
      truth(inner, 2, isNull);
      if (value?.kind === 'properties') {
        message(inner, 9, (set) => writeProperties(set, value.value));
      } else if (value?.kind === 'propertiesList') {
        message(inner, 10, (list) => {
          for (const set of value.value) {
            message(list, 1, (one) => writeProperties(one, set));
          }
        });
      } else {
        writeScalar(inner, 3, value);
      }
    });
  }
}

function writeDataSet(writer: WireWriter, { columns, types, rows }: DataSet): void {
  whole(writer, 1, columns.length);
  for (const column of columns) {
    text(writer, 2, column);
  }
  for (const type of types) {
    whole(writer, 3, type);
  }
  for (const row of rows) {
    message(writer, 4, (inner) => {
      for (const cell of row) {
        message(inner, 1, (one) => writeScalar(one, 1, cell));
      }
    });
  }
}

function writeTemplate(writer: WireWriter, template: Template): void {
  const { version, reference, isDefinition, parameters, metrics } = template;
  text(writer, 1, version);
  for (const metric of metrics) {
    message(writer, 2, (inner) => writeMetric(inner, metric));
  }
  for (const { name, type, value } of parameters) {
    message(writer, 3, (inner) => {
      text(inner, 1, name);
      whole(inner, 2, type);
      writeScalar(inner, 3, value);
    });
  }
  text(writer, 4, reference);
  truth(writer, 5, isDefinition);
}

function message(writer: WireWriter, field: number, write: (inner: WireWriter) => void): void {
  const inner = new WireWriter();
  write(inner);
  blob(writer, field, inner.finish());
}

function blob(writer: WireWriter, field: number, bytes: Uint8Array | undefined): void {
  if (bytes !== undefined) {
    writer.tag(field, Wire.bytes);
    writer.bytes(bytes);
  }
}

function text(writer: WireWriter, field: number, value: string | undefined): void {
  blob(writer, field, value === undefined ? undefined : encoder.encode(value));
}

function whole(writer: WireWriter, field: number, value: bigint | number | undefined): void {
  if (value !== undefined) {
    writer.tag(field, Wire.varint);
    writer.varint(BigInt(value));
  }
}

function truth(writer: WireWriter, field: number, value: boolean | undefined): void {
  whole(writer, field, value === undefined ? undefined : Number(value));
}
