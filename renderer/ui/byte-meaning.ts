/** What one, two or four bytes are as numbers, in both byte orders; nothing for other lengths. */
export function meaningOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 1: {
      const signed = view.getInt8(0);
      return signed < 0 ? `${view.getUint8(0)}, signed ${signed}` : `${signed}`;
    }
    case 2:
      return `LE ${view.getInt16(0, true)}, BE ${view.getInt16(0)}`;
    case 4:
      return [
        `LE ${view.getInt32(0, true)}`,
        `BE ${view.getInt32(0)}`,
        `float LE ${shortFloat(view.getFloat32(0, true))}`,
        `BE ${shortFloat(view.getFloat32(0))}`,
      ].join(', ');
    default:
      return '';
  }
}

function shortFloat(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(7))) : String(value);
}
