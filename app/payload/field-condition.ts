import type { FieldAt } from './field-changes.ts';
import { numberOfField } from './number-text.ts';

type Operator = '>' | '>=' | '<' | '<=' | '=' | '!=' | '~';

interface Comparison {
  /** A path as field lists name it; `[*]` stands for any index. */
  readonly path: string;
  readonly anyIndex: RegExp | undefined;
  /** Absent: the field need only be there. */
  readonly operator?: Operator;
  readonly value?: string | number | boolean | null;
}

/** Any of several groups, each of which holds when all in it do. */
export type FieldCondition = readonly (readonly Comparison[])[];

/** Comparisons in one condition. */
const MAX_COMPARISONS = 20;
const token =
  /\s*(?:(>=|<=|==|!=|>|<|=|~)|("(?:[^"\\]|\\.)*")|((?:[^\s<>=!~"[\]]|\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]|!(?!=))+))/y;

/**
 * Reads `temp > 30`, `state.mode = "auto" and items[*].id != 7`, `err` (is there), `name ~ "pump"` (has in it).
 * `and` binds tighter than `or`. Returns what is wrong as text.
 */
export function parseCondition(text: string): FieldCondition | string {
  const words = tokens(text);
  if (typeof words === 'string') {
    return words;
  }
  const groups: Comparison[][] = [[]];
  let count = 0;
  for (let at = 0; ; ) {
    const path = words[at];
    if (path === undefined || path.kind !== 'word') {
      return path === undefined
        ? 'A field is missing at the end, as in temp > 30'
        : `A field is expected instead of ${path.text}`;
    }
    at += 1;
    const operator = words[at]?.kind === 'operator' ? words[at] : undefined;
    let comparison: Comparison = { path: path.text, anyIndex: anyIndexOf(path.text) };
    if (operator !== undefined) {
      const value = words[at + 1];
      if (value === undefined || value.kind === 'operator') {
        return `A value is missing after ${operator.text}`;
      }
      comparison = {
        ...comparison,
        operator: operator.text === '==' ? '=' : (operator.text as Operator),
        value: value.kind === 'text' ? value.text : literal(value.text),
      };
      at += 2;
    }
    groups.at(-1)?.push(comparison);
    count += 1;
    if (count > MAX_COMPARISONS) {
      return `More than ${MAX_COMPARISONS} comparisons`;
    }
    const joint = words[at];
    if (joint === undefined) {
      return groups;
    }
    const word = joint.text.toLowerCase();
    if (joint.kind !== 'word' || !['and', 'or', '&&', '||'].includes(word)) {
      return `Join comparisons by and, or: ${joint.text} is neither`;
    }
    if (word === 'or' || word === '||') {
      groups.push([]);
    }
    at += 1;
  }
}

/** Does a condition hold for the fields of a message? */
export function holds(condition: FieldCondition, fields: readonly FieldAt[]): boolean {
  return condition.some((group) =>
    group.every((comparison) => fields.some((field) => isMatch(comparison, field))),
  );
}

interface Token {
  readonly kind: 'operator' | 'text' | 'word';
  readonly text: string;
}

function tokens(text: string): Token[] | string {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) {
      return `Not understood: ${text.slice(at, at + 20).trim()}`;
    }
    const [, operator, quoted, word] = match;
    if (operator !== undefined) {
      found.push({ kind: 'operator', text: operator });
    } else if (quoted !== undefined) {
      try {
        found.push({ kind: 'text', text: String(JSON.parse(quoted)) });
      } catch {
        return `Not a text as JSON has it: ${quoted.slice(0, 20)}`;
      }
    } else {
      found.push({ kind: 'word', text: word ?? '' });
    }
  }
  return found;
}

function literal(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  const number = Number(text);
  return text === 'null' ? null : Number.isNaN(number) ? text : number;
}

function anyIndexOf(path: string): RegExp | undefined {
  if (!path.includes('[*]')) {
    return undefined;
  }
  const parts = path.split('[*]').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('\\[\\d+\\]')}$`);
}

function isMatch({ path, anyIndex, operator, value }: Comparison, field: FieldAt): boolean {
  if (anyIndex === undefined ? field.path !== path : !anyIndex.test(field.path)) {
    return false;
  }
  if (operator === undefined) {
    return true;
  }
  if (operator === '~') {
    return String(field.value).toLowerCase().includes(String(value).toLowerCase());
  }
  if (typeof value === 'number') {
    const number = numberOfField(field.value);
    return number === undefined ? operator === '!=' : compare(number, operator, value);
  }
  if (typeof value === 'string') {
    return typeof field.value === 'string' ? compare(field.value, operator, value) : operator === '!=';
  }
  return operator === '=' ? field.value === value : operator === '!=' && field.value !== value;
}

function compare<T extends string | number>(one: T, operator: Operator, other: T): boolean {
  switch (operator) {
    case '>':
      return one > other;
    case '>=':
      return one >= other;
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '=':
      return one === other;
    default:
      return one !== other;
  }
}
