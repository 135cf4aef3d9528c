import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCertificates, type TestCertificates } from '../../../e2e/support/certificates.ts';
import { failureOf, RunningEngine } from '../running-engine.fixture.ts';

const run = promisify(execFile);
const running = new RunningEngine();
let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterAll(() => certificates.dispose());

const file = (fileName: string, text: string) => ({ fileName, bytes: new TextEncoder().encode(text) });
const drop = { host: '', passphrases: [] };
const root = async (name: string) => {
  const options = ['-key', certificates.ca.keyFile, '-subj', `/CN=${name}`, '-days', '365'];
  const { stdout } = await run('openssl', ['req', '-x509', ...options]);
  return stdout;
};

it('stages what was dropped and joins a key that comes later with its certificate', async () => {
  const { client, ca } = certificates;
  const first = await running.client.main('certificates.sort', {
    ...drop,
    files: [file('client.pem', client.certificate), file('ca.pem', ca.certificate)],
  });
  expect(first.objects.map(({ place }) => place)).toEqual(['certificate', 'ca']);
  const { ca: staged, certificate } = first.placed;
  const second = await running.client.main('certificates.sort', {
    ...drop,
    files: [file('client.key', client.key)],
    present: { ca: [...staged], ...(certificate === undefined ? {} : { certificate }) },
  });
  expect(second.placed).toMatchObject({ ca: [], key: { fileName: 'client.key' } });
  expect(second.placed.certificate).toBeUndefined();
});

it('exports certificates and never a key', async () => {
  const { client } = certificates;
  const stage = (name: string, text: string) => running.client.main('certificates.stage', file(name, text));
  const both = await stage('client.pem', client.key + client.certificate);
  const { pem, fileName } = await running.client.main('certificates.export', {
    files: [{ ref: both.ref, fileName: both.fileName }],
  });
  expect(fileName).toBe('client.pem');
  expect(pem).toContain('BEGIN CERTIFICATE');
  expect(pem).not.toContain('PRIVATE KEY');
  const key = await stage('client.key', client.key);
  const files = [{ ref: key.ref, fileName: key.fileName }];
  expect((await failureOf(running.client.main('certificates.export', { files }))).code).toBe(
    'certificates.none',
  );
});

it('leaves the client’s own certificate where it is when that of a broker is dropped', async () => {
  const { client, ca, server, otherClient } = certificates;
  const first = await running.client.main('certificates.sort', {
    ...drop,
    files: [file('client.pem', client.certificate), file('client.key', client.key)],
  });
  const { certificate, key } = first.placed;
  const present = { ca: [], ...(certificate && { certificate }), ...(key && { key }) };
  const second = await running.client.main('certificates.sort', {
    ...drop,
    host: 'broker.example',
    files: [file('server.pem', server.certificate), file('ca.pem', ca.certificate)],
    present,
  });
  expect(second.placed.certificate).toBeUndefined();
  expect(second.objects.map(({ fileName, place }) => [fileName, place])).toEqual([
    ['server.pem', undefined],
    ['ca.pem', 'ca'],
  ]);
  expect(second.objects[0]?.advice?.map(({ id, severity }) => [id, severity])).toEqual([
    ['server-certificate', 'info'],
    ['wrong-host', 'warning'],
  ]);
  // A new one of a client does take its place, also before its key has come.
  const third = await running.client.main('certificates.sort', {
    ...drop,
    files: [file('new.pem', otherClient.certificate)],
    present,
  });
  expect(third.placed).toMatchObject({ ca: [], certificate: { fileName: 'new.pem' } });
});

it('judges what is stored, each finding with its file, place and an id of its own', async () => {
  const { client, expired, selfSigned, unrelatedKey } = certificates;
  const stage = (name: string, text: string) => running.client.main('certificates.stage', file(name, text));
  const [old, older, own, key] = await Promise.all([
    stage('old.pem', expired.certificate),
    stage('older.pem', expired.certificate),
    stage('client.pem', client.certificate),
    stage('other.key', unrelatedKey),
  ]);
  const named = await stage('broker.pem', selfSigned.certificate);
  const report = await running.client.main('certificates.report', {
    ca: [old, older, named].map(({ ref, fileName }) => ({ ref, fileName })),
    certificate: { ref: own.ref, fileName: own.fileName },
    key: { ref: key.ref, fileName: key.fileName },
    host: 'broker.example',
  });
  expect(report.match).toBe('mismatch');
  expect(report.advice.map(({ id, place, ref }) => [id, place, ref])).toEqual([
    ['not-a-ca', 'ca', old.ref],
    ['expired', 'ca', old.ref],
    ['not-a-ca-2', 'ca', older.ref],
    ['expired-2', 'ca', older.ref],
    ['wrong-host', 'ca', named.ref],
    ['issuer-missing', 'certificate', own.ref],
    ['mismatch', 'key', key.ref],
  ]);
  // A sentence each: it ends once, at its end.
  for (const { message } of report.advice) {
    expect(message).toMatch(/\.$/);
    expect(message).not.toMatch(/[.!?] +\p{Lu}/u);
  }
});

it('shows what is stored as openssl does', async () => {
  const { server } = certificates;
  const { ref, objects } = await running.client.main('certificates.stage', file('s.pem', server.certificate));
  const { ca } = await running.client.main('certificates.report', { ca: [{ ref, fileName: 's.pem' }] });
  expect(ca).toEqual([{ ref, fileName: 's.pem', objects }]);
  expect(objects[0]).toMatchObject({
    subject: 'CN=localhost',
    issuer: 'CN=Topicscope Test CA',
    subjectAltNames: ['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1'],
    keyType: 'EC prime256v1',
    signatureAlgorithm: 'ecdsa-with-SHA256',
    fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
  });
});

it('stores a folder full of CAs as one file', async () => {
  const { ca, otherCa, selfSigned } = certificates;
  const roots = [ca, otherCa, selfSigned].map(({ certificate }) => certificate);
  const made = await Promise.all(Array.from({ length: 8 }, (_, n) => root(`Root ${n}`)));
  const files = [...roots, ...made].map((text, n) => file(`certs/${n}.pem`, text));
  const many = await running.client.main('certificates.sort', { ...drop, files });
  expect(many.objects.every(({ place }) => place === 'ca')).toBe(true);
  expect(many.placed.ca.map(({ fileName, objects }) => [fileName, objects.length])).toEqual([
    ['certs.pem', 11],
  ]);
  const few = await running.client.main('certificates.sort', { ...drop, files: files.slice(0, 10) });
  expect(few.placed.ca).toHaveLength(10);
  const mixed = files.map((one, n) => ({ ...one, fileName: `${n % 2}/${n}.pem` }));
  const apart = await running.client.main('certificates.sort', { ...drop, files: mixed });
  expect(apart.placed.ca.map(({ fileName }) => fileName)).toEqual(['ca-certificates.pem']);
});
