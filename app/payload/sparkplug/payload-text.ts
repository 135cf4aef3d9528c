import type { Node } from 'jsonc-parser';
import { formatQuantity } from '../../base/format.ts';
import { type DataTypeName, dataTypeNames } from './data-types.ts';
import { JsonSource, type Member } from './json-source.ts';
import { type DataSet, type Metric, metadataNames, type Payload, type Template } from './message-types.ts';
import { aliasKey } from './payload-json.ts';
import { PropertyText } from './property-text.ts';
import { parseSparkplugTopic } from './topic.ts';
import {
  arrayValue,
  bytesValue,
  isScalarType,
  scalarValue,
  textValue,
  timeValue,
  truthValue,
  unsigned,
  untypedValue,
} from './typed-value.ts';
import { isArrayType } from './values.ts';

/** Templates inside each other: as deep as they are read. */
const MAX_DEPTH = 15;
const NO_NAME = aliasKey(undefined);

const payloadMembers = ['timestamp', 'seq', 'uuid', 'body', 'metrics'] as const;
const metricMembers = [
  ...['name', 'value', 'type', 'alias', 'timestamp', 'isHistorical', 'isTransient', 'isNull'],
  ...['metadata', 'properties', 'encoding', 'datatype'],
] as const;

/**
 * A payload as it is shown (metrics by their names) or as a list of metrics with their names. Throws `payload.json` and
 * `payload.sparkplug`, which name the metric and the field.
 *
 * Metrics by their names are written as the topic wants it: data and commands have the alias alone where there is one
 * (specification 3.0, section 6.4.6); metrics in a list are written as they stand.
 */
export function payloadOfText(text: string, topic = ''): Payload {
  const source = new JsonSource(text);
  const parsed = parseSparkplugTopic(topic);
  const isAliasEnough = parsed?.kind === 'message' && /(?:DATA|CMD)$/.test(parsed.verb);
  return new PayloadText(source, isAliasEnough).payload(source.root);
}

class PayloadText {
  readonly #source: JsonSource;
  readonly #isAliasEnough: boolean;
  readonly #properties: PropertyText;

  constructor(source: JsonSource, isAliasEnough: boolean) {
    this.#source = source;
    this.#isAliasEnough = isAliasEnough;
    this.#properties = new PropertyText(source);
  }

  payload(node: Node): Payload {
    const members = this.#properties.named(node, payloadMembers, 'The payload');
    const { timestamp, seq, uuid, body, metrics } = members;
    const source = this.#source;
    return {
      ...(timestamp && { timestamp: timeValue(source, timestamp, 'The payload: “timestamp”') }),
      ...(seq && { seq: unsigned(source, seq, 'The payload: “seq”') }),
      ...(uuid && { uuid: textValue(source, uuid, 'The payload: “uuid”') }),
      ...(body && { body: bytesValue(source, body, 'The payload: “body”') }),
      metrics: metrics === undefined ? [] : this.#metrics(metrics, '', 0),
    };
  }

