import type { JsonSchema } from '../schema/json-schema.ts';
import { rangeOf } from './numbers.ts';
import type { BitPart, Extent, Field, ItemType, Template } from './template.ts';

/** Items of an example, and bytes of a text of hex digits in one. */
const MAX_EXAMPLE = 64;

/**
 * What a payload of a template looks like in JSON. Where one field says how many another has, that is judged only when it
 * is written.
 */
export function templateShape({ fields }: Template): JsonSchema {
  return objectShape(fields);
}

function objectShape(fields: readonly Field[]): JsonSchema {
  return membersShape(fields.flatMap(fieldShapes));
}

function fieldShapes(field: Field): readonly (readonly [string, JsonSchema])[] {
  switch (field.kind) {
    case 'pad':
      return [];
    case 'loose':
      return bitShapes(field.item.parts);
    case 'named': {
      const shape = itemShape(field.item);
      return [[field.name, field.count === undefined ? shape : listShape(shape, field.count)]];
    }
  }
}

function membersShape(members: readonly (readonly [string, JsonSchema])[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(members),
    required: members.map(([name]) => name),
    additionalProperties: false,
  };
}

function bitShapes(parts: readonly BitPart[]): (readonly [string, JsonSchema])[] {
  return parts.flatMap(({ name, width }) =>
    name === '_'
      ? []
      : [
          [
            name,
            { type: 'integer', minimum: 0, maximum: 2 ** width - 1, description: `${width} bits` },
          ] as const,
        ],
  );
}

function listShape(items: JsonSchema, count: Extent): JsonSchema {
  const list: JsonSchema = { type: 'array', items, description: extentWords(count, 'items') };
  return count.kind === 'fixed'
    ? { ...list, minItems: count.size, maxItems: count.size }
    : { ...list, examples: [[]] };
}

function itemShape(item: ItemType): JsonSchema {
  switch (item.kind) {
    case 'number': {
      const { type } = item;
      if (type.kind === 'float') {
        return { type: ['number', 'string'], pattern: '^(?:NaN|-?Infinity)$' };
      }
      const [least, most] = rangeOf(type);
      return { type: 'integer', minimum: Number(least), maximum: Number(most) };
    }
    case 'bool':
      return { type: ['boolean', 'integer'], minimum: 0, maximum: 255 };
    case 'bytes': {
      const { extent } = item;
      const count = extent.kind === 'fixed' ? `{${extent.size}}` : '*';
      return {
        type: 'string',
        pattern: `^(?:[0-9A-Fa-f]{2})${count}$`,
        patternErrorMessage: `This has to be ${extentWords(extent, 'bytes')}, in hex digits.`,
        description: `${extentWords(extent, 'bytes')}, in hex digits`,
        examples: [extent.kind === 'fixed' && extent.size <= MAX_EXAMPLE ? '00'.repeat(extent.size) : ''],
      };
    }
    case 'text':
      return { type: 'string', description: extentWords(item.extent, 'bytes in UTF-8') };
    case 'prefixed':
    case 'terminated':
      return { type: 'string' };
    case 'bits':
      return membersShape(bitShapes(item.parts));
    case 'group':
      return objectShape(item.fields);
  }
}

function extentWords(extent: Extent, of: string): string {
  switch (extent.kind) {
    case 'fixed':
      return `${extent.size} ${of}`;
    case 'field':
      return `as many ${of} as “${extent.name}” says`;
    case 'rest':
      return of;
  }
}
