import type { AliasNames } from './alias-names.ts';
import { dataTypeName } from './data-types.ts';
import type { Metric, Payload, Property, RawValue, Template } from './message-types.ts';
import { arrayItems, isArrayType, type Scalar, scalarOf, timeOf } from './values.ts';

/** Items of an array that are shown. */
const MAX_ITEMS = 10_000;

/** A payload as compact JSON; metrics are members by their names, several of one name a list. */
export class PayloadJson {
  readonly #names: AliasNames | undefined;
  #room: number;
  /** Metrics whose alias no birth names. */
  unnamed = 0;
  /** The text came to its limit. */
  isCut = false;
  /** Arrays with bytes that fit no item. */
  uneven = 0;

  /** `maxLength` in UTF-16 units, about. */
  constructor(names: AliasNames | undefined, maxLength: number) {
    this.#names = names;
    this.#room = maxLength;
  }

  write({ timestamp, seq, uuid, body, metrics }: Payload): string {
    return object([
      timestamp !== undefined && member('timestamp', time(timestamp)),
      seq !== undefined && member('seq', String(seq)),
      uuid !== undefined && member('uuid', this.#string(uuid)),
      member('metrics', this.#metrics(metrics)),
      body !== undefined && member('body', this.#scalar(scalarOf({ kind: 'bytes', value: body }, undefined))),
    ]);
  }

  #metrics(metrics: readonly Metric[]): string {
    const byName = new Map<string, string[]>();
    for (const metric of metrics) {
      if (this.#room <= 0) {
        this.isCut = true;
        break;
      }
      const known = metric.alias === undefined ? undefined : this.#names?.metricOf(metric.alias);
      const name = metric.name ?? known?.name;
      if (name === undefined && metric.alias !== undefined) {
        this.unnamed += 1;
      }
      const key = name ?? aliasKey(metric.alias);
      const datatype = metric.datatype ?? known?.datatype ?? this.#names?.typeOf(key);
      this.#room -= key.length + 4;
      const text = this.#metric(metric, datatype);
      const list = byName.get(key);
      if (list === undefined) {
        byName.set(key, [text]);
      } else {
        list.push(text);
      }
    }
    return object(
      [...byName].map(([name, texts]) => member(name, texts.length === 1 ? (texts[0] ?? '') : list(texts))),
    );
  }

  #metric(metric: Metric, datatype: number | undefined): string {
    const { alias, timestamp, isHistorical, isTransient, isNull, metadata, properties, value } = metric;
    const type = dataTypeName(datatype);
    const hasValue = value !== undefined || isNull === true;
    const isBytes = value?.kind === 'bytes' && !isArrayType(datatype);
    this.#room -= 64;
    return object([
      hasValue &&
        member('value', value === undefined || isNull === true ? 'null' : this.#value(value, datatype)),
      isBytes && member('encoding', '"base64"'),
      type !== undefined && member('type', JSON.stringify(type)),
      alias !== undefined && member('alias', String(alias)),
      timestamp !== undefined && member('timestamp', time(timestamp)),
      isHistorical !== undefined && member('isHistorical', String(isHistorical)),
      isTransient !== undefined && member('isTransient', String(isTransient)),
      metadata !== undefined &&
        member(
          'metadata',
          object(Object.entries(metadata).map(([name, item]) => member(name, this.#scalar(item)))),
        ),
      properties !== undefined && member('properties', this.#properties(properties)),
    ]);
  }

  #value(raw: RawValue, datatype: number | undefined): string {
    switch (raw.kind) {
      case 'bytes':
        if (datatype !== undefined && isArrayType(datatype)) {
          const { items, left, isCut } = arrayItems(raw.value, datatype, MAX_ITEMS);
          this.isCut ||= isCut;
          this.uneven += left > 0 ? 1 : 0;
          return list(items.map((item) => this.#scalar(item)));
        }
        return this.#scalar(scalarOf(raw, datatype));
      case 'dataset': {
        const { columns, types, rows } = raw.value;
        return object([
          member('columns', list(columns.map((name) => this.#string(name)))),
          member('types', list(types.map((type) => JSON.stringify(dataTypeName(type))))),
          member('rows', list(rows.map((row) => this.#row(row, types)))),
        ]);
      }
      case 'template':
        return this.#template(raw.value);
      case 'properties':
        return this.#properties(raw.value);
      case 'propertiesList':
        return list(raw.value.map((properties) => this.#properties(properties)));
      default:
        return this.#scalar(scalarOf(raw, datatype));
    }
  }

  #row(row: readonly (RawValue | undefined)[], types: readonly number[]): string {
    if (this.#room <= 0) {
      this.isCut = true;
      return '[]';
    }
    return list(row.map((cell, index) => (cell === undefined ? 'null' : this.#value(cell, types[index]))));
  }

  #template({ version, reference, isDefinition, parameters, metrics }: Template): string {
    return object([
      reference !== undefined && member('reference', this.#string(reference)),
      version !== undefined && member('version', this.#string(version)),
      isDefinition !== undefined && member('isDefinition', String(isDefinition)),
      parameters.length > 0 && member('parameters', this.#properties(parameters)),
      member('metrics', this.#metrics(metrics)),
    ]);
  }

  #properties(properties: readonly Property[]): string {
    return object(
      properties.map(({ name = '', type, isNull, value }) => {
        const typeName = dataTypeName(type);
        return member(
          name,
          object([
            member('value', value === undefined || isNull === true ? 'null' : this.#value(value, type)),
            typeName !== undefined && member('type', JSON.stringify(typeName)),
          ]),
        );
      }),
    );
  }

  #string(text: string): string {
    this.#room -= text.length + 4;
    if (this.#room < 0) {
      this.isCut = true;
      return JSON.stringify(text.slice(0, 1000));
    }
    return JSON.stringify(text);
  }

  #scalar(value: Scalar | undefined): string {
    if (typeof value === 'string') {
      return this.#string(value);
    }
    this.#room -= 8;
    return value === undefined ? 'null' : Object.is(value, -0) ? '-0' : String(value);
  }
}

/** How a metric is called that nothing names. */
export function aliasKey(alias: bigint | undefined): string {
  return alias === undefined ? '(unnamed)' : `alias ${alias}`;
}

function time(milliseconds: bigint): string {
  const text = timeOf(milliseconds);
  return typeof text === 'string' ? JSON.stringify(text) : String(text);
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}

function object(members: readonly (string | false)[]): string {
  return `{${members.filter((text) => text !== false).join(',')}}`;
}

function list(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}
