import { describe, expect, it } from 'vitest';
import { copiedText, pastedBytes } from './hex-clipboard.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the clipboard of the grid of bytes', () => {
  it('holds hex, or the text that the bytes are', () => {
    expect(copiedText(bytes('Grüße\n'), 'ascii')).toBe('Grüße\n');
    expect(copiedText(Uint8Array.of(0x41, 0xff), 'ascii')).toBe('A.');
    expect(copiedText(Uint8Array.of(0x41, 0xff), 'hex')).toBe('41 ff');
  });

  it('brings back the bytes of what was copied', () => {
    for (const side of ['hex', 'ascii'] as const) {
      expect(pastedBytes(copiedText(bytes('Grüße'), side), side)).toEqual(bytes('Grüße'));
    }
    expect(pastedBytes('no hex', 'hex')).toEqual(bytes('no hex'));
  });

  it('changes nothing where it holds no text', () => {
    expect(pastedBytes('', 'hex')).toBeUndefined();
    expect(pastedBytes('', 'ascii')).toBeUndefined();
  });
});
