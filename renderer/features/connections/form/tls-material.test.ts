import { describe, expect, it } from 'vitest';
import type { CertificateObject, StagedFile } from '#app/contract/operations/main.ts';
import { newTls } from '#app/profile/defaults.ts';
import { chooseSlot, placeFile, removeFile } from './tls-material.ts';
import { describeExpiry } from './tls-slot-facts.tsx';

const staged = (...objects: CertificateObject[]): StagedFile => ({ ref: 'r', fileName: 'f.pem', objects });
const ca = staged({ kind: 'certificate', isCa: true });
const leaf = staged({ kind: 'certificate', isCa: false });
const key = staged({ kind: 'private-key' });
const junk = staged({ kind: 'unknown', problem: 'Not a certificate.' });

describe('chooseSlot', () => {
  it('sorts by content when no slot was meant', () => {
    expect([ca, leaf, key, junk].map((file) => chooseSlot(file, undefined))).toEqual([
      'ca',
      'certificate',
      'key',
      undefined,
    ]);
  });

  it('never leaves a key among certificates, nor a certificate as key', () => {
    expect(chooseSlot(key, 'ca')).toBe('key');
    expect(chooseSlot(leaf, 'key')).toBe('certificate');
    expect(chooseSlot(ca, 'key')).toBe('ca');
  });

  it('lets the user take a self-signed leaf as CA, and no other leaf', () => {
    const selfSigned = staged({ kind: 'certificate', isCa: false, subject: 'CN=a', issuer: 'CN=a' });
    expect(chooseSlot(selfSigned, 'ca')).toBe('ca');
    expect(chooseSlot(leaf, 'ca')).toBe('certificate');
    expect(chooseSlot(ca, 'certificate')).toBe('certificate');
  });

  it('places a locked or damaged key as key, so that its problem is shown there', () => {
    expect(chooseSlot(staged({ kind: 'private-key', problem: 'Damaged.' }), 'ca')).toBe('key');
  });
});

describe('placeFile and removeFile', () => {
  const empty = newTls();
  it('collects CAs and replaces the others', () => {
    const two = placeFile(placeFile(empty, 'ca', { ref: '1', fileName: 'a' }), 'ca', {
      ref: '2',
      fileName: 'b',
    });
    expect(two.ca.map((file) => file.ref)).toEqual(['1', '2']);
    expect(removeFile(two, 'ca', '1').ca.map((file) => file.ref)).toEqual(['2']);
    const replaced = placeFile(placeFile(empty, 'key', { ref: '1', fileName: 'a' }), 'key', {
      ref: '2',
      fileName: 'b',
    });
    expect(replaced.key?.ref).toBe('2');
    expect(removeFile(replaced, 'key', '2')).toEqual(empty);
  });
});

describe('describeExpiry', () => {
  const now = Date.UTC(2026, 0, 10);
  it.each([
    [Date.UTC(2026, 0, 20), '2026-01-20, in 10 days', false],
    [Date.UTC(2026, 0, 11), '2026-01-11, in 1 day', false],
    [Date.UTC(2026, 0, 8), '2026-01-08, expired 2 days ago', true],
  ])('%d', (validTo, text, isOver) => {
    expect(describeExpiry(validTo, now)).toEqual({ text, isOver });
  });
});
