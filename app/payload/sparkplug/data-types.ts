/** Data types by their numbers (specification 3.0, section 6.4.16). */
export const dataTypeNames = [
  'Unknown',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float',
  'Double',
  'Boolean',
  'String',
  'DateTime',
  'Text',
  'UUID',
  'DataSet',
  'Bytes',
  'File',
  'Template',
  'PropertySet',
  'PropertySetList',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Int64Array',
  'UInt8Array',
  'UInt16Array',
  'UInt32Array',
  'UInt64Array',
  'FloatArray',
  'DoubleArray',
  'BooleanArray',
  'StringArray',
  'DateTimeArray',
] as const;
export type DataTypeName = (typeof dataTypeNames)[number];

/** Bits of the signed types: they travel as unsigned numbers in two's complement. */
export const signedBits: Partial<Readonly<Record<DataTypeName, number>>> = {
  Int8: 8,
  Int16: 16,
  Int32: 32,
  Int64: 64,
};

/** `Int32`; `type 99` for a number that the specification does not know; `undefined` without one. */
export function dataTypeName(number: number | undefined): string | undefined {
  return number === undefined ? undefined : (dataTypeNames[number] ?? `type ${number}`);
}
