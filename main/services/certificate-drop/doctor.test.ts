import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificateFile } from '../certificates.ts';
import { judgeTlsMaterial } from '../tls-material.ts';
import { isServer, judgeCertificate, judgeChain, judgeUse, withIds } from './doctor.ts';

const DAY = 86_400_000;
let directory: string;
const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: directory, stdio: 'pipe' });
const openssl = (...args: string[]) => run('openssl', ...args);
const read = (name: string) => new Uint8Array(readFileSync(join(directory, name)));

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicscope-doctor-'));
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'ec.key');
  openssl(
    'req',
    '-x509',
    '-days',
    '365',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=CA',
  );
}, 30_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Wanted {
  readonly key?: string;
  readonly digest?: string;
  readonly extensions?: string;
  readonly subject?: string;
}

/** A certificate that the CA signed, read. */
async function signed({ key = 'ec.key', digest = 'sha256', extensions = '', subject = '/CN=x' }: Wanted) {
  openssl('req', '-new', '-key', key, '-subj', subject, '-out', 'x.csr');
  writeFileSync(join(directory, 'x.cnf'), extensions);
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '7', '-days', '365'];
  openssl('x509', '-req', '-in', 'x.csr', `-${digest}`, ...issuer, '-extfile', 'x.cnf', '-out', 'x.pem');
  const [one] = await parseCertificateFile(read('x.pem'));
  if (one?.certificate === undefined) {
    throw new Error('The certificate was not read.');
  }
  return one;
}

describe('strength', () => {
  it.each([
    [512, true],
    [1024, true],
    [2047, true],
    [2048, false],
    [3072, false],
  ])(
    'of an RSA key of %d bits',
    async (bits, isWeak) => {
      openssl('genrsa', '-out', 'rsa.key', String(bits));
      const { info } = await signed({ key: 'rsa.key' });
      expect(info.weaknesses).toEqual(isWeak ? [`RSA key of ${bits} bits`] : undefined);
      const [advice] = judgeCertificate('“x.pem”', { info });
      expect(advice?.message).toBe(
        isWeak ? `“x.pem” is weak (RSA key of ${bits} bits): ask for a new one.` : undefined,
      );
    },
    60_000,
  );

  it.each([
    ['md5', ['signed with MD5']],
    ['sha1', ['signed with SHA-1']],
    ['sha256', undefined],
    ['sha512', undefined],
  ])('of a signature with %s', async (digest, weaknesses) => {
    expect((await signed({ digest })).info.weaknesses).toEqual(weaknesses);
  });

  it('of its own signature says nothing of a root', async () => {
    openssl(
      'req',
      '-x509',
      '-days',
      '365',
      '-key',
      'ca.key',
      '-sha1',
      '-subj',
      '/CN=Old root',
      '-out',
      'old.pem',
    );
    const [root] = await parseCertificateFile(read('old.pem'));
    expect(root?.info).toMatchObject({ subject: 'CN=Old root', signatureAlgorithm: 'sha1WithRSAEncryption' });
    expect(root?.info.weaknesses).toBeUndefined();
  });
});

describe('uses', () => {
  it.each([
    ['', true, false],
    ['extendedKeyUsage=clientAuth', true, false],
    ['extendedKeyUsage=serverAuth,clientAuth', true, false],
    ['extendedKeyUsage=anyExtendedKeyUsage', true, false],
    ['extendedKeyUsage=serverAuth', false, true],
    ['extendedKeyUsage=emailProtection', false, false],
    ['subjectAltName=DNS:broker.example', true, true],
    ['subjectAltName=IP:10.0.0.1', true, true],
    ['subjectAltName=DNS:device.example\nextendedKeyUsage=clientAuth', true, false],
    ['subjectAltName=email:joe@example.com', true, false],
  ])('of %j', async (extensions, isForClients, isOfServer) => {
    const one = await signed({ extensions });
    expect(judgeUse('“x.pem”', one).map(({ id }) => id)).toEqual(isForClients ? [] : ['not-for-clients']);
    expect(isServer(one)).toBe(isOfServer);
  });

  it('are told in words, with the fix', async () => {
    const one = await signed({
      extensions: 'keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,1.2.3.4',
    });
    expect(one.info.keyUsage).toEqual(['digital signature', 'key encipherment', 'TLS server', '1.2.3.4']);
    expect(judgeUse('“x.pem”', one)[0]?.message).toContain('ask for one with the use “clientAuth”');
    const last = await signed({ extensions: 'keyUsage=keyCertSign,cRLSign,decipherOnly,keyAgreement' });
    expect(last.info.keyUsage).toEqual([
      'key agreement',
      'certificate signing',
      'CRL signing',
      'decipher only',
    ]);
    expect((await signed({})).info.keyUsage).toBeUndefined();
  });
});

