/** Bytes of the number that follows a MessagePack type byte from 0xc0 on and counts bytes or members. */
const countBytes: Readonly<Record<number, 1 | 2 | 4>> = {
  196: 1, // bin
  197: 2,
  198: 4,
  199: 1, // ext
  200: 2,
  201: 4,
  217: 1, // str
  218: 2,
  219: 4,
  220: 2, // array
  221: 4,
  222: 2, // map
  223: 4,
};

/** Bytes of the types from 0xc0 on that have a fixed length, behind the type byte. */
const fixedBytes: Readonly<Record<number, number>> = {
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
  212: 2,
  213: 3,
  214: 5,
  215: 9,
  216: 17,
};

/**
 * Whether MessagePack from `start` on can hold as many members as its arrays and maps claim: each takes a byte at
 * least. A decoder makes room by the claim, so that fifty bytes could otherwise ask for gigabytes and end the process.
 */
export function holdsWhatItClaims(bytes: Uint8Array, start: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (let owed = 1; owed > 0; owed--) {
    if (owed > bytes.length - at) {
      return false;
    }
    const type = bytes[at] ?? 0;
    at += 1;
    if (type < 0x80 || type >= 0xe0) {
      continue;
    }
    if (type < 0x90) {
      owed += 2 * (type & 0x0f);
    } else if (type < 0xa0) {
      owed += type & 0x0f;
    } else if (type < 0xc0) {
      at += type & 0x1f;
    } else {
      const width = countBytes[type];
      if (width === undefined) {
        at += fixedBytes[type] ?? 0;
        continue;
      }
      if (at + width > bytes.length) {
        return false;
      }
      const count = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
      at += width;
      if (type >= 0xde) {
        owed += 2 * count;
      } else if (type >= 0xdc) {
        owed += count;
      } else {
        // An extension has one byte more: its own type.
        at += type >= 0xc7 && type <= 0xc9 ? count + 1 : count;
      }
    }
  }
  return at <= bytes.length;
}
