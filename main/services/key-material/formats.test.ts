import { execFileSync } from 'node:child_process';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Integer, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificateFile } from '../certificates.ts';
import { childrenOf, decode, encodedOf, octetsOf } from './asn1.ts';

const PASSPHRASE = 'correct horse';
const LEGACY = ['-provider', 'legacy', '-provider', 'default'];
let directory: string;

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
const read = (name: string) => new Uint8Array(readFileSync(join(directory, name)));
const summary = async (bytes: Uint8Array, passphrase?: string) =>
  (await parseCertificateFile(bytes, passphrase)).map(({ info, lock }) =>
    lock === 'missing' || lock === 'wrong' ? lock : (info.problem ?? info.kind),
  );

/** Opens with the right passphrase, to a plain key; asks for one; refuses another. */
async function expectLocked(bytes: Uint8Array, content: readonly string[], what: string): Promise<void> {
  expect(await summary(bytes, PASSPHRASE), what).toEqual(content);
  const opened = await parseCertificateFile(bytes, PASSPHRASE);
  expect(opened.find(({ info }) => info.kind === 'private-key')?.pem, what).toContain('BEGIN PRIVATE KEY');
  expect(await summary(bytes), what).toContain('missing');
  expect(await summary(bytes, 'wrong'), what).toContain('wrong');
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'topicscope-formats-'));
  const root = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Formats CA'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...root);
  openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'ec.key');
  openssl('genpkey', '-algorithm', 'ED25519', '-out', 'ed.key');
  openssl('genrsa', '-out', 'rsa.key', '2048');
  for (const name of ['ec', 'ed', 'rsa']) {
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '7'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...issuer, '-out', `${name}.pem`);
  }
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('encrypted PKCS#8', () => {
  it.each([
    ['-v2 aes-256-cbc'],
    ['-v2 aes-128-cbc -v2prf hmacWithSHA512'],
    ['-v2 aes-192-cbc -v2prf hmacWithSHA1'],
    ['-v2 des3'],
    ['-v2 des'],
    ['-v2 rc2'],
    ['-v2 rc2-40-cbc'],
    ['-v2 rc2-64-cbc'],
    ['-scrypt'],
    ['-v1 PBE-SHA1-3DES'],
    ['-v1 PBE-SHA1-2DES'],
    ['-v1 PBE-SHA1-RC2-40'],
    ['-v1 PBE-SHA1-RC2-128'],
    ['-v1 PBE-SHA1-RC4-40'],
    ['-v1 PBE-SHA1-RC4-128'],
    ['-v1 PBE-MD5-DES'],
    ['-v1 PBE-SHA1-DES'],
    ['-v1 PBE-MD5-RC2-64'],
    ['-v1 PBE-SHA1-RC2-64'],
  ])('opens %s', async (scheme) => {
    for (const [key, form] of [
      ['rsa.key', 'PEM'],
      ['ec.key', 'DER'],
    ] as const) {
      const protection = [...scheme.split(' '), '-passout', `pass:${PASSPHRASE}`, ...LEGACY];
      openssl('pkcs8', '-topk8', '-in', key, ...protection, '-outform', form, '-out', 'x.key');
      await expectLocked(read('x.key'), ['private-key'], `${key} ${form}`);
    }
  });
});

describe('OpenSSL’s own encryption', () => {
  it.each(['-des', '-des3', '-aes128', '-aes192', '-aes256'])('opens %s', async (cipher) => {
    for (const [command, key] of [
      [['rsa', '-traditional'], 'rsa.key'],
      [['ec'], 'ec.key'],
    ] as const) {
      openssl(...command, '-in', key, cipher, '-passout', `pass:${PASSPHRASE}`, ...LEGACY, '-out', 'x.key');
      expect(Buffer.from(read('x.key')).toString()).toContain('Proc-Type: 4,ENCRYPTED');
      await expectLocked(read('x.key'), ['private-key'], key);
    }
  });

  it('says so where a cipher is not known', async () => {
    openssl('ec', '-in', 'ec.key', '-camellia128', '-passout', `pass:${PASSPHRASE}`, '-out', 'x.key');
    expect((await summary(read('x.key'), PASSPHRASE))[0]).toContain('not supported');
  });
});

