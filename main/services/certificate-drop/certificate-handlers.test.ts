import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCertificates, type TestCertificates } from '../../../e2e/support/certificates.ts';
import { failureOf, RunningEngine } from '../running-engine.fixture.ts';

const running = new RunningEngine();
let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterAll(() => certificates.dispose());

const file = (fileName: string, text: string) => ({ fileName, bytes: new TextEncoder().encode(text) });
const drop = { host: '', passphrases: [] };

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
