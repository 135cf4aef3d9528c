/** A permutation from the digits of π (RFC 2268 section 2). */
const PI = Buffer.from(
  [
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  ].join(''),
  'hex',
);

/**
 * Decrypts RC2 in CBC mode (RFC 2268) and takes the padding off; throws when the padding is wrong. Old PKCS#12 files use
 * it for certificates, and no TLS library still has it switched on. `effectiveBits` is the strength of the key.
 */
export function decryptRc2Cbc(key: Buffer, effectiveBits: number, iv: Buffer, data: Buffer): Buffer {
  if (data.length === 0 || data.length % 8 !== 0 || iv.length !== 8) {
    throw new Error('not whole blocks');
  }
  const words = expandKey(key, effectiveBits);
  const plain = Buffer.alloc(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    decryptBlock(words, data, at, plain);
    for (let index = 0; index < 8; index += 1) {
      plain[at + index] = (plain[at + index] ?? 0) ^ (previous[index] ?? 0);
    }
    previous = data.subarray(at, at + 8);
  }
  return withoutPadding(plain);
}

/** Section 2: 64 words of 16 bits. */
function expandKey(key: Buffer, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128);
  bytes.set(key.subarray(0, 128));
  const pi = (index: number): number => PI[index & 0xff] ?? 0;
  const at = (index: number): number => bytes[index] ?? 0;
  for (let index = key.length; index < 128; index += 1) {
    bytes[index] = pi(at(index - 1) + at(index - key.length));
  }
  const effectiveBytes = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * effectiveBytes - effectiveBits);
  bytes[128 - effectiveBytes] = pi(at(128 - effectiveBytes) & mask);
  for (let index = 127 - effectiveBytes; index >= 0; index -= 1) {
    bytes[index] = pi(at(index + 1) ^ at(index + effectiveBytes));
  }
  return Uint16Array.from({ length: 64 }, (_, index) => at(2 * index) | (at(2 * index + 1) << 8));
}

const SHIFTS = [1, 2, 3, 5] as const;

/** Section 4: 5 mixing rounds, a mashing round, 6, a mashing round, 5, all backwards. */
function decryptBlock(words: Uint16Array, data: Buffer, offset: number, target: Buffer): void {
  const r = [0, 2, 4, 6].map((step) => data.readUInt16LE(offset + step));
  const register = (index: number): number => r[index & 3] ?? 0;
  let next = 63;
  for (let round = 0; round < 16; round += 1) {
    if (round === 5 || round === 11) {
      for (let index = 3; index >= 0; index -= 1) {
        r[index] = (register(index) - (words[register(index + 3) & 63] ?? 0)) & 0xffff;
      }
    }
    for (let index = 3; index >= 0; index -= 1) {
      const shift = SHIFTS[index] ?? 0;
      const rotated = ((register(index) >>> shift) | (register(index) << (16 - shift))) & 0xffff;
      const mixed =
        (words[next] ?? 0) +
        (register(index + 3) & register(index + 2)) +
        (~register(index + 3) & register(index + 1));
      r[index] = (rotated - mixed) & 0xffff;
      next -= 1;
    }
  }
  r.forEach((value, index) => {
    target.writeUInt16LE(value, offset + 2 * index);
  });
}

/** RFC 5652 section 6.3. */
function withoutPadding(plain: Buffer): Buffer {
  const length = plain.at(-1) ?? 0;
  const isRight =
    length >= 1 && length <= 8 && plain.subarray(plain.length - length).every((byte) => byte === length);
  if (!isRight) {
    throw new Error('wrong padding');
  }
  return plain.subarray(0, plain.length - length);
}
