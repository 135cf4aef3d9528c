import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saslPrep } from './sasl-prep.ts';
import { ScramExchange } from './scram.ts';
import { ConnectError } from './verdict.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof ConnectError ? error.verdict.failure.code : String(error);
  }
}

async function codeOfAnswer(serverFirst: string): Promise<string | undefined> {
  const exchange = new ScramExchange(
    { method: 'SCRAM-SHA-256', username: 'user', password: 'pencil' },
    'abc',
  );
  exchange.first();
  return exchange.answer(bytes(serverFirst)).then(
    () => undefined,
    (error: unknown) => (error instanceof ConnectError ? error.verdict.failure.code : String(error)),
  );
}

describe('published vectors', () => {
  it.each([
    {
      source: 'RFC 5802 section 5',
      method: 'SCRAM-SHA-1',
      nonce: 'fyko+d2lbbFgONRv9qkxdawL',
      serverFirst: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      clientFinal: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      serverFinal: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    },
    {
      source: 'RFC 7677 section 3',
      method: 'SCRAM-SHA-256',
      nonce: 'rOprNGfwEbeRWgbNEkqO',
      serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      clientFinal:
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    },
  ] as const)('$source', async ({ method, nonce, serverFirst, clientFinal, serverFinal }) => {
    const exchange = new ScramExchange({ method, username: 'user', password: 'pencil' }, nonce);
    expect(exchange.first().toString()).toBe(`n,,n=user,r=${nonce}`);
    expect((await exchange.answer(bytes(serverFirst))).toString()).toBe(clientFinal);
    expect(codeOf(() => exchange.verify(bytes(serverFinal)))).toBeUndefined();
  });

  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
  ])('RFC 4013 section 3: %j becomes %j', (given, expected) => {
    expect(saslPrep(given, 'password')).toBe(expected);
  });

  it('RFC 4013 section 3: a control character is refused', () => {
    expect(codeOf(() => saslPrep('\u0007', 'password'))).toBe('auth.characters');
  });
});

describe('a server of its own', () => {
  const digests = { 'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;

  /** The server's side, as it knows a user: stored key and server key (RFC 5802 section 3). */
  async function meet(method: keyof typeof digests, client: string, server: string, username = 'user') {
    const digest = digests[method];
    const hmac = (key: Uint8Array, text: string) => createHmac(digest, key).update(text).digest();
    const exchange = new ScramExchange({ method, username, password: client });
    const firstBare = exchange.first().toString().slice('n,,'.length);
    const salt = Buffer.from('salt of this test');
    const serverFirst = `${/r=[^,]*/.exec(firstBare)?.[0]}xyz,s=${salt.toString('base64')},i=4096`;
    const final = (await exchange.answer(bytes(serverFirst))).toString();
    const [withoutProof = '', proof = ''] = final.split(',p=');
    const salted = pbkdf2Sync(
      server.normalize('NFKC'),
      salt,
      4096,
      createHash(digest).digest().length,
      digest,
    );
    const storedKey = createHash(digest).update(hmac(salted, 'Client Key')).digest();
    const message = `${firstBare},${serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, message);
    const clientKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
    return {
      firstBare,
      isKnown: createHash(digest).update(clientKey).digest().equals(storedKey),
      isProven:
        codeOf(() =>
          exchange.verify(bytes(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`)),
        ) === undefined,
    };
  }

  it.each(Object.keys(digests) as (keyof typeof digests)[])(
    '%s: right and wrong passwords',
    async (method) => {
      expect(await meet(method, 'pencil', 'pencil')).toMatchObject({ isKnown: true, isProven: true });
      expect(await meet(method, 'pencil', 'pen')).toMatchObject({ isKnown: false, isProven: false });
    },
  );

  it('escapes the user name', async () => {
    const { firstBare } = await meet('SCRAM-SHA-512', 'p', 'p', 'a=b,c');
    expect(firstBare).toMatch(/^n=a=3Db=2Cc,r=/);
  });
});

describe('a server that breaks the rules', () => {
  it.each([
    ['another nonce', 'r=xyz123,s=c2FsdA==,i=4096', 'auth.protocol'],
    ['our nonce alone', 'r=abc,s=c2FsdA==,i=4096', 'auth.protocol'],
    ['no salt', 'r=abcdef,i=4096', 'auth.protocol'],
    ['a broken salt', 'r=abcdef,s=***,i=4096', 'auth.protocol'],
    ['no iterations', 'r=abcdef,s=c2FsdA==', 'auth.protocol'],
    ['a mandatory extension', 'm=x,r=abcdef,s=c2FsdA==,i=4096', 'auth.protocol'],
    ['too few iterations', 'r=abcdef,s=c2FsdA==,i=1', 'auth.iterations'],
    ['far too many iterations', 'r=abcdef,s=c2FsdA==,i=4000000000', 'auth.iterations'],
    ['an error', 'e=unknown-user', 'auth.refused'],
  ])('%s', async (_, serverFirst, code) => {
    expect(await codeOfAnswer(serverFirst)).toBe(code);
  });

  it('a last message that is missing, wrong, or an error', async () => {
    const exchange = new ScramExchange({ method: 'SCRAM-SHA-1', username: 'u', password: 'p' }, 'abc');
    expect(codeOf(() => exchange.verify(bytes('v=')))).toBe('auth.server-signature');
    await exchange.answer(bytes('r=abcdef,s=c2FsdA==,i=4096'));
    expect(codeOf(() => exchange.verify(undefined))).toBe('auth.server-signature');
    expect(codeOf(() => exchange.verify(bytes('v=AAAA')))).toBe('auth.server-signature');
    expect(codeOf(() => exchange.verify(bytes('e=invalid-proof')))).toBe('auth.refused');
  });

  it('any bytes: an answer or a failure that is explained', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (garbage) => {
        const code = await codeOfAnswer(new TextDecoder().decode(garbage));
        expect(code).toMatch(/^auth\./);
      }),
    );
  });

  it('no user name', () => {
    expect(codeOf(() => new ScramExchange({ method: 'SCRAM-SHA-1', username: '', password: 'p' }))).toBe(
      'auth.username',
    );
  });
});