describe('PKCS#12', () => {
  const pack = (name: string, passphrase: string, ...options: string[]): Uint8Array => {
    const content = ['-in', `${name}.pem`, '-inkey', `${name}.key`, '-certfile', 'ca.pem'];
    openssl('pkcs12', '-export', ...content, '-passout', `pass:${passphrase}`, ...options, '-out', 'x.p12');
    return read('x.p12');
  };

  it.each([
    [''],
    ['-legacy'],
    ['-macalg SHA512'],
    ['-nomac'],
    ['-keypbe NONE -certpbe AES-128-CBC'],
    ['-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC4-128'],
    ['-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1'],
    ['-iter 50000'],
  ])('opens %s', async (options) => {
    for (const name of ['ec', 'ed', 'rsa']) {
      const bytes = pack(name, PASSPHRASE, ...options.split(' ').filter(Boolean));
      await expectLocked(bytes, ['private-key', 'certificate', 'certificate'], name);
    }
  });

  it('opens what has an empty passphrase, or letters beyond ASCII', async () => {
    const content = ['private-key', 'certificate', 'certificate'];
    expect(await summary(pack('ec', ''))).toEqual(content);
    expect(await summary(pack('ec', '', '-legacy'))).toEqual(content);
    expect(await summary(pack('ec', 'Grüße €'), 'Grüße €')).toEqual(content);
  });

  it('checks a MAC as RFC 9579 has it', async () => {
    const [version, authSafe] = childrenOf(decode(pack('ec', PASSPHRASE, '-nomac')));
    const content = octetsOf(childrenOf(childrenOf(authSafe)[1])[0]);
    const salt = Buffer.from('0102030405060708');
    const key = pbkdf2Sync(PASSPHRASE, salt, 2048, 32, 'sha256');
    const oid = (value: string) => new ObjectIdentifier({ value });
    const octets = (valueHex: Buffer) => new OctetString({ valueHex: Uint8Array.from(valueHex).buffer });
    const sequence = (...value: Sequence[]) => new Sequence({ value });
    const members = (...value: unknown[]) => new Sequence({ value: value as Sequence[] });
    const hmac = () => members(oid('1.2.840.113549.2.9'), new Null());
    const pbkdf2 = members(octets(salt), new Integer({ value: 2048 }), new Integer({ value: 32 }), hmac());
    const algorithm = members(
      oid('1.2.840.113549.1.5.14'),
      sequence(members(oid('1.2.840.113549.1.5.12'), pbkdf2), hmac()),
    );
    const mac = createHmac('sha256', key).update(content).digest();
    const macData = members(members(algorithm, octets(mac)), octets(Buffer.from('NOT USED')));
    const body = Buffer.concat([encodedOf(version), encodedOf(authSafe), Buffer.from(macData.toBER())]);
    const head = Buffer.from([0x30, 0x82, body.length >> 8, body.length & 0xff]);
    const container = Uint8Array.from(Buffer.concat([head, body]));
    await expectLocked(container, ['private-key', 'certificate', 'certificate'], 'PBMAC1');
  });
});

describe('plain files', () => {
  it('reads PKCS#1, SEC1, PKCS#8 and PKCS#7, and knows requests and public keys in DER', async () => {
    openssl('rsa', '-traditional', '-in', 'rsa.key', '-outform', 'DER', '-out', 'pkcs1.der');
    openssl('rsa', '-traditional', '-in', 'rsa.key', '-out', 'pkcs1.key');
    openssl('ec', '-in', 'ec.key', '-outform', 'DER', '-out', 'sec1.der');
    openssl('ec', '-in', 'ec.key', '-out', 'sec1.key');
    for (const name of ['pkcs1.der', 'pkcs1.key', 'sec1.der', 'sec1.key', 'ed.key']) {
      expect(await summary(read(name)), name).toEqual(['private-key']);
    }
    openssl(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'ca.pem',
      '-certfile',
      'ec.pem',
      '-outform',
      'DER',
      '-out',
      'x.p7b',
    );
    expect(await summary(read('x.p7b'))).toEqual(['certificate', 'certificate']);
    openssl('req', '-in', 'ec.csr', '-outform', 'DER', '-out', 'csr.der');
    expect((await summary(read('csr.der')))[0]).toContain('signing request');
    openssl('pkey', '-in', 'ec.key', '-pubout', '-outform', 'DER', '-out', 'public.der');
    expect((await summary(read('public.der')))[0]).toContain('public key');
  });
});

describe('hostile files', () => {
  it('always get an answer, in time', async () => {
    const protection = ['-passout', 'pass:x', '-iter', '1000'];
    const content = ['-in', 'ec.pem', '-inkey', 'ec.key'];
    openssl('pkcs12', '-export', ...content, ...protection, '-legacy', '-out', 'old.p12');
    openssl('pkcs12', '-export', ...content, ...protection, '-out', 'new.p12');
    openssl('pkcs8', '-topk8', '-in', 'ec.key', ...protection, '-outform', 'DER', '-out', 'key.der');
    const seeds = ['old.p12', 'new.p12', 'key.der', 'ec.pem', 'ec.key', 'x.p7b', 'csr.der'].map(read);
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 6 }),
        fc.nat(),
        async (seed, changes, cut) => {
          const data = seed.slice(0, seed.length - (cut % 5 === 0 ? cut % seed.length : 0));
          for (const [at, value] of changes) {
            data[at % Math.max(1, data.length)] = value;
          }
          expect((await parseCertificateFile(data, 'x')).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  it('cost no more time for beginning what they never end, or nesting without end', async () => {
    const started = performance.now();
    await parseCertificateFile(Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(140_000)));
    await parseCertificateFile(Buffer.from('-----BEGIN '.repeat(380_000)));
    const nested = Buffer.alloc(4_000_000, Buffer.from([0x30, 0x80]));
    expect(await summary(nested)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 60_000);
});
