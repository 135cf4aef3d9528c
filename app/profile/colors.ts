/** Names into the palette of `renderer/ui`; a colour is data, its shade follows the theme. */
export const profileColors = [
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
] as const;

export type ProfileColor = (typeof profileColors)[number];
