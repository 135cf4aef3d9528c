import type { ProfileColor } from '#app/profile/profile.ts';

/** Hues of the palette in degrees. */
const hues: readonly (readonly [ProfileColor, number])[] = [
  ['red', 0],
  ['orange', 28],
  ['yellow', 48],
  ['green', 130],
  ['teal', 185],
  ['blue', 218],
  ['violet', 262],
  ['pink', 328],
  ['red', 360],
];

/** The palette's colour that comes next to `#rrggbb` (or `0xrrggbbff`); `undefined` where the text is no colour. */
export function nearestColor(text: string | undefined): ProfileColor | undefined {
  const digits = /^(?:#|0x)([0-9a-f]{6})(?:[0-9a-f]{2})?$/i.exec(text?.trim() ?? '')?.[1];
  if (digits === undefined) {
    return undefined;
  }
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  const max = Math.max(red, green, blue);
  const spread = max - Math.min(red, green, blue);
  if (spread < 24) {
    return 'gray';
  }
  const sextant =
    max === red
      ? (green - blue) / spread
      : max === green
        ? 2 + (blue - red) / spread
        : 4 + (red - green) / spread;
  const hue = (sextant * 60 + 360) % 360;
  return hues.toSorted((a, b) => Math.abs(a[1] - hue) - Math.abs(b[1] - hue))[0]?.[0];
}
