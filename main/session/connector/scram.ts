import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { AuthenticationMethod } from '#app/profile/profile.ts';
import { saslPrep } from './sasl-prep.ts';
import { ConnectError, lasting } from './verdict.ts';

/** `n`: no channel binding, which MQTT has no way to use; no authorization identity (RFC 5802 section 7). */
const GS2_HEADER = 'n,,';

/** RFC 5802 section 5.1 and RFC 7677 section 4. Fewer make the proof an easy prey for whoever reads along. */
const MIN_ITERATIONS = 4096;
/** A second or so: beyond it a broker could keep the processor busy with one number. */
const MAX_ITERATIONS = 2_000_000;

const digests: Readonly<Record<AuthenticationMethod, string>> = {
  'SCRAM-SHA-1': 'sha1',
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-512': 'sha512',
};

const derive = promisify(pbkdf2);

export interface ScramLogin {
  readonly method: AuthenticationMethod;
  readonly username: string;
  readonly password: string;
}

/**
 * The client's side of one SCRAM exchange (RFC 5802, RFC 7677): {@link first}, then {@link answer} to the server's
 * first message, then {@link verify} of its last. The password is never sent, and a server that does not know it
 * either is found out. Failures are thrown as ConnectErrors.
 */
export class ScramExchange {
  readonly method: AuthenticationMethod;
  readonly #digest: string;
  readonly #password: string;
  readonly #nonce: string;
  readonly #firstBare: string;
  #isAnswered = false;
  /** What the server must prove itself with; known once its first message is answered. */
  #serverSignature: Buffer | undefined;

  /** `nonce` is for tests with published vectors: printable ASCII without commas. */
  constructor(login: ScramLogin, nonce: string = randomBytes(24).toString('base64')) {
    if (login.username === '') {
      throw new ConnectError(
        lasting(
          'auth.username',
          `${login.method} needs a user name, and none is given.`,
          'Enter the username and the password in the connection.',
        ),
      );
    }
    this.method = login.method;
    this.#digest = digests[login.method];
    this.#password = saslPrep(login.password, 'password');
    this.#nonce = nonce;
    const name = saslPrep(login.username, 'user name').replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.#firstBare = `n=${name},r=${nonce}`;
  }

  /** The client's first message. */
  first(): Buffer {
    return Buffer.from(GS2_HEADER + this.#firstBare);
  }

  /** The client's final message, with the proof that it knows the password. */
  async answer(serverFirst: Uint8Array): Promise<Buffer> {
    if (this.#isAnswered) {
      throw violated(this.method, 'It sent its first message twice.');
    }
    this.#isAnswered = true;
    const text = Buffer.from(serverFirst).toString();
    const attributes = attributesOf(text);
    const nonce = attributes.get('r') ?? '';
    const salt = attributes.get('s');
    const iterations = Number(attributes.get('i'));
    if (attributes.has('e')) {
      throw refused(this.method, attributes.get('e') ?? '');
    }
    if (
      attributes.has('m') ||
      salt === undefined ||
      !isBase64(salt) ||
      !/^[1-9]\d*$/.test(attributes.get('i') ?? '')
    ) {
      throw violated(this.method, 'Its first message lacks a part or has one that is not known.');
    }
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw violated(this.method, 'Its first message does not continue our random number.');
    }
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw new ConnectError(
        lasting(
          'auth.iterations',
          `The broker asks for ${iterations} rounds of hashing with ${this.method}.`,
          iterations < MIN_ITERATIONS
            ? 'Fewer than 4096 would make the password easy to guess for whoever reads along: raise the number on the broker.'
            : 'That would keep this computer busy: lower the number on the broker.',
          'RFC 5802 section 5.1.',
        ),
      );
    }
    const length = createHash(this.#digest).digest().length;
    const salted = await derive(
      this.#password,
      Buffer.from(salt, 'base64'),
      iterations,
      length,
      this.#digest,
    );
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`;
    const authMessage = `${this.#firstBare},${text},${withoutProof}`;
    const clientKey = this.#hmac(salted, 'Client Key');
    const storedKey = createHash(this.#digest).update(clientKey).digest();
    const signature = this.#hmac(storedKey, authMessage);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    this.#serverSignature = this.#hmac(this.#hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  /** Checks that the server knows the password too; nothing may be sent to it before. */
  verify(serverFinal: Uint8Array | undefined): void {
    const attributes = attributesOf(Buffer.from(serverFinal ?? []).toString());
    const expected = this.#serverSignature;
    const error = attributes.get('e');
    if (error !== undefined) {
      throw refused(this.method, error);
    }
    const given = Buffer.from(attributes.get('v') ?? '', 'base64');
    if (expected === undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ConnectError(
        lasting(
          'auth.server-signature',
          'The broker could not prove that it knows the password.',
          'It may be another one that poses as yours: check host and certificate before you try again.',
          serverFinal === undefined || serverFinal.length === 0
            ? `CONNACK came without the last message of ${this.method}.`
            : `The server signature of ${this.method} is wrong.`,
        ),
      );
    }
  }

  #hmac(key: Uint8Array, text: string): Buffer {
    return createHmac(this.#digest, key).update(text).digest();
  }
}

/** `r=...,s=...,i=4096`: one letter each (RFC 5802 section 5.1); the first of a name counts. */
function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of text.split(',')) {
    const name = part.charAt(0);
    if (part.charAt(1) === '=' && !attributes.has(name)) {
      attributes.set(name, part.slice(2));
    }
  }
  return attributes;
}

function isBase64(text: string): boolean {
  return text !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
}

/** `e=` of the server, from the list in RFC 5802 section 7. */
function refused(method: string, error: string): ConnectError {
  return new ConnectError(
    lasting(
      'auth.refused',
      'The broker does not accept this username and password.',
      `Check the username and type the password anew; the broker must have them for ${method}.`,
      `${method}: ${error.slice(0, 200)}`,
    ),
  );
}

function violated(method: string, what: string): ConnectError {
  return new ConnectError(
    lasting(
      'auth.protocol',
      `The broker does not keep to the rules of ${method}.`,
      'Choose another authentication method, or ask who runs the broker.',
      what,
    ),
  );
}
