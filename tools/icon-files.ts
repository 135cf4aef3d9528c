/** One size of an icon as PNG. */
export interface IconImage {
  /** Pixels on each side. */
  readonly size: number;
  readonly png: Uint8Array;
}

/**
 * A Windows icon file: a directory of PNG images (understood since Vista), largest 256 pixels.
 * Layout: ICONDIR (6 bytes), one ICONDIRENTRY (16 bytes) per image, then the images.
 */
export function icoFile(images: readonly IconImage[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, png }, index) => {
    const entry = 6 + 16 * index;
    // 0 stands for 256.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** Types of a macOS icon file that hold PNG, with the pixels of each; `@2x` entries have types of their own. */
const icnsTypes: readonly (readonly [string, number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/** A macOS icon file: `icns`, the length of all, then type, length and PNG of each entry (big endian). */
export function icnsFile(images: readonly IconImage[]): Buffer {
  const entries = icnsTypes.flatMap(([type, size]) => {
    const png = images.find((image) => image.size === size)?.png;
    return png === undefined ? [] : [chunk(type, png)];
  });
  return chunk('icns', Buffer.concat(entries));
}

function chunk(type: string, data: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(8 + data.length, 4);
  return Buffer.concat([header, data]);
}
