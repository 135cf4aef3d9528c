import type { RawValue } from '#app/payload/sparkplug/message-types.ts';
import { arrayItems, isArrayType, scalarOf } from '#app/payload/sparkplug/values.ts';

/** Characters of a value. */
const MAX_TEXT = 200;
const MAX_ITEMS = 20;

/** A metric's value in one line, raw and cut. */
export function valueText(
  value: RawValue | undefined,
  isNull: boolean,
  datatype: number | undefined,
): string {
  if (isNull) {
    return 'null';
  }
  if (value === undefined) {
    return '';
  }
  switch (value.kind) {
    case 'dataset':
      return `${value.value.columns.length} columns, ${value.value.rows.length} rows`;
    case 'template':
      return `${value.value.reference ?? 'definition'}, ${value.value.metrics.length} metrics`;
    case 'bytes':
      if (datatype !== undefined && isArrayType(datatype)) {
        const { items, isCut } = arrayItems(value.value, datatype, MAX_ITEMS);
        return `[${items.join(', ').slice(0, MAX_TEXT)}${isCut ? ', …' : ''}]`;
      }
      return `${value.value.length} bytes`;
    default:
      return String(scalarOf(value, datatype) ?? value.kind).slice(0, MAX_TEXT);
  }
}
