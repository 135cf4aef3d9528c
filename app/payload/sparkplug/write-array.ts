import type { DataTypeName } from './data-types.ts';

const encoder = new TextEncoder();

/** Bytes of an item. */
const sizes: Partial<Readonly<Record<DataTypeName, number>>> = {
  Int8: 1,
  UInt8: 1,
  Int16: 2,
  UInt16: 2,
  Int32: 4,
  UInt32: 4,
  Int64: 8,
  UInt64: 8,
  DateTime: 8,
  Float: 4,
  Double: 8,
};

/** Items of one type as the bytes of an array (specification 3.0, section 6.4.17): what `arrayItems` reads. */
export function arrayBytes(
  type: DataTypeName,
  items: readonly (bigint | number | boolean | string)[],
): Uint8Array {
  if (type === 'String') {
    return encoder.encode(items.map((item) => `${item}\0`).join(''));
  }
  if (type === 'Boolean') {
    const bytes = new Uint8Array(4 + Math.ceil(items.length / 8));
    new DataView(bytes.buffer).setUint32(0, items.length, true);
    for (const [index, item] of items.entries()) {
      const at = 4 + (index >> 3);
      bytes[at] = (bytes[at] ?? 0) | (item === true ? 0x80 >> (index & 7) : 0);
    }
    return bytes;
  }
  const size = sizes[type] ?? 8;
  const view = new DataView(new ArrayBuffer(items.length * size));
  for (const [index, item] of items.entries()) {
    if (type === 'Float') {
      view.setFloat32(index * size, Number(item), true);
    } else if (type === 'Double') {
      view.setFloat64(index * size, Number(item), true);
    } else {
      setWhole(view, index * size, size, BigInt(item));
    }
  }
  return new Uint8Array(view.buffer);
}

/** Little-endian, negative numbers in two's complement. */
function setWhole(view: DataView, at: number, size: number, value: bigint): void {
  let left = BigInt.asUintN(size * 8, value);
  for (let index = 0; index < size; index++) {
    view.setUint8(at + index, Number(left & 0xffn));
    left >>= 8n;
  }
}
