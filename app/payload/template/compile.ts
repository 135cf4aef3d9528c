import { formatCount } from '../../base/format.ts';
import { PayloadError } from '../payload-error.ts';
import type { BitPart, Extent, Field, IntType, ItemType, NumberType, Template } from './template.ts';
import { type Token, tokensOf } from './tokens.ts';

const MAX_FIELDS = 500;
const MAX_DEPTH = 8;
const MAX_SIZE = 1_000_000;

const numberType = /^([uif])(8|16|24|32|64)(le|be)?$/;
const textType = /^str(8|16|32)(le|be)?$/;
const bitsType = /^bits(8|16|32)(le|be)?$/;

/** Names that a count may refer to, from the outermost group to the innermost; the value: is it a whole number? */
type Scope = Map<string, boolean>;

/** Compiles a template. Throws a `PayloadError` with the place of what is wrong. */
export function compileTemplate(text: string): Template {
  return new Compiler(text).compile();
}

class Compiler {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #fields = 0;
  /** The field that takes all that is left, once there is one: nothing may follow. */
  #rest: Token | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  compile(): Template {
    const fields = this.#fieldsUntil('end', []);
    if (fields.length === 0) {
      throw this.#error(this.#next(), 'A template needs at least one field, such as “u8 value”');
    }
    return { fields };
  }

  #fieldsUntil(end: 'end' | '}', outer: readonly Scope[]): Field[] {
    const fields: Field[] = [];
    const scope: Scope = new Map();
    const scopes = [...outer, scope];
    this.#skipSeparators();
    while (this.#next().kind !== end) {
      if (this.#rest !== undefined) {
        throw this.#error(this.#next(), 'Nothing can follow a field with [*]: it takes all that is left');
      }
      this.#fields += 1;
      if (this.#fields > MAX_FIELDS) {
        throw this.#error(this.#next(), `A template may have ${formatCount(MAX_FIELDS)} fields`);
      }
      fields.push(this.#field(scope, scopes));
      const after = this.#next();
      if (after.kind !== end && after.kind !== ';') {
        throw this.#error(after, 'Fields are parted by “;” or stand on lines of their own');
      }
      this.#skipSeparators();
    }
    return fields;
  }

  #field(scope: Scope, scopes: readonly Scope[]): Field {
    const type = this.#take('word', 'A field begins with its type, such as u8, u16le, f32be, bytes or str8');
    if (type.text === 'pad') {
      const extent = this.#extent(scopes);
      if (extent?.kind !== 'fixed') {
        throw this.#error(type, 'Padding needs its number of bytes: pad[2]');
      }
      return { kind: 'pad', size: extent.size };
    }
    const bits = this.#bitsType(type);
    const extent = this.#extent(scopes);
    if (bits !== undefined && this.#next().kind === '{') {
      if (extent !== undefined) {
        throw this.#error(this.#next(), 'Bits that are repeated need a name: bits8[2] flags { on:1; _:7 }');
      }
      return { kind: 'loose', item: { kind: 'bits', type: bits, parts: this.#parts(bits, scope) } };
    }
    const name = this.#name(scope);
    const item = bits === undefined ? this.#item(type, extent, scopes) : this.#bits(bits);
    scope.set(name, item.kind === 'number' && item.type.kind === 'int' && extent === undefined);
    const takesExtent = item.kind === 'bytes' || item.kind === 'text';
    return extent === undefined || takesExtent
      ? { kind: 'named', name, item }
      : { kind: 'named', name, item, count: extent };
  }

  #item(type: Token, extent: Extent | undefined, scopes: readonly Scope[]): ItemType {
    switch (type.text) {
      case 'bool':
        return { kind: 'bool' };
      case 'strz':
        return { kind: 'terminated' };
      case 'bytes':
      case 'str':
        if (extent === undefined) {
          throw this.#error(
            type,
            `“${type.text}” needs its number of bytes: ${type.text}[4], or [*] for the rest`,
          );
        }
        return { kind: type.text === 'str' ? 'text' : 'bytes', extent };
      case 'group':
        return this.#group(scopes);
    }
    const number = numberType.exec(type.text);
    if (number !== null && !(number[1] === 'f' && !['32', '64'].includes(number[2] ?? ''))) {
      return { kind: 'number', type: this.#number(type, number) };
    }
    const text = textType.exec(type.text);
    if (text !== null) {
      return { kind: 'prefixed', prefix: this.#int(type, text[1], text[2], false) };
    }
    throw this.#error(
      type,
      `There is no type “${type.text}”`,
      'There are u8 to u64, i8 to i64, f32, f64, bool, bytes, str, str8 to str32, strz, bits8 to bits32, group and pad; all of more than one byte with le or be.',
    );
  }

  #number(token: Token, [, letter, bits, order]: RegExpExecArray): NumberType {
    const int = this.#int(token, bits, order, letter === 'i');
    return letter === 'f' ? { kind: 'float', bytes: int.bytes === 4 ? 4 : 8, isLittle: int.isLittle } : int;
  }

  #int(token: Token, bits: string | undefined, order: string | undefined, isSigned: boolean): IntType {
    const bytes = Number(bits) / 8;
    if (bytes > 1 && order === undefined) {
      throw this.#error(
        token,
        `“${token.text}” needs the order of its bytes: ${token.text}le or ${token.text}be`,
      );
    }
    if (bytes === 1 && order !== undefined) {
      throw this.#error(token, `One byte has no order: ${token.text.slice(0, -2)}`);
    }
    return { kind: 'int', bytes, isSigned, isLittle: order === 'le' };
  }

  #bitsType(type: Token): IntType | undefined {
    const bits = bitsType.exec(type.text);
    return bits === null ? undefined : this.#int(type, bits[1], bits[2], false);
  }

  #bits(type: IntType): ItemType {
    return { kind: 'bits', type, parts: this.#parts(type, new Map()) };
  }

  /** `{ on:1; mode:3; _:4 }`, from the highest bit down. */
  #parts(type: IntType, scope: Scope): BitPart[] {
    const opening = this.#take('{', 'Bits have parts: bits8 { on:1; mode:3; _:4 }');
    const parts: BitPart[] = [];
    let left = type.bytes * 8;
    this.#skipSeparators();
    while (this.#next().kind !== '}') {
      const name = this.#next().text === '_' ? this.#take('word', '').text : this.#name(scope);
      this.#take(':', `“${name}” needs its number of bits: ${name}:1`);
      const width = this.#take('number', `“${name}” needs its number of bits: ${name}:1`);
      const size = Number(width.text);
      if (size < 1 || size > left) {
        throw this.#error(width, `“${name}” may have 1 to ${left} bits here`);
      }
      left -= size;
      if (name !== '_') {
        scope.set(name, true);
      }
      parts.push({ name, width: size });
      const after = this.#next();
      if (after.kind !== '}' && after.kind !== ';') {
        throw this.#error(after, 'Bits are parted by “;”');
      }
      this.#skipSeparators();
    }
    this.#take('}', '');
    if (left > 0) {
      throw this.#error(opening, `The parts lack ${left} of ${type.bytes * 8} bits: add _:${left}`);
    }
    return parts;
  }

  #group(scopes: readonly Scope[]): ItemType {
    const opening = this.#take('{', 'A group has its fields in braces: group point { u8 x; u8 y }');
    if (scopes.length > MAX_DEPTH) {
      throw this.#error(opening, `Groups may be nested ${MAX_DEPTH} deep`);
    }
    // What is left is the group's own, over and over; within it nothing may claim it.
    const rest = this.#rest;
    this.#rest = undefined;
    const fields = this.#fieldsUntil('}', scopes);
    if (rest !== undefined && this.#rest !== undefined) {
      throw this.#error(this.#rest, 'Only one field can take all that is left');
    }
    this.#rest ??= rest;
    if (fields.length === 0) {
      throw this.#error(opening, 'A group needs at least one field');
    }
    this.#take('}', 'The group lacks its “}”');
    return { kind: 'group', fields };
  }

  #extent(scopes: readonly Scope[]): Extent | undefined {
    if (this.#next().kind !== '[') {
      return undefined;
    }
    this.#at += 1;
    const token = this.#next();
    this.#at += 1;
    const extent = this.#extentOf(token, scopes);
    this.#take(']', 'The number lacks its “]”');
    return extent;
  }

  #extentOf(token: Token, scopes: readonly Scope[]): Extent {
    if (token.kind === '*') {
      this.#rest = token;
      return { kind: 'rest' };
    }
    if (token.kind === 'number') {
      const size = Number(token.text);
      if (size < 1 || size > MAX_SIZE) {
        throw this.#error(token, `The number is from 1 to ${formatCount(MAX_SIZE)}`);
      }
      return { kind: 'fixed', size };
    }
    if (token.kind !== 'word') {
      throw this.#error(token, 'In the brackets stands a number, the name of an earlier field, or *');
    }
    const isCount = scopes.findLast((scope) => scope.has(token.text))?.get(token.text);
    if (isCount !== true) {
      throw this.#error(
        token,
        isCount === undefined
          ? `There is no field “${token.text}” before this one`
          : `“${token.text}” is no single whole number`,
      );
    }
    return { kind: 'field', name: token.text };
  }

  #name(scope: Scope): string {
    const token = this.#take('word', 'A field needs a name: letters, digits and “_”');
    if (token.text === '_') {
      throw this.#error(token, 'Only bits may be called “_”; use pad[2] for bytes that are passed over');
    }
    if (scope.has(token.text)) {
      throw this.#error(token, `There is a “${token.text}” already`);
    }
    return token.text;
  }

  #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', offset: this.#text.length };
  }

  #take(kind: Token['kind'], otherwise: string): Token {
    const token = this.#next();
    if (token.kind !== kind) {
      throw this.#error(token, otherwise);
    }
    this.#at += 1;
    return token;
  }

  #skipSeparators(): void {
    while (this.#next().kind === ';') {
      this.#at += 1;
    }
  }

  #error(
    token: Token,
    what: string,
    hint = 'For example: u16le id; f32be temperature; str8 name',
  ): PayloadError {
    const length = Math.max(1, token.text.length);
    return new PayloadError('template.syntax', what, hint, this.#text, token.offset, length);
  }
}