describe('age', () => {
  const at = Date.UTC(2026, 5, 15);
  const told = (validFrom: number, validTo: number) =>
    judgeCertificate('“x”', { info: { validFrom, validTo } }, at).map(
      ({ id, message }) => `${id}: ${message}`,
    );
  it.each([
    [at - DAY, at + 31 * DAY, []],
    [at - DAY, at + 30 * DAY, ['expires-soon: “x” expires on 2026-07-15, in 30 days: renew it.']],
    [at - DAY, at + DAY, ['expires-soon: “x” expires on 2026-06-16, in a day: renew it.']],
    [at - DAY, at + 1, ['expires-soon: “x” expires on 2026-06-15, in less than a day: renew it.']],
    [at - DAY, at - 1, ['expired: “x” expired on 2026-06-14, less than a day ago: get a new one.']],
    [at - 9 * DAY, at - 3 * DAY, ['expired: “x” expired on 2026-06-12, 3 days ago: get a new one.']],
    [
      at + DAY,
      at + 99 * DAY,
      ['not-yet-valid: “x” is valid only from 2026-06-16 on: wait, or check the clock of this machine.'],
    ],
  ])('from %d to %d', (from, to, wanted) => {
    expect(told(from, to)).toEqual(wanted);
  });
});

describe('the chain', () => {
  it('says that an issuer is missing only where that can be told', async () => {
    const leaf = await signed({});
    const [root] = await parseCertificateFile(read('ca.pem'));
    openssl('req', '-x509', '-days', '365', '-key', 'ec.key', '-subj', '/CN=Other root', '-out', 'other.pem');
    const [other] = await parseCertificateFile(read('other.pem'));
    if (root === undefined || other === undefined) {
      throw new Error('A root was not read.');
    }
    const severity = (...others: (typeof leaf)[]) =>
      judgeChain('“x”', leaf, others).map((one) => one.severity);
    expect(severity(leaf, root)).toEqual([]);
    expect(severity(leaf)).toEqual(['info']);
    expect(severity(leaf, other)).toEqual(['warning']);
    // Of the same name, with another key: not the issuer.
    openssl('req', '-x509', '-days', '365', '-key', 'ec.key', '-subj', '/CN=CA', '-out', 'same.pem');
    const [same] = await parseCertificateFile(read('same.pem'));
    expect(same === undefined ? [] : severity(leaf, same)).toEqual(['warning']);
    expect(judgeChain('“x”', root, [])).toEqual([]);
  });

  it('is not asked for where the issuer is never handed out', async () => {
    openssl(
      'req',
      '-x509',
      '-days',
      '365',
      '-key',
      'ca.key',
      '-subj',
      '/OU=Amazon Web Services O=Amazon.com Inc.',
      '-out',
      'aws.pem',
    );
    openssl('req', '-new', '-key', 'ec.key', '-subj', '/CN=AWS IoT Certificate', '-out', 'd.csr');
    const issuer = ['-CA', 'aws.pem', '-CAkey', 'ca.key', '-set_serial', '8', '-days', '365'];
    openssl('x509', '-req', '-in', 'd.csr', ...issuer, '-out', 'd.pem');
    const ref = (fileName: string) => ({ ref: fileName, fileName, bytes: read(fileName) });
    const material = { ca: [ref('ca.pem')], certificate: ref('d.pem'), key: ref('ec.key') };
    expect((await judgeTlsMaterial(material)).report).toMatchObject({ match: 'match', advice: [] });
  });
});

describe('keys of OpenSSH', () => {
  it('are known, and what is said of them makes a key that is read', async () => {
    for (const type of ['rsa', 'ecdsa']) {
      const name = `id_${type}`;
      run('ssh-keygen', '-q', '-t', type, '-N', '', '-f', name);
      expect(readFileSync(join(directory, name), 'utf8')).toContain('BEGIN OPENSSH PRIVATE KEY');
      const problem = (await parseCertificateFile(read(name)))[0]?.info.problem ?? '';
      const [way] = /ssh-keygen .* -f KEYFILE/.exec(problem) ?? [];
      expect(way).toBeDefined();
      const [program = '', ...args] = (way ?? '').replace('KEYFILE', name).split(' ');
      run(program, ...args, '-N', '', '-P', '');
      expect((await parseCertificateFile(read(name)))[0]).toMatchObject({
        info: { kind: 'private-key', encrypted: false },
        pem: expect.stringContaining('BEGIN PRIVATE KEY'),
      });
      expect((await parseCertificateFile(read(`${name}.pub`)))[0]?.info.problem).toContain('SSH public key');
    }
  }, 30_000);
});

describe('ids', () => {
  it('are unique, and keep the name of what was found', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('expired', 'weak', 'gone')), (names) => {
        const ids = withIds(names.map((id) => ({ id, severity: 'info' as const, message: '' }))).map(
          ({ id }) => id,
        );
        expect(new Set(ids).size).toBe(names.length);
        expect(ids.map((id) => id.replace(/-\d+$/, ''))).toEqual(names);
      }),
    );
  });
});
