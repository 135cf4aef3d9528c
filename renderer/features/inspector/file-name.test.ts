import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extensionOf, payloadFileName } from './file-name.ts';

describe('payloadFileName', () => {
  it('joins the levels of the topic', () => {
    expect(payloadFileName('plant/line1/filler/telemetry', 42, 'json')).toBe(
      'plant-line1-filler-telemetry-42.json',
    );
    expect(payloadFileName('/a//b/', 1, 'bin')).toBe('a-b-1.bin');
    expect(payloadFileName('haus/küche', 7, 'txt')).toBe('haus-küche-7.txt');
  });

  it('never names a device, a hidden file or another folder', () => {
    expect(payloadFileName('CON', 1, 'bin')).toBe('message-CON-1.bin');
    expect(payloadFileName('../../etc/passwd', 1, 'bin')).toBe('etc-passwd-1.bin');
    expect(payloadFileName('\u202e///', 1, 'bin')).toBe('message-1.bin');
    expect(payloadFileName('.bashrc', 1, 'txt')).toBe('bashrc-1.txt');
  });

  it('is short and harmless for every topic', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (topic) => {
        const name = payloadFileName(topic, 5, 'bin');
        expect(name).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*-5\.bin$/u);
        expect(name).not.toContain('..');
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(350);
      }),
    );
  });
});

describe('extensionOf', () => {
  it('knows the text formats and calls the rest binary', () => {
    expect(['json', 'xml', 'text', 'hex', 'base64'].map(extensionOf)).toEqual([
      'json',
      'xml',
      'txt',
      'bin',
      'bin',
    ]);
  });
});
