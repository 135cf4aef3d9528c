import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates } from '../../e2e/support/certificates.ts';
import { parseCertificateFile } from './certificates.ts';
import { judgeTlsMaterial, type MaterialFile } from './tls-material.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterAll(() => certificates.dispose());

const bytes = (text: string) => new TextEncoder().encode(text);
const openssl = (...args: string[]) => new Uint8Array(execFileSync('openssl', args, { stdio: 'pipe' }));
const file = (fileName: string, text: string | Uint8Array | undefined): MaterialFile => ({
  ref: `file-${fileName}`,
  fileName,
  bytes: typeof text === 'string' ? bytes(text) : text,
});
const problemOf = async (data: Uint8Array) =>
  (await parseCertificateFile(data)).map(({ info }) => info.problem ?? '');

describe('parseCertificateFile', () => {
  it('reads a certificate', async () => {
    const [object, ...others] = await parseCertificateFile(bytes(certificates.client.certificate));
    expect(others).toEqual([]);
    expect(object?.info).toMatchObject({
      kind: 'certificate',
      isCa: false,
      subject: 'CN=client, O=Topicscope',
      issuer: 'CN=Topicscope Test CA',
      keyType: 'EC prime256v1',
    });
    expect(object?.info.publicKeyId).toMatch(/^[0-9a-f]{64}$/);
    expect(object?.info.validTo).toBeGreaterThan(Date.now());
    expect((await parseCertificateFile(bytes(certificates.ca.certificate)))[0]?.info.isCa).toBe(true);
    expect(
      (await parseCertificateFile(bytes(certificates.server.certificate)))[0]?.info.subjectAltNames,
    ).toEqual(['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1']);
  });

  it('finds every object of a file, among text and in any order', async () => {
    const text = `Bag Attributes\r\n${certificates.client.key}\nsubject=x\n${certificates.server.certificate}${certificates.ca.certificate}`;
    expect(
      (await parseCertificateFile(bytes(text.replaceAll('\n', '\r\n')))).map(({ info }) => info.kind),
    ).toEqual(['private-key', 'certificate', 'certificate']);
  });

  it('reads DER, bare base64, UTF-16 and a byte order mark', async () => {
    const der = openssl('x509', '-in', certificates.client.certificateFile, '-outform', 'DER');
    const text = certificates.client.certificate;
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const key = openssl('pkey', '-in', certificates.client.keyFile, '-outform', 'DER');
    for (const data of [der, bytes(Buffer.from(der).toString('base64')), utf16, bytes(`\uFEFF${text}`)]) {
      expect((await parseCertificateFile(data))[0]?.info.subject).toBe('CN=client, O=Topicscope');
    }
    expect((await parseCertificateFile(key))[0]?.info).toMatchObject({
      kind: 'private-key',
      encrypted: false,
    });
  });

  it('opens encrypted keys with their passphrase only', async () => {
    for (const key of [certificates.encryptedKey, certificates.legacyEncryptedKey]) {
      const data = bytes(key);
      expect((await parseCertificateFile(data))[0]).toMatchObject({
        lock: 'missing',
        info: { encrypted: true },
      });
      expect((await parseCertificateFile(data, 'wrong'))[0]).toMatchObject({ lock: 'wrong' });
      const opened = (await parseCertificateFile(data, certificates.passphrase))[0];
      expect(opened).toMatchObject({ lock: 'opened', info: { encrypted: true, kind: 'private-key' } });
      expect(opened?.pem).toContain('BEGIN PRIVATE KEY');
    }
    const der = openssl(
      'pkcs8',
      '-topk8',
      '-in',
      certificates.client.keyFile,
      '-outform',
      'DER',
      '-passout',
      'pass:x',
    );
    expect((await parseCertificateFile(der))[0]).toMatchObject({ lock: 'missing' });
    expect((await parseCertificateFile(der, 'x'))[0]).toMatchObject({ lock: 'opened' });
  });

  it('calls a passphrase wrong also where what it decrypts happens to end well', async () => {
    // Made for this test. One passphrase in about 300 leaves a valid padding behind; for this key it is this one.
    const key = [
      '-----BEGIN ENCRYPTED PRIVATE KEY-----',
      'MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBBLTYgW49w2tslyG2S3',
      'ugAtAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQma6oGpBtLB9TM50y',
      'IyMiHgSBkEDy/QZpP8n0zG31u41ZhgvWGlSvCrUICa5UP3gv2ErHPefvXW1vuTA5',
      'kZldeRMncTfd0IlHKccW/DoEdi426uHD2H0KxKGN7C05RwUQPbbTHoQWsWf1u2HL',
      'kMkQrPazWeW6v04u6j8ddhvs6udcanZEEOR92IXtYt9aoG9plwBNPkna6RFSpnBg',
      '73uSd1I5NQ==',
      '-----END ENCRYPTED PRIVATE KEY-----',
    ].join('\n');
    expect((await parseCertificateFile(bytes(key), 'wrong26'))[0]).toMatchObject({ lock: 'wrong' });
    expect((await parseCertificateFile(bytes(key), 'right'))[0]).toMatchObject({ lock: 'opened' });
  });

  it('says what other files are, and the way out', async () => {
    const { client, ca } = certificates;
    const p12 = openssl(
      'pkcs12',
      '-export',
      '-in',
      client.certificateFile,
      '-inkey',
      client.keyFile,
      '-passout',
      'pass:x',
    );
    const p7 = openssl('crl2pkcs7', '-nocrl', '-certfile', ca.certificateFile, '-outform', 'DER');
    const p7pem = openssl('crl2pkcs7', '-nocrl', '-certfile', ca.certificateFile);
    const csr = openssl('req', '-new', '-key', client.keyFile, '-subj', '/CN=x');
    const publicKey = openssl('pkey', '-in', client.keyFile, '-pubout');
    expect((await problemOf(p12))[0]).toContain('PKCS#12');
    for (const bundle of [p7, p7pem]) {
      expect((await parseCertificateFile(bundle))[0]?.info).toMatchObject({
        kind: 'certificate',
        isCa: true,
      });
    }
    expect((await problemOf(csr))[0]).toContain('signing request');
    expect((await problemOf(publicKey))[0]).toContain('public key');
    expect(
      (
        await problemOf(bytes('-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----'))
      )[0],
    ).toContain('SSH');
    expect((await problemOf(new Uint8Array([0xfe, 0xed, 0xfe, 0xed, 0])))[0]).toContain('Java keystore');
    expect((await problemOf(bytes('<!DOCTYPE html><html>')))[0]).toContain('web page');
    expect((await problemOf(bytes('')))[0]).toContain('empty');
    expect((await problemOf(bytes(client.certificate.slice(0, 300))))[0]).toContain('cut off');
    expect((await problemOf(bytes('hello')))[0]).toContain('neither a certificate nor a key');
    const damaged = client.certificate.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    expect((await problemOf(bytes(damaged)))[0]).toContain('damaged');
  });

  it('refuses a key that asks for too many rounds, before trying', async () => {
    const der = Buffer.from(
      openssl(
        'pkcs8',
        '-topk8',
        '-in',
        certificates.client.keyFile,
        '-outform',
        'DER',
        '-iter',
        '5000',
        '-passout',
        'pass:x',
      ),
    );
    const at = der.indexOf(Buffer.from('02021388', 'hex'));
    expect(at).toBeGreaterThan(0);
    // The same structure with 0x7fffffff rounds: two bytes longer, so the lengths around it are mended by OpenSSL's
    // tolerance or not; the guard looks at the parameters alone.
    const trap = Buffer.concat([
      der.subarray(0, at),
      Buffer.from('02047fffffff', 'hex'),
      der.subarray(at + 4),
    ]);
    const started = Date.now();
    expect((await parseCertificateFile(trap, 'x'))[0]?.info.problem).toContain('too long');
    expect(Date.now() - started).toBeLessThan(500);
  });

  it('never crashes, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string(), async (data, passphrase) => {
        expect((await parseCertificateFile(data, passphrase)).length).toBeGreaterThan(0);
        expect((await parseCertificateFile(new Uint8Array([0x30, ...data]))).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
    const seeds = [
      certificates.client.certificate,
      certificates.encryptedKey,
      certificates.legacyEncryptedKey,
      readFileSync(join(certificates.directory, 'ca.pem'), 'latin1'),
    ].map(bytes);
    const der = openssl('x509', '-in', certificates.client.certificateFile, '-outform', 'DER');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds, der),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(),
        async (seed, changes, cut) => {
          const data = seed.slice(0, seed.length - (cut % 3 === 0 ? cut % seed.length : 0));
          for (const [at, value] of changes) {
            data[at % Math.max(1, data.length)] = value;
          }
          const objects = await parseCertificateFile(data, 'x');
          expect(objects.every(({ info }) => JSON.stringify(info).length > 0)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('judgeTlsMaterial', () => {
  const judge = async (material: Partial<Parameters<typeof judgeTlsMaterial>[0]>) =>
    await judgeTlsMaterial({ ca: [], ...material });

  it('has nothing to say to nothing', async () => {
    expect((await judge({})).report).toEqual({ ca: [], match: 'none', advice: [] });
  });

  it('finds key and certificate that belong together', async () => {
    const { report, pem } = await judge({
      ca: [file('ca.pem', certificates.ca.certificate)],
      certificate: file('client.pem', certificates.client.certificate),
      key: file('client.key', certificates.client.key),
    });
    expect(report).toMatchObject({ match: 'match', advice: [] });
    expect(report.key?.objects[0]?.publicKeyId).toBe(report.certificate?.objects[0]?.publicKeyId);
    expect(pem.ca).toHaveLength(1);
    expect(pem.key).toContain('BEGIN PRIVATE KEY');
  });

  it('counts what has expired in a bundle of CAs, and names it in a short file', async () => {
    const { ca, otherCa, selfSigned, expired, notYetValid } = certificates;
    const some = [ca, otherCa, selfSigned, expired].map((one) => one.certificate).join('');
    const few = (await judge({ ca: [file('few.pem', some)] })).report.advice;
    expect(few.map(({ id, message }) => [id, message.slice(0, 46)])).toEqual([
      ['expired', '“few.pem” (CN=localhost) expired on 2021-01-01'],
    ]);
    const many = (await judge({ ca: [file('many.pem', some + some)] })).report.advice;
    expect(many.map(({ id, severity, message }) => [id, severity, message])).toEqual([
      [
        'expired-in-bundle',
        'info',
        '2 of the 8 certificates in “many.pem” have expired: get a newer bundle if the broker’s CA is among them.',
      ],
    ]);
    const good = [ca, otherCa, selfSigned, notYetValid].map((one) => one.certificate).join('');
    expect((await judge({ ca: [file('good.pem', good + good)] })).report.advice).toEqual([]);
  });

  it('takes both from one file, and puts the own certificate before the chain', async () => {
    const both = `${certificates.ca.certificate}${certificates.client.key}${certificates.client.certificate}`;
    const { report, pem } = await judge({ certificate: file('client.pem', both) });
    expect(report).toMatchObject({ match: 'match', advice: [] });
    const [first] = await parseCertificateFile(bytes(pem.certificate ?? ''));
    expect(first?.info.subject).toContain('CN=client');
  });

  it('names a key of another certificate', async () => {
    const { report } = await judge({
      ca: [file('ca.pem', certificates.ca.certificate)],
      certificate: file('client.pem', certificates.client.certificate),
      key: file('other.key', certificates.unrelatedKey),
    });
    expect(report.match).toBe('mismatch');
    expect(report.advice).toEqual([
      {
        id: 'mismatch',
        severity: 'error',
        place: 'key',
        ref: 'file-other.key',
        message: '“other.key” does not belong to “client.pem”: drop the key that was made with it.',
      },
    ]);
  });

  it('asks for the passphrase, and says when it is wrong', async () => {
    const material = {
      ca: [file('ca.pem', certificates.ca.certificate)],
      certificate: file('client.pem', certificates.client.certificate),
      key: file('client.key', certificates.encryptedKey),
    };
    expect((await judge(material)).report).toMatchObject({
      match: 'locked',
      advice: [{ id: 'locked', message: expect.stringContaining('enter its passphrase') }],
    });
    expect((await judge({ ...material, passphrase: 'no' })).report).toMatchObject({
      match: 'locked',
      advice: [{ id: 'wrong-passphrase', message: expect.stringContaining('does not open') }],
    });
    expect((await judge({ ...material, passphrase: certificates.passphrase })).report).toMatchObject({
      match: 'match',
      advice: [],
    });
  });

  it('names what is expired, not yet valid, missing, gone or in the wrong place', async () => {
    const problems = async (material: Partial<Parameters<typeof judgeTlsMaterial>[0]>) =>
      (await judge(material)).report.advice.map(({ message }) => message).join('\n');
    expect(await problems({ ca: [file('old.pem', certificates.expired.certificate)] })).toContain(
      'expired on 2021-01-01',
    );
    expect(await problems({ ca: [file('new.pem', certificates.notYetValid.certificate)] })).toContain(
      'valid only from 2090-01-01',
    );
    expect(await problems({ ca: [file('client.pem', certificates.client.certificate)] })).toContain(
      'not the certificate of a CA',
    );
    expect(await problems({ ca: [file('self.pem', certificates.selfSigned.certificate)] })).toBe('');
    expect(await problems({ ca: [file('key.pem', certificates.client.key)] })).toContain(
      'holds no certificate',
    );
    expect(await problems({ certificate: file('c.pem', certificates.client.certificate) })).toContain(
      'has no key yet',
    );
    expect(await problems({ key: file('k.pem', certificates.client.key) })).toContain(
      'has no certificate yet',
    );
    expect(await problems({ certificate: file('k.pem', certificates.client.key) })).toContain(
      'if it is the key',
    );
    expect(await problems({ certificate: file('gone.pem', undefined) })).toContain(
      '“gone.pem” is no longer stored',
    );
    expect(
      await problems({
        certificate: file(
          'i.pem',
          certificates.serverWithIntermediate.certificate.slice(
            certificates.serverWithIntermediate.certificate.lastIndexOf('-----BEGIN'),
          ),
        ),
        key: file('k.pem', certificates.client.key),
      }),
    ).toContain('certificate of a CA, not of a client');
  });

  it('never throws, whatever the files hold', async () => {
    const content = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(content, content, content, async (ca, certificate, key) => {
        const { report } = await judge({
          ca: [file('a', ca)],
          certificate: file('b', certificate),
          key: file('c', key),
        });
        expect(report.advice.length).toBeGreaterThan(0);
        expect(new Set(report.advice.map(({ id }) => id)).size).toBe(report.advice.length);
      }),
    );
  });
});
