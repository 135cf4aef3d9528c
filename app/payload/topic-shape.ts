import type { FieldAt, FieldValue } from './field-changes.ts';

/** What a value is, in words of the screen. */
export type FieldType = 'number' | 'text' | 'boolean' | 'null';

/** All that the payloads of a topic have shown of one field. */
export interface FieldShape {
  readonly path: string;
  /** How often each type was seen, in the order in which they were first seen. */
  readonly types: ReadonlyMap<FieldType, number>;
  /** Payloads that had it. */
  readonly present: number;
  /** Of its numbers; `undefined` without any. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Which payload had it first and last; the first payload is 1. */
  readonly first: number;
  readonly last: number;
  readonly value: FieldValue;
  /** The last time that the type became another one, and in which payload; null counts as no value, not as a type. */
  readonly flip: { readonly mark: number; readonly from: FieldType; readonly to: FieldType } | undefined;
}

/** Fields that are followed at most: beyond it, a payload is rather a table than a record. */
const MAX_FIELDS = 1000;
/** Payloads that must have come before one that is without a field, or with a new one, is told as something special. */
const SETTLED = 3;
/** Payloads for which a field counts as new. */
const NEW_FOR = 20;
/** UTF-16 units of a text that is kept as a field's last value. */
const MAX_KEPT_TEXT = 300;
/** Share of the payloads that had a field before its absence is told. */
const USUAL = 0.9;

/** Learns what the payloads of a topic look like, one after the other. What it knows only ever grows. */
export class TopicShape {
  readonly #fields = new Map<string, MutableShape>();
  #payloads = 0;
  #isCut = false;

  /** Payloads that were added. */
  get payloads(): number {
    return this.#payloads;
  }

  /** More fields came than are followed. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get fields(): IterableIterator<FieldShape> {
    return this.#fields.values();
  }

  /** Takes the fields of the next payload. Of fields with the same path the last counts. `mark` names it in `flip`. */
  add(fields: readonly FieldAt[], mark = this.#payloads + 1): void {
    this.#payloads += 1;
    for (const { path, value } of new Map(fields.map((field) => [field.path, field])).values()) {
      const known = this.#fields.get(path);
      if (known !== undefined) {
        note(known, value, this.#payloads, mark);
      } else if (this.#fields.size < MAX_FIELDS) {
        const shape = newShape(path, this.#payloads);
        note(shape, value, this.#payloads, mark);
        this.#fields.set(path, shape);
      } else {
        this.#isCut = true;
      }
    }
  }

  /** It was not there in the beginning and came within the last payloads. */
  isNew({ first }: FieldShape): boolean {
    return first > SETTLED && this.#payloads - first < NEW_FOR;
  }

  /** It is not in the newest payload although nearly all payloads before had it. */
  isMissing({ first, last, present }: FieldShape): boolean {
    const before = last - first + 1;
    return last < this.#payloads && before >= SETTLED && present >= before * USUAL && this.#isRecent(last);
  }

  #isRecent(at: number): boolean {
    return this.#payloads - at < NEW_FOR;
  }
}

type MutableShape = {
  -readonly [K in keyof FieldShape]: FieldShape[K];
} & { types: Map<FieldType, number>; lastType: FieldType | undefined };

function newShape(path: string, first: number): MutableShape {
  return {
    path,
    types: new Map(),
    lastType: undefined,
    present: 0,
    min: undefined,
    max: undefined,
    first,
    last: first,
    value: null,
    flip: undefined,
  };
}

function note(shape: MutableShape, value: FieldValue, at: number, mark: number): void {
  const type = fieldType(value);
  shape.types.set(type, (shape.types.get(type) ?? 0) + 1);
  shape.present += 1;
  shape.last = at;
  shape.value = typeof value === 'string' ? cutCopy(value) : value;
  if (type !== 'null') {
    if (shape.lastType !== undefined && shape.lastType !== type) {
      shape.flip = { mark, from: shape.lastType, to: type };
    }
    shape.lastType = type;
  }
  if (type === 'number') {
    const number = Number(value);
    if (!Number.isNaN(number)) {
      shape.min = Math.min(shape.min ?? number, number);
      shape.max = Math.max(shape.max ?? number, number);
    }
  }
}

/** The type of a value in words of the screen. */
export function fieldType(value: FieldValue): FieldType {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return value === null ? 'null' : 'text';
  }
}

/** The beginning of a text as one of its own: a mere slice keeps all of it in memory. */
function cutCopy(text: string): string {
  return text.length <= MAX_KEPT_TEXT ? text : [...text.slice(0, MAX_KEPT_TEXT)].join('');
}
