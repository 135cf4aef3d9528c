import { describe, expect, it } from 'vitest';
import type { SortedDrop } from '#app/contract/operations/certificates.ts';
import type { CertificateObject, StagedFile } from '#app/contract/operations/main.ts';
import { newProfile, newTls } from '#app/profile/defaults.ts';
import {
  chooseSlot,
  isMixed,
  placeDrop,
  placeFile,
  removeFile,
  replaceFile,
  withoutPlaced,
} from './tls-material.ts';
import { expectedName } from './tls-material-report.ts';
import { describeExpiry, expiryText } from './tls-slot-facts.tsx';

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

describe('replaceFile', () => {
  const file = (ref: string) => ({ ref, fileName: `${ref}.pem` });
  it('keeps the order of the CAs, and adds where the old one is gone meanwhile', () => {
    const two = placeFile(placeFile(newTls(), 'ca', file('1')), 'ca', file('2'));
    expect(replaceFile(two, 'ca', '1', file('3')).ca.map(({ ref }) => ref)).toEqual(['3', '2']);
    expect(replaceFile(two, 'ca', 'gone', file('3')).ca.map(({ ref }) => ref)).toEqual(['1', '2', '3']);
    expect(replaceFile(two, 'key', '1', file('3'))).toMatchObject({ ca: two.ca, key: file('3') });
  });
});

describe('placeDrop and withoutPlaced', () => {
  const file = (ref: string): StagedFile => ({
    ref,
    fileName: `${ref}.pem`,
    objects: [ca.objects[0] as never],
  });
  const sorted = (placed: SortedDrop['placed']): SortedDrop => ({ objects: [], needsPassphrase: [], placed });
  const refs = (tls: ReturnType<typeof newTls>) => ({
    ca: tls.ca.map(({ ref }) => ref),
    certificate: tls.certificate?.ref,
    key: tls.key?.ref,
  });

  it('adds CAs, replaces certificate and key, and leaves alone what the drop does not change', () => {
    const first = placeDrop(newTls(), sorted({ ca: [file('1')], certificate: file('2'), key: file('3') }));
    expect(refs(first)).toEqual({ ca: ['1'], certificate: '2', key: '3' });
    const second = placeDrop(first, sorted({ ca: [file('4'), file('5')], key: file('6') }));
    expect(refs(second)).toEqual({ ca: ['1', '4', '5'], certificate: '2', key: '6' });
    expect(second.certificate).toEqual({ ref: '2', fileName: '2.pem' });
    expect(placeDrop(second, sorted({ ca: [] }))).toEqual(second);
  });

  it('takes back the CAs of a drop that is sorted again, and no others', () => {
    const before = sorted({ ca: [file('2')], key: file('9') });
    const tls = placeDrop(placeDrop(newTls(), sorted({ ca: [file('1')] })), before);
    expect(refs(withoutPlaced(tls, before))).toEqual({ ca: ['1'], certificate: undefined, key: '9' });
    expect(refs(placeDrop(withoutPlaced(tls, before), sorted({ ca: [file('3')] }))).ca).toEqual(['1', '3']);
    expect(withoutPlaced(tls, undefined)).toBe(tls);
  });
});

describe('isMixed', () => {
  it('knows a file that holds a key and certificates', () => {
    expect([ca, key, junk].map(isMixed)).toEqual([false, false, false]);
    expect(isMixed(staged({ kind: 'private-key' }, { kind: 'certificate' }))).toBe(true);
    expect(isMixed(staged({ kind: 'certificate' }, { kind: 'unknown' }, { kind: 'certificate' }))).toBe(
      false,
    );
  });
});

describe('expectedName', () => {
  const named = (host: string, serverName = '', socketPath = '') =>
    expectedName({ ...newProfile({}), host, socketPath, tls: { ...newTls(), serverName } });
  it.each([
    ['the host', named('broker.example'), 'broker.example'],
    ['the server name before it', named('10.0.0.1', 'broker.example'), 'broker.example'],
    ['nothing while it depends on an environment', named('{{site}}.example'), ''],
    ['nothing for a socket', named('localhost', '', '/run/broker.sock'), ''],
    [
      'the server name of a socket',
      named('localhost', 'broker.example', '/run/broker.sock'),
      'broker.example',
    ],
  ])('is %s', (_name, found, wanted) => {
    expect(found).toBe(wanted);
  });
});

describe('describeExpiry', () => {
  const now = Date.UTC(2026, 0, 10);
  it('has an answer to a date that no calendar has', () => {
    expect(describeExpiry(Number.NaN, now).text).toContain('an unknown day');
  });

  it.each([
    [Date.UTC(2026, 0, 20), '2026-01-20, 10 days left', false],
    [Date.UTC(2026, 0, 11), '2026-01-11, 1 day left', false],
    [Date.UTC(2026, 0, 8), '2026-01-08, expired 2 days ago', true],
  ])('%d', (validTo, text, isOver) => {
    expect(describeExpiry(validTo, now)).toEqual({ text, isOver });
    const summary = isOver ? `ended ${text.slice(0, 10)}` : `until ${text}`;
    expect(expiryText(validTo, now)).toEqual({ text: summary, isOver });
  });
});
