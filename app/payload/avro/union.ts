import type { Node } from 'jsonc-parser';
import { type AvroType, simpleName, type UnionType } from './avro-type.ts';
import type { SchemaText } from './schema-text.ts';

/** What a value looks like in JSON. */
export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** A union of these branches. Throws where they can’t be told apart by the specification. */
export function unionOf(text: SchemaText, node: Node, branches: readonly AvroType[]): UnionType {
  const seen = new Set<string>();
  for (const [index, branch] of branches.entries()) {
    const at = node.children?.[index] ?? node;
    if (branch.kind === 'union') {
      throw text.wrong(at, 'A union can’t hold a union');
    }
    const name = 'name' in branch ? branch.name : branch.kind;
    if (seen.has(name)) {
      throw text.wrong(at, `The union has “${name}” twice`);
    }
    seen.add(name);
  }
  return { kind: 'union', branches, labels: labelsOf(branches) };
}

/** Without namespaces, where that is clear. */
function labelsOf(branches: readonly AvroType[]): readonly string[] {
  const short = branches.map((branch) => ('name' in branch ? simpleName(branch.name) : branch.kind));
  return branches.map((branch, index) => {
    const label = short[index] ?? '';
    return 'name' in branch && short.indexOf(label) !== short.lastIndexOf(label) ? branch.name : label;
  });
}

/** How values of a type are shown in JSON; second what only some of them are shown as. */
function kindsOf(type: AvroType): readonly [JsonKind, JsonKind?] {
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'string':
    case 'array':
      return [type.kind];
    // NaN and the infinities are texts.
    case 'float':
    case 'double':
      return ['number', 'string'];
    // A time that no calendar has is a number.
    case 'int':
    case 'long':
      return type.time === undefined ? ['number'] : ['string', 'number'];
    case 'bytes':
      return type.decimal === undefined ? ['string'] : ['number', 'string'];
    case 'fixed':
      switch (type.logical?.kind) {
        case 'decimal':
          return ['number', 'string'];
        case 'duration':
          return ['object'];
        default:
          return ['string'];
      }
    case 'enum':
      return ['string'];
    case 'map':
    case 'record':
      return ['object'];
    case 'union':
      return ['null'];
  }
}

/**
 * The branch that a value of a kind is of when nothing names it: the only one whose values look so, or else the only one
 * of which some do. `undefined` where it must be named.
 */
export function bareBranch(union: UnionType, kind: JsonKind): number | undefined {
  for (const place of [0, 1]) {
    const found = union.branches.flatMap((branch, index) => (kindsOf(branch)[place] === kind ? [index] : []));
    if (found.length > 0) {
      return found.length === 1 && (kind !== 'object' || isClear(union, found[0] ?? 0))
        ? found[0]
        : undefined;
    }
  }
  return undefined;
}

/** Whether an object of this branch can’t be taken for one that names another branch: `{"int": 5}`. */
function isClear({ branches, labels }: UnionType, index: number): boolean {
  const branch = branches[index];
  const isOnly = branches.every((other, at) => at === index || other.kind === 'null');
  if (isOnly || branch?.kind !== 'record') {
    return isOnly || branch?.kind === 'fixed';
  }
  return branch.fields.length !== 1 || !namesBranch({ branches, labels }, branch.fields[0]?.name ?? '');
}

function namesBranch({ branches, labels }: Pick<UnionType, 'branches' | 'labels'>, key: string): boolean {
  return (
    labels.includes(key) || branches.some((branch) => ('name' in branch ? branch.name : branch.kind) === key)
  );
}

/** The branch that a key names, by its label or its full name. */
export function branchNamed({ branches, labels }: UnionType, key: string): number | undefined {
  const byLabel = labels.indexOf(key);
  const index =
    byLabel >= 0
      ? byLabel
      : branches.findIndex((branch) => ('name' in branch ? branch.name : branch.kind) === key);
  return index < 0 ? undefined : index;
}
