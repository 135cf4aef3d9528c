import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate with its key, as PEM text and as the files that hold it. `certificate` may hold a chain. */
export interface TestIdentity {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Everything that a TLS test needs, fresh for one run. All keys are on the curve P-256. */
export interface TestCertificates {
  readonly directory: string;
  /** The authority that signs all that is right; give its certificate to a client. */
  readonly ca: TestIdentity;
  /** Good for localhost, 127.0.0.1 and ::1. */
  readonly server: TestIdentity;
  /** As `server`, but signed by an intermediate, which `certificate` holds as well. */
  readonly serverWithIntermediate: TestIdentity;
  /** The same certificate without its intermediate: a common mistake of servers. */
  readonly serverWithoutIntermediate: TestIdentity;
  /** Signed by `ca`, for other.example only. */
  readonly wrongHost: TestIdentity;
  readonly expired: TestIdentity;
  readonly notYetValid: TestIdentity;
  /** Good for localhost, signed by nobody. */
  readonly selfSigned: TestIdentity;
  /** A client that `ca` vouches for; its common name is `client`. */
  readonly client: TestIdentity;
  /** Another authority, and a client of it. */
  readonly otherCa: TestIdentity;
  readonly otherClient: TestIdentity;
  /** The key of `client`, encrypted as PKCS#8 and in the traditional way of OpenSSL, both with `passphrase`. */
  readonly encryptedKey: string;
  readonly legacyEncryptedKey: string;
  readonly passphrase: string;
  /** A key that belongs to none of the certificates. */
  readonly unrelatedKey: string;
  dispose(): Promise<void>;
}

const LOCAL_NAMES = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
const PASSPHRASE = 'correct horse';

/** Makes the certificates with the openssl command in a temporary folder; takes about half a second. */
export async function createCertificates(): Promise<TestCertificates> {
  const directory = await mkdtemp(join(tmpdir(), 'topicscope-certificates-'));
  const maker = new Maker(directory);
  const [ca, otherCa, selfSigned] = await Promise.all([
    maker.authority('ca', '/CN=Topicscope Test CA'),
    maker.authority('other-ca', '/CN=Another CA'),
    maker.selfSigned('self-signed', '/CN=localhost', LOCAL_NAMES),
  ]);
  const intermediate = await maker.signed('intermediate', '/CN=Topicscope Test Intermediate', ca, {
    extensions: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign',
  });
  const [server, bare, wrongHost, expired, notYetValid, client, otherClient] = await Promise.all([
    maker.signed('server', '/CN=localhost', ca, { extensions: LOCAL_NAMES }),
    maker.signed('bare', '/CN=localhost', intermediate, { extensions: LOCAL_NAMES }),
    maker.signed('wrong-host', '/CN=other.example', ca, { extensions: 'subjectAltName=DNS:other.example' }),
    maker.signed('expired', '/CN=localhost', ca, {
      extensions: LOCAL_NAMES,
      from: '20200101000000Z',
      to: '20210101000000Z',
    }),
    maker.signed('not-yet-valid', '/CN=localhost', ca, {
      extensions: LOCAL_NAMES,
      from: '20900101000000Z',
      to: '20910101000000Z',
    }),
    maker.signed('client', '/O=Topicscope/CN=client', ca, { extensions: 'extendedKeyUsage=clientAuth' }),
    maker.signed('other-client', '/CN=stranger', otherCa, { extensions: 'extendedKeyUsage=clientAuth' }),
  ]);
  const chainFile = join(directory, 'chain.pem');
  const chain = bare.certificate + intermediate.certificate;
  await writeFile(chainFile, chain);
  const encrypt = (command: string, name: string) =>
    maker.openssl(
      [command, '-in', client.keyFile, '-aes-256-cbc', '-passout', `pass:${PASSPHRASE}`, '-out', name],
      name,
    );
  const [encryptedKey, legacyEncryptedKey, unrelatedKey] = await Promise.all([
    encrypt('pkey', 'client-encrypted.key'),
    encrypt('ec', 'client-legacy.key'),
    maker.key('unrelated.key'),
  ]);
  return {
    directory,
    ca,
    server,
    serverWithIntermediate: { ...bare, certificate: chain, certificateFile: chainFile },
    serverWithoutIntermediate: bare,
    wrongHost,
    expired,
    notYetValid,
    selfSigned,
    client,
    otherCa,
    otherClient,
    encryptedKey,
    legacyEncryptedKey,
    passphrase: PASSPHRASE,
    unrelatedKey,
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

interface SignOptions {
  readonly extensions: string;
  /** `YYYYMMDDhhmmssZ`; by default from now on for ten years. */
  readonly from?: string;
  readonly to?: string;
}

class Maker {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Runs openssl in the folder and returns the content of `result`. */
  async openssl(parameters: readonly string[], result: string): Promise<string> {
    await run('openssl', [...parameters], { cwd: this.#directory });
    return readFile(join(this.#directory, result), 'utf8');
  }

  key(name: string): Promise<string> {
    return this.openssl(
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', name],
      name,
    );
  }

  authority(name: string, subject: string): Promise<TestIdentity> {
    return this.selfSigned(name, subject, 'keyUsage=critical,keyCertSign,cRLSign');
  }

  async selfSigned(name: string, subject: string, extension: string): Promise<TestIdentity> {
    const key = await this.key(`${name}.key`);
    const certificate = await this.openssl(
      [
        'req',
        '-x509',
        '-new',
        '-key',
        `${name}.key`,
        '-subj',
        subject,
        '-days',
        '3650',
        '-addext',
        extension,
      ].concat('-out', `${name}.pem`),
      `${name}.pem`,
    );
    return this.#identity(name, certificate, key);
  }

  async signed(
    name: string,
    subject: string,
    issuer: TestIdentity,
    options: SignOptions,
  ): Promise<TestIdentity> {
    const key = await this.key(`${name}.key`);
    await this.openssl(
      ['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`],
      `${name}.csr`,
    );
    // `openssl x509` cannot set both dates before version 3.4; `openssl ca` always could.
    const config = [
      '[ca]',
      'default_ca=this',
      '[this]',
      `new_certs_dir=.`,
      `database=${name}.index`,
      'rand_serial=yes',
      'unique_subject=no',
      'default_md=sha256',
      'policy=any',
      'x509_extensions=extensions',
      '[any]',
      'commonName=supplied',
      'organizationName=optional',
      '[extensions]',
      options.extensions,
    ];
    await Promise.all([
      writeFile(join(this.#directory, `${name}.cnf`), config.join('\n')),
      writeFile(join(this.#directory, `${name}.index`), ''),
    ]);
    const dates = options.from === undefined ? ['-days', '3650'] : ['-startdate', options.from];
    const end = options.to === undefined ? [] : ['-enddate', options.to];
    const certificate = await this.openssl(
      [
        'ca',
        '-batch',
        '-notext',
        '-config',
        `${name}.cnf`,
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
      ].concat(['-cert', issuer.certificateFile, '-keyfile', issuer.keyFile], dates, end),
      `${name}.pem`,
    );
    return this.#identity(name, certificate, key);
  }

  #identity(name: string, certificate: string, key: string): TestIdentity {
    return {
      certificate,
      key,
      certificateFile: join(this.#directory, `${name}.pem`),
      keyFile: join(this.#directory, `${name}.key`),
    };
  }
}
