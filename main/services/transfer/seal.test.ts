import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Sealed, seal, sealedSchema, unseal } from './seal.ts';

// Sealing costs seconds on a busy machine: it is meant to.
vi.setConfig({ testTimeout: 90_000 });

const plain = new TextEncoder().encode('{"profiles":[]}');
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { failure?: { code: string } }) => error.failure?.code ?? String(error),
  );

/** The same file, with one bit of one member turned. */
function turned(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'base64');
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
  return bytes.toString('base64');
}

describe('a sealed export', () => {
  it('opens with its passphrase, however its accents are composed', async () => {
    const sealed = await seal(plain, 'pässword');
    expect(sealedSchema.safeParse(sealed).success).toBe(true);
    expect(sealed.kdf).toMatchObject({ name: 'scrypt', N: 131_072, r: 8, p: 1 });
    expect(Buffer.from(await unseal(sealed, 'pa\u0308ssword'))).toEqual(Buffer.from(plain));
    expect(JSON.stringify(sealed)).not.toContain(Buffer.from(plain).toString('base64'));
  });

  it('never looks the same twice', async () => {
    const [a, b] = await Promise.all([seal(plain, 'password'), seal(plain, 'password')]);
    expect(a.kdf.salt).not.toBe(b.kdf.salt);
    expect(a.iv).not.toBe(b.iv);
    expect(a.data).not.toBe(b.data);
  });

  it('tells a wrong passphrase from a changed file', async () => {
    const sealed = await seal(plain, 'password');
    expect(await codeOf(unseal(sealed, 'Password'))).toBe('transfer.passphrase');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('iv', 'tag', 'data' as const), fc.nat(1000), async (name, bit) => {
        const changed: Sealed = { ...sealed, [name]: turned(String(sealed[name as 'iv']), bit) };
        expect(await codeOf(unseal(changed, 'password'))).toBe('transfer.tampered');
      }),
      { numRuns: 4 },
    );
    const cut = { ...sealed, data: sealed.data.slice(0, -4) };
    expect(await codeOf(unseal(cut, 'password'))).toBe('transfer.tampered');
    const salted = { ...sealed, kdf: { ...sealed.kdf, salt: turned(sealed.kdf.salt, 3) } };
    expect(await codeOf(unseal(salted, 'password'))).toBe('transfer.passphrase');
  });

  it('does not let a file ask for any amount of memory or time', async () => {
    const sealed = await seal(plain, 'password');
    for (const change of [{ N: 2 ** 21 }, { N: 2 ** 20, r: 4, p: 1 }, { p: 16 }, { r: 32 }]) {
      const kdf = { ...sealed.kdf, ...change };
      expect(await codeOf(unseal({ ...sealed, kdf }, 'password'))).toBe('transfer.costly');
    }
    for (const change of [
      { N: 1000 },
      { N: 2 ** 10 },
      { N: 2 ** 40 },
      { N: 0 },
      { r: 0 },
      { p: 1e9 },
      { salt: 'AA==' },
    ]) {
      const kdf = { ...sealed.kdf, ...change };
      expect(sealedSchema.safeParse({ ...sealed, kdf }).success).toBe(false);
    }
  });
});
