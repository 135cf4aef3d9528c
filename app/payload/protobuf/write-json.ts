import { base64Text } from '../base64.ts';
import { shortest } from '../template/numbers.ts';
import type { Field, LinkedTypes } from './link.ts';
import { isMessage, type MessageValue, type Value, zeroOf } from './message-value.ts';
import { type MessageLimits, readMessage } from './read-message.ts';
import { durationText, timestampText, wrapperField } from './well-known.ts';

/** The text has the length that it may have. */
class Full extends Error {}

/** Writes messages as JSON in one line, and counts what could not be. */
export class JsonWriter {
  readonly #types: LinkedTypes;
  readonly #maxLength: number;
  readonly #limits: MessageLimits;
  readonly #parts: string[] = [];
  #length = 0;
  isCut = false;

  constructor(types: LinkedTypes, maxLength: number, limits: MessageLimits) {
    this.#types = types;
    this.#maxLength = maxLength;
    this.#limits = limits;
  }

  /** A message as far as there is room; what is open at the end is closed, so that it is JSON all the same. */
  write(message: MessageValue): string {
    try {
      this.#message(message, 0);
    } catch (error) {
      if (!(error instanceof Full)) {
        throw error;
      }
      return 'null';
    }
    return this.#parts.join('');
  }

  #add(text: string): void {
    if (this.#length + text.length > this.#maxLength) {
      this.isCut = true;
      throw new Full();
    }
    this.#length += text.length;
    this.#parts.push(text);
  }

  /** Between two marks, which are always both written: a member that does not fit any more is left out whole. */
  #within(open: string, close: string, members: () => void): void {
    this.#parts.push(open);
    try {
      members();
    } catch (error) {
      if (!(error instanceof Full)) {
        throw error;
      }
    }
    this.#parts.push(close);
  }

  /** A name with its value, whose first part decides whether there is room. */
  #member(isFirst: boolean, name: string, value: () => void): void {
    if (this.isCut) {
      throw new Full();
    }
    const before = this.#parts.length;
    this.#add(`${isFirst ? '' : ','}${JSON.stringify(name)}:`);
    this.#rest(before, value);
  }

  #item(isFirst: boolean, value: () => void): void {
    if (this.isCut) {
      throw new Full();
    }
    const before = this.#parts.length;
    this.#add(isFirst ? '' : ',');
    this.#rest(before, value);
  }

  #rest(before: number, value: () => void): void {
    try {
      value();
    } catch (error) {
      if (error instanceof Full) {
        this.#parts.length = before;
      }
      throw error;
    }
  }

  #message(message: MessageValue, depth: number): void {
    if (this.#wellKnown(message, depth)) {
      return;
    }
    this.#within('{', '}', () => this.#fields(message, true, depth));
  }

  #fields(message: MessageValue, isFirst: boolean, depth: number): void {
    let first = isFirst;
    for (const field of message.type.fields) {
      const map = message.maps.get(field);
      const values = message.values.get(field);
      if (map !== undefined) {
        this.#member(first, field.name, () => this.#map(map, field, depth));
      } else if (values !== undefined) {
        this.#member(first, field.name, () => this.#values(values, field, depth));
      } else if (!field.isRepeated && !field.hasPresence) {
        // Not on the wire is how zero is written here.
        this.#member(first, field.name, () => this.#value(zeroOf(field), field, depth));
      } else {
        continue;
      }
      first = false;
    }
  }

  #map(map: ReadonlyMap<string, Value>, { map: entry }: Field, depth: number): void {
    this.#within('{', '}', () => {
      let first = true;
      for (const [key, value] of map) {
        this.#member(first, key, () => this.#value(value, entry?.value, depth));
        first = false;
      }
    });
  }

  #values(values: readonly Value[], field: Field, depth: number): void {
    if (!field.isRepeated) {
      this.#value(values[0] ?? zeroOf(field), field, depth);
      return;
    }
    this.#within('[', ']', () => {
      for (const [index, value] of values.entries()) {
        this.#item(index === 0, () => this.#value(value, field, depth));
      }
    });
  }

  #value(value: Value, field: Field | undefined, depth: number): void {
    if (isMessage(value)) {
      this.#message(value, depth + 1);
    } else if (typeof value === 'bigint') {
      const type = field?.type;
      const name =
        typeof type === 'object' && type.kind === 'enum' ? type.names.get(Number(value)) : undefined;
      this.#add(name === undefined ? String(value) : JSON.stringify(name));
    } else if (typeof value === 'number') {
      this.#add(numberText(value, field?.type === 'float'));
    } else if (typeof value === 'string') {
      this.#add(JSON.stringify(value));
    } else {
      this.#add(typeof value === 'boolean' ? String(value) : `"${base64Text(value)}"`);
    }
  }

  /** Messages that JSON has a form of its own for (the language's mapping to JSON). False: as any other. */
  #wellKnown(message: MessageValue, depth: number): boolean {
    const { name } = message.type;
    if (!name.startsWith('google.protobuf.')) {
      return false;
    }
    const at = (number: number): Value | undefined => {
      const field = message.type.byNumber.get(number);
      return field === undefined ? undefined : message.values.get(field)?.[0];
    };
    switch (name) {
      case 'google.protobuf.Timestamp':
      case 'google.protobuf.Duration': {
        const text = name.endsWith('Timestamp') ? timestampText : durationText;
        const [seconds = 0n, nanos = 0n] = [at(1), at(2)] as (bigint | undefined)[];
        const written = text(seconds, nanos);
        if (written === undefined) {
          return false;
        }
        this.#add(JSON.stringify(written));
        return true;
      }
      case 'google.protobuf.Struct':
      case 'google.protobuf.ListValue': {
        const field = message.type.byNumber.get(1);
        const isList = name.endsWith('ListValue');
        if (field === undefined || field.isRepeated === false) {
          return false;
        }
        if (isList) {
          this.#values(message.values.get(field) ?? [], field, depth);
        } else {
          this.#map(message.maps.get(field) ?? new Map(), field, depth);
        }
        return true;
      }
      case 'google.protobuf.Value': {
        const field = message.type.fields.find((one) => message.values.has(one));
        const value = field === undefined ? undefined : message.values.get(field)?.[0];
        if (value === undefined || field?.number === 1) {
          this.#add('null');
        } else {
          this.#value(value, field, depth);
        }
        return true;
      }
      case 'google.protobuf.Any':
        return this.#any(at(1), at(2), depth);
      default: {
        const field = wrapperField(message.type);
        if (field === undefined) {
          return false;
        }
        this.#value(message.values.get(field)?.[0] ?? zeroOf(field), field, depth);
        return true;
      }
    }
  }

  /** A message of any type, which says what it is; with its fields where the schema has the type. */
  #any(url: Value | undefined, value: Value | undefined, depth: number): boolean {
    const type = typeof url === 'string' ? this.#types.get(url.slice(url.lastIndexOf('/') + 1)) : undefined;
    if (type === undefined || type.name.startsWith('google.protobuf.') || depth >= this.#limits.maxDepth) {
      return false;
    }
    const bytes = value instanceof Uint8Array ? value : new Uint8Array(0);
    const { message, broken, stopped } = readMessage(type, bytes, {
      ...this.#limits,
      maxDepth: this.#limits.maxDepth - depth - 1,
    });
    if (broken !== undefined || stopped !== undefined) {
      return false;
    }
    this.#within('{', '}', () => {
      this.#member(true, '@type', () => this.#add(JSON.stringify(url)));
      this.#fields(message, false, depth + 1);
    });
    return true;
  }
}

/** What JSON has no number for (NaN, infinities) as text. */
function numberText(value: number, isSingle: boolean): string {
  if (!Number.isFinite(value)) {
    return `"${value}"`;
  }
  return Object.is(value, -0) ? '-0' : String(isSingle ? shortest(value) : value);
}
