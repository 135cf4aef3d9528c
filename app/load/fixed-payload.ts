const PATTERN = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n';

/** So many bytes of printable ASCII: lines of 64 that repeat, so that a cut in the middle of them is seen. */
export function fixedPayload(size: number): Uint8Array<ArrayBuffer> {
  const line = Uint8Array.from(PATTERN, (unit) => unit.charCodeAt(0));
  const payload = new Uint8Array(size);
  payload.set(line.subarray(0, size));
  for (let filled = line.length; filled < size; filled *= 2) {
    payload.copyWithin(filled, 0, Math.min(filled, size - filled));
  }
  return payload;
}
