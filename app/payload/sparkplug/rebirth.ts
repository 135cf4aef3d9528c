/** The metric that asks an edge node for its births (specification 3.0, section 6.4.22). */
export const REBIRTH_METRIC = 'Node Control/Rebirth';

const BOOLEAN = 11;

/** The payload of an NCMD that asks for a rebirth; `now` in milliseconds since the epoch. */
export function rebirthCommand(now: number): Uint8Array<ArrayBuffer> {
  const time = varint(BigInt(now));
  const name = new TextEncoder().encode(REBIRTH_METRIC);
  const metric = [0x0a, name.length, ...name, 0x18, ...time, 0x20, BOOLEAN, 0x70, 1];
  return new Uint8Array([0x08, ...time, 0x12, metric.length, ...metric]);
}

function varint(value: bigint): number[] {
  return value < 0x80n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...varint(value >> 7n)];
}
