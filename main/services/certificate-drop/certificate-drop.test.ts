import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates } from '../../../e2e/support/certificates.ts';
import { judgeTlsMaterial } from '../tls-material.ts';
import { unpackZip } from './archive.ts';
import { type Found, identify } from './identify.ts';
import { sort } from './sort.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
afterAll(() => certificates.dispose());

const bytes = (text: string) => new TextEncoder().encode(text);
const openssl = (...args: string[]) => new Uint8Array(execFileSync('openssl', args, { stdio: 'pipe' }));
const file = (fileName: string, content: string | Uint8Array) => ({
  fileName,
  bytes: typeof content === 'string' ? bytes(content) : content,
});
const drop = async (
  files: { fileName: string; bytes: Uint8Array }[],
  passphrases: string[] = [],
  host = '',
) => {
  const { found, locked } = await identify(files, passphrases);
  const sorted = sort(found, host);
  const stored = (name: string, objects: readonly Found[]) => ({
    ref: name,
    fileName: objects[0]?.info.fileName ?? '',
    bytes: bytes(objects.map(({ pem }) => pem ?? '').join('')),
  });
  // As the form does it: what has a place is judged where it stands.
  const { report } = await judgeTlsMaterial({
    ca: sorted.ca.map((one, index) => stored(`ca-${index}`, [one])),
    ...(sorted.chain.length === 0 ? {} : { certificate: stored('certificate', sorted.chain) }),
    ...(sorted.key === undefined ? {} : { key: stored('key', [sorted.key]) }),
    host,
  });
  const advice = [...report.advice, ...[...sorted.servers.values()].flat()];
  return { found, locked, sorted, advice };
};
const messages = (result: Awaited<ReturnType<typeof drop>>) =>
  result.advice.map(({ message }) => message).join('\n');
const pkcs12 = (...options: string[]) => {
  const { client, ca } = certificates;
  const files = ['-in', client.certificateFile, '-inkey', client.keyFile, '-certfile', ca.certificateFile];
  return openssl('pkcs12', '-export', ...files, '-passout', 'pass:secret', ...options);
};

