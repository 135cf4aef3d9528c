/** The text that these bytes are exactly; `undefined` where they are none, or hold characters that nobody reads in code. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // Other control characters than tab and line end would be lost in a terminal that the text is pasted into.
    return /[\0-\x08\x0b-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
