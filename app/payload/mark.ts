/** A short mark of a text, 16 hex digits: another one as soon as a character is another. Two hashes of 32 bits (FNV-1a). */
export function markOf(text: string): string {
  let one = 0x811c9dc5;
  let other = 0xc9dc5118;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + index), 0x01000193);
  }
  const hex = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
  return `${hex(one)}${hex(other)}`;
}