describe('PKCS#12', () => {
  const old = ['-legacy', '-provider', 'default', '-provider', 'legacy', '-macalg', 'sha1'];
  const protections: [string, string[]][] = [
    ['AES and SHA-256', []],
    ['RC2 and SHA-1', ['-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES', ...old]],
    ['triple DES and SHA-1', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['no MAC', ['-nomac']],
  ];
  it.each(protections)('opens with %s', async (_name, options) => {
    const result = await drop([file('client.p12', pkcs12(...options))], ['wrong', 'secret']);
    expect(result.locked).toEqual([]);
    expect(result.sorted.chain.map(({ info }) => info.subject)).toEqual(['CN=client, O=Topicscope']);
    expect(result.sorted.ca.map(({ info }) => info.kind)).toEqual(['root']);
    expect(result.sorted.key?.pem).toContain('BEGIN PRIVATE KEY');
    expect(result.sorted.key?.info.publicKeyId).toBe(result.sorted.chain[0]?.info.publicKeyId);
    expect(result.advice).toEqual([]);
  });

  it('opens RSA keys', async () => {
    const key = join(certificates.directory, 'rsa.key');
    const certificate = join(certificates.directory, 'rsa.pem');
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificate,
      '-subj',
      '/CN=r',
    );
    const data = openssl('pkcs12', '-export', '-in', certificate, '-inkey', key, '-passout', 'pass:');
    const result = await drop([file('rsa.pfx', data)]);
    expect(result.sorted.key?.info.keyType).toBe('RSA 1024');
    expect(messages(result)).toContain('RSA key of 1024 bits');
  });

  it('asks for the passphrase and never takes a wrong one', async () => {
    const data = pkcs12();
    expect((await drop([file('a.p12', data)])).locked).toEqual(['a.p12']);
    expect((await drop([file('a.p12', data)], ['nope'])).locked).toEqual(['a.p12']);
  });

  it('does no endless work', async () => {
    const data = Buffer.from(pkcs12('-keypbe', 'PBE-SHA1-3DES', '-iter', '65537', '-nomac'));
    const rounds = data.lastIndexOf(Buffer.from('0203010001', 'hex'));
    data.writeUIntBE(0x7fffff, rounds + 2, 3);
    const [one] = (await drop([file('slow.p12', data)], ['secret'])).found;
    expect(one?.info.problem).toContain('too long');
  });

  it('has an answer to every damage', async () => {
    const data = pkcs12();
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.nat(255), fc.nat(data.length), async (at, value, end) => {
        const damaged = data.slice();
        damaged[at] = value;
        for (const one of [damaged, data.slice(0, end)]) {
          expect((await drop([file('x.p12', one)], ['secret'])).found.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('a zip archive', () => {
  it('is sorted as AWS hands it out', async () => {
    const { client, ca } = certificates;
    const data = zipSync({
      'kit/device.private.key': bytes(client.key),
      'kit/device.public.key': openssl('pkey', '-in', client.keyFile, '-pubout'),
      'kit/device.cert.pem': bytes(client.certificate),
      'kit/root-CA.crt': bytes(ca.certificate),
    });
    const result = await drop([file('kit.zip', data)]);
    expect(result.found.map(({ info }) => [info.fileName, info.kind])).toEqual([
      ['kit.zip/kit/device.private.key', 'private-key'],
      ['kit.zip/kit/device.public.key', 'public-key'],
      ['kit.zip/kit/device.cert.pem', 'leaf'],
      ['kit.zip/kit/root-CA.crt', 'root'],
    ]);
    expect(result.sorted).toMatchObject({ chain: [{}], key: {}, ca: [{}] });
  });

  it('is left packed when it is a bomb or damaged', async () => {
    const bomb = zipSync({ a: new Uint8Array(40 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(unpackZip(file('bomb.zip', bomb)).problem).toContain('12 MB');
    // One that lies about its size gets no more than it claims.
    const lie = bomb.slice();
    const directory = Buffer.from(lie.buffer).lastIndexOf(Buffer.from('504b0102', 'hex'));
    Buffer.from(lie.buffer).writeUInt32LE(10, directory + 24);
    const unpacked = unpackZip(file('lie.zip', lie));
    expect(unpacked.files?.every((entry) => entry.bytes.length <= 10) ?? true).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (tail) => {
        const data = Uint8Array.from([0x50, 0x4b, 3, 4, ...tail]);
        expect((await drop([file('x.zip', data)])).found).toMatchObject([{ info: { kind: 'unknown' } }]);
      }),
    );
  });
});

describe('sorting', () => {
  it('orders the chain and names what is missing', async () => {
    const { serverWithIntermediate, serverWithoutIntermediate, ca } = certificates;
    const key = file('privkey.pem', serverWithoutIntermediate.key);
    const chained = serverWithIntermediate.certificate.split(/(?<=-----END CERTIFICATE-----\n)/);
    const full = await drop([
      key,
      file('fullchain.pem', chained.toReversed().join('')),
      file('ca.pem', ca.certificate),
    ]);
    expect(full.sorted.chain.map(({ info }) => info.kind)).toEqual(['leaf', 'intermediate']);
    expect(full.advice).toEqual([]);
    const bare = await drop([
      key,
      file('cert.pem', serverWithoutIntermediate.certificate),
      file('ca.pem', ca.certificate),
    ]);
    expect(messages(bare)).toContain('drop chain.pem or fullchain.pem');
  });

  it('says what does not fit, has ended or is not for the host', async () => {
    const { client, ca, unrelatedKey, expired, selfSigned } = certificates;
    const mismatch = await drop([
      file('c.pem', client.certificate),
      file('k.pem', unrelatedKey),
      file('ca.pem', ca.certificate),
    ]);
    expect(messages(mismatch)).toContain('“k.pem” does not belong to “c.pem”');
    expect(messages(await drop([file('e.pem', expired.certificate)]))).toMatch(
      /expired on 2021-01-01, \d+ days ago/,
    );
    const own = [file('s.pem', selfSigned.certificate)];
    expect(messages(await drop(own, [], 'broker.example'))).toContain('not for “broker.example”');
    expect(messages(await drop(own, [], 'localhost'))).not.toContain('not for');
  });

  it('opens keys that are encrypted, and asks where it can’t', async () => {
    const { encryptedKey, legacyEncryptedKey, passphrase } = certificates;
    for (const key of [encryptedKey, legacyEncryptedKey]) {
      expect((await drop([file('k.pem', key)])).locked).toEqual(['k.pem']);
      expect((await drop([file('k.pem', key)], ['no'])).locked).toEqual(['k.pem']);
      expect((await drop([file('k.pem', key)], ['no', passphrase])).sorted.key?.pem).toContain(
        'BEGIN PRIVATE KEY',
      );
    }
  });

  it('knows what it can’t use', async () => {
    const result = await drop([
      file('a.jks', Uint8Array.from([0xfe, 0xed, 0xfe, 0xed, 0, 0])),
      file('b.csr', openssl('req', '-new', '-key', certificates.client.keyFile, '-subj', '/CN=x')),
      file('c.ppk', 'PuTTY-User-Key-File-3: ssh-rsa\n'),
      file('d.pub', 'ssh-ed25519 AAAA x\n'),
    ]);
    expect(result.found.map(({ info }) => info.kind)).toEqual([
      'keystore',
      'certificate-request',
      'unknown',
      'public-key',
    ]);
    expect(result.found.every(({ info }) => (info.problem ?? '').length > 10)).toBe(true);
  });
});