  #metrics(node: Node, path: string, depth: number): Metric[] {
    if (depth > MAX_DEPTH) {
      throw this.#source.wrong(node, `Templates are nested deeper than ${MAX_DEPTH}`);
    }
    if (node.type === 'array') {
      return (node.children ?? []).map((item, index) =>
        this.#metric(item, `${path}${index + 1}`, undefined, depth),
      );
    }
    if (node.type !== 'object') {
      throw this.#source.wrong(node, '“metrics” has to be an object with metrics by their names, or a list');
    }
    return this.#source.members(node).flatMap(({ name, key, value }) => {
      const several = value.type === 'array' ? (value.children ?? []) : [value];
      return several.map((item) => this.#metric(item, `${path}${name}`, { name, key }, depth));
    });
  }

  /** `called` where the name is that of a member; a name among the members of a metric comes first. */
  #metric(node: Node, path: string, called: Pick<Member, 'name' | 'key'> | undefined, depth: number): Metric {
    const metric = `Metric “${path.slice(0, 200)}”`;
    const source = this.#source;
    // The short form: `"Temperature": 21.5`.
    const members =
      node.type === 'object' ? this.#properties.named(node, metricMembers, metric) : { value: node };
    const { name, alias, timestamp, isHistorical, isTransient, isNull, metadata, properties, value } =
      members;
    const datatype = this.#properties.typeOf(members.type ?? members.datatype, metric);
    const aliasNumber = alias && unsigned(source, alias, `${metric}: “alias”`);
    const isNone =
      value?.type === 'null' || (isNull !== undefined && truthValue(source, isNull, `${metric}: “isNull”`));
    if (isNone && value !== undefined && value.type !== 'null') {
      throw source.wrong(value, `${metric} can’t have a value and “isNull”`);
    }
    const written = name
      ? textValue(source, name, `${metric}: “name”`)
      : called && this.#nameOf(called, aliasNumber, depth);
    return {
      ...(written !== undefined && { name: written }),
      ...(aliasNumber !== undefined && { alias: aliasNumber }),
      ...(timestamp && { timestamp: timeValue(source, timestamp, `${metric}: “timestamp”`) }),
      ...(datatype !== undefined && { datatype }),
      ...(isHistorical && { isHistorical: truthValue(source, isHistorical, `${metric}: “isHistorical”`) }),
      ...(isTransient && { isTransient: truthValue(source, isTransient, `${metric}: “isTransient”`) }),
      ...(isNone ? { isNull: true } : isNull && { isNull: false }),
      ...(metadata && { metadata: this.#metadata(metadata, metric) }),
      ...(properties && { properties: this.#properties.set(properties, `${metric}: “properties”`) }),
      ...(value &&
        !isNone && { value: this.#value(value, datatype, members.encoding, metric, `${path}/`, depth) }),
    };
  }

  /** Births name the aliases of their own metrics only: a member of a template keeps its name. */
  #nameOf(
    { name, key }: Pick<Member, 'name' | 'key'>,
    alias: bigint | undefined,
    depth: number,
  ): string | undefined {
    const isUnnamed = name === NO_NAME || (alias !== undefined && name === aliasKey(alias));
    if (isUnnamed || (this.#isAliasEnough && alias !== undefined && depth === 0)) {
      return undefined;
    }
    return textValue(this.#source, key, 'The name of a metric');
  }

  #value(
    node: Node,
    datatype: number | undefined,
    encoding: Node | undefined,
    metric: string,
    path: string,
    depth: number,
  ): NonNullable<Metric['value']> {
    const what = `${metric}: “value”`;
    const type = this.#typeName(node, datatype, encoding, what);
    switch (type) {
      case undefined:
        return untypedValue(this.#source, node, what);
      case 'DataSet':
        return { kind: 'dataset', value: this.#dataSet(node, what) };
      case 'Template':
        return { kind: 'template', value: this.#template(node, what, path, depth) };
      case 'Bytes':
      case 'File':
        return { kind: 'bytes', value: bytesValue(this.#source, node, what) };
      case 'PropertySet':
      case 'PropertySetList':
        throw this.#source.wrong(node, `${what} can’t be a ${type}: only a property can`);
      default:
        return isArrayType(datatype)
          ? arrayValue(this.#source, node, type, what)
          : scalarValue(this.#source, node, type, what);
    }
  }

  /** The type by which a value is written; of one without a type, what it looks like. */
  #typeName(
    node: Node,
    datatype: number | undefined,
    encoding: Node | undefined,
    what: string,
  ): DataTypeName | undefined {
    const known = datatype === undefined ? undefined : dataTypeNames[datatype];
    if (known !== undefined && known !== 'Unknown') {
      return known;
    }
    if (encoding !== undefined) {
      if (encoding.value !== 'base64') {
        throw this.#source.wrong(encoding, `${what} can only have the encoding "base64"`);
      }
      return 'Bytes';
    }
    if (node.type !== 'object') {
      return undefined;
    }
    return this.#source.members(node).some(({ name }) => name === 'columns') ? 'DataSet' : 'Template';
  }

  #metadata(node: Node, metric: string): NonNullable<Metric['metadata']> {
    const names = metadataNames.filter((name) => name !== undefined);
    const found: Record<string, string | bigint | boolean> = {};
    for (const [name, value] of Object.entries(
      this.#properties.named(node, names, `${metric}: “metadata”`),
    )) {
      if (value !== undefined) {
        found[name] = this.#metadatum(name, value, `${metric}: “${name}” of “metadata”`);
      }
    }
    return found;
  }

  #metadatum(name: string, value: Node, what: string): string | bigint | boolean {
    switch (name) {
      case 'isMultiPart':
        return truthValue(this.#source, value, what);
      case 'size':
      case 'seq':
        return unsigned(this.#source, value, what);
      default:
        return textValue(this.#source, value, what);
    }
  }

  #dataSet(node: Node, what: string): DataSet {
    const source = this.#source;
    const given = this.#properties.named(node, ['columns', 'types', 'rows', 'numOfColumns'], what);
    const list = (part: Node | undefined, name: string): readonly Node[] => {
      if (part?.type !== 'array') {
        throw source.wrong(part ?? node, `${what} needs a list of “${name}” (DataSet)`);
      }
      return part.children ?? [];
    };
    const columns = list(given.columns, 'columns').map((name) =>
      textValue(source, name, `${what}: a column`),
    );
    const types = list(given.types, 'types').map((type) => this.#properties.typeOf(type, what) ?? 0);
    if (types.length !== columns.length) {
      throw source.wrong(
        given.types ?? node,
        `${what} has ${formatQuantity(columns.length, 'column')}, but ${formatQuantity(types.length, 'type')} (DataSet)`,
      );
    }
    const rows = list(given.rows, 'rows').map((row, rowIndex) => {
      const place = `${what}, row ${rowIndex + 1}`;
      const cells = list(row, 'rows');
      if (cells.length !== columns.length) {
        throw source.wrong(
          row,
          `${place} has ${formatQuantity(cells.length, 'cell')}, not ${columns.length} (DataSet)`,
        );
      }
      return cells.map((cell, index) => {
        const type = dataTypeNames[types[index] ?? 0];
        if (cell.type === 'null') {
          return undefined;
        }
        return type === undefined || !isScalarType(type)
          ? untypedValue(source, cell, `${place}, “${columns[index]}”,`)
          : scalarValue(source, cell, type, `${place}, “${columns[index]}”,`);
      });
    });
    return { columns, types, rows };
  }

  #template(node: Node, what: string, path: string, depth: number): Template {
    const source = this.#source;
    const names = ['reference', 'templateRef', 'version', 'isDefinition', 'parameters', 'metrics'] as const;
    const given = this.#properties.named(node, names, what);
    const reference = given.reference ?? given.templateRef;
    const { version, isDefinition, parameters, metrics } = given;
    return {
      ...(reference && { reference: textValue(source, reference, `${what}: “reference”`) }),
      ...(version && { version: textValue(source, version, `${what}: “version”`) }),
      ...(isDefinition && { isDefinition: truthValue(source, isDefinition, `${what}: “isDefinition”`) }),
      parameters:
        parameters === undefined ? [] : this.#properties.parameters(parameters, `${what}: “parameters”`),
      metrics: metrics === undefined ? [] : this.#metrics(metrics, path, depth + 1),
    };
  }
}
