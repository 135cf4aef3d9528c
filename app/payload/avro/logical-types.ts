import type { Decimal, FixedForm, TimeForm } from './avro-type.ts';

const intForms: ReadonlySet<string> = new Set(['date', 'time-millis'] satisfies TimeForm[]);
const longForms: ReadonlySet<string> = new Set([
  'time-micros',
  'timestamp-millis',
  'timestamp-micros',
  'timestamp-nanos',
  'local-timestamp-millis',
  'local-timestamp-micros',
  'local-timestamp-nanos',
] satisfies TimeForm[]);
/** Digits of a decimal that are followed: more is no measurement. */
const MAX_PRECISION = 2500;

/** What a schema says of a type beside what it is. */
export interface LogicalAttributes {
  readonly logicalType: unknown;
  readonly precision: unknown;
  readonly scale: unknown;
}

/** The form of an `int` or a `long`; what is unknown or does not fit the type is ignored, as the specification has it. */
export function timeForm(kind: 'int' | 'long', { logicalType }: LogicalAttributes): TimeForm | undefined {
  const forms = kind === 'int' ? intForms : longForms;
  return typeof logicalType === 'string' && forms.has(logicalType) ? (logicalType as TimeForm) : undefined;
}

/** The digits of a decimal in at most `maxPrecision`; ignored where they make no sense. */
export function decimalForm(
  { logicalType, precision, scale = 0 }: LogicalAttributes,
  maxPrecision = MAX_PRECISION,
): Decimal | undefined {
  return logicalType === 'decimal' &&
    isWhole(precision) &&
    isWhole(scale) &&
    precision > 0 &&
    precision <= maxPrecision &&
    scale <= precision
    ? { scale, precision }
    : undefined;
}

/** The form of a fixed type of so many bytes. */
export function fixedForm(size: number, attributes: LogicalAttributes): FixedForm | undefined {
  switch (attributes.logicalType) {
    case 'decimal': {
      const digits = Math.floor(Math.log10(2) * (8 * size - 1));
      const decimal = decimalForm(attributes, Math.min(MAX_PRECISION, digits));
      return decimal && { kind: 'decimal', decimal };
    }
    case 'uuid':
      return size === 16 ? { kind: 'uuid' } : undefined;
    case 'duration':
      return size === 12 ? { kind: 'duration' } : undefined;
    default:
      return undefined;
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
