import { describe, expect, it } from 'vitest';
import { changeHeader, type HeaderDraft, headerValue } from './headers.ts';

const draft = (overrides: Partial<HeaderDraft> = {}): HeaderDraft => ({
  headers: [],
  secretRefs: {},
  secrets: {},
  ...overrides,
});

describe('changeHeader', () => {
  it('moves the value into the secrets when the row becomes secret, and back', () => {
    const open = draft({ headers: [{ name: 'X-Key', value: 'abc', secret: false }] });
    const hidden = changeHeader(open, 0, { secret: true });
    expect(hidden).toEqual({
      headers: [{ name: 'X-Key', value: '', secret: true }],
      secrets: { 'header:X-Key': 'abc' },
    });
    const back = changeHeader(draft(hidden), 0, { secret: false });
    expect(back.headers).toEqual([{ name: 'X-Key', value: 'abc', secret: false }]);
    expect(back.secrets).toEqual({ 'header:X-Key': undefined });
  });

  it('takes a typed secret along to the new name', () => {
    const before = draft({
      headers: [{ name: 'X-Ke', value: '', secret: true }],
      secrets: { 'header:X-Ke': 'abc' },
    });
    expect(changeHeader(before, 0, { name: 'X-Key' }).secrets).toEqual({
      'header:X-Ke': undefined,
      'header:X-Key': 'abc',
    });
  });

  it('holds a secret in the row for as long as it has no name', () => {
    const unnamed = draft({ headers: [{ name: '', value: '', secret: true }] });
    const typed = changeHeader(unnamed, 0, { value: 'abc' });
    expect(typed).toEqual({ headers: [{ name: '', value: 'abc', secret: true }], secrets: {} });
    const named = changeHeader(draft(typed), 0, { name: 'X' });
    expect(named.headers[0]?.value).toBe('');
    expect(named.secrets).toEqual({ 'header:X': 'abc' });
  });

  it('removes what the vault kept under a name that is gone, and keeps it when the name comes back', () => {
    const stored = draft({
      headers: [{ name: 'X', value: '', secret: true }],
      secretRefs: { 'header:X': 'ref-1', psk: 'ref-2' },
    });
    const renamed = changeHeader(stored, 0, { name: 'Y' });
    expect(renamed.secrets).toEqual({ 'header:X': null, 'header:Y': undefined });
    const back = changeHeader({ ...stored, ...renamed }, 0, { name: 'X' });
    expect(back.secrets).toMatchObject({ 'header:X': undefined });
    expect(changeHeader(stored, 0, undefined)).toEqual({ headers: [], secrets: { 'header:X': null } });
  });

  it('shows of a secret only what was typed', () => {
    const header = { name: 'X', value: '', secret: true };
    expect(headerValue({ secrets: {} }, header)).toBe('');
    expect(headerValue({ secrets: { 'header:X': 'abc' } }, header)).toBe('abc');
  });
});
