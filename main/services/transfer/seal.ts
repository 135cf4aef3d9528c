import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod';
import { fail } from '#app/contract/failure.ts';

/** What scrypt (RFC 7914) is given; OWASP's password storage recommendation is N = 2^17, r = 8, p = 1 (128 MiB). */
const current = { N: 2 ** 17, r: 8, p: 1 } as const;
/** Bytes of memory (128 N r) and of work (128 N r p) that a file may ask for: it comes from anywhere. */
const MAX_MEMORY = 2 ** 28;
const MAX_WORK = 2 ** 29;
const CHECK_TEXT = 'topicscope sealed export: passphrase check';

const base64 = (bytes: number) =>
  z.string().refine((text) => Buffer.from(text, 'base64').length === bytes, `Not ${bytes} bytes`);

/** The members of a sealed file beside `format` and `formatVersion`; all binary ones in Base64. */
export const sealedSchema = z.object({
  kdf: z.object({
    name: z.literal('scrypt'),
    N: z
      .int()
      .min(2 ** 14)
      .max(2 ** 22)
      .refine((value) => Number.isInteger(Math.log2(value)), 'Not a power of two'),
    r: z.int().min(1).max(32),
    p: z.int().min(1).max(16),
    salt: base64(32),
  }),
  /** HMAC-SHA-256 under the second half of the derived key: tells a wrong passphrase from a changed file. */
  check: base64(32),
  cipher: z.literal('AES-256-GCM'),
  iv: base64(12),
  tag: base64(16),
  data: z.string(),
});
export type Sealed = z.infer<typeof sealedSchema>;

/** Encrypts and authenticates bytes under a passphrase. Everything but the data is authenticated along. */
export async function seal(plain: Uint8Array, passphrase: string): Promise<Sealed> {
  const kdf = { name: 'scrypt' as const, ...current, salt: randomBytes(32).toString('base64') };
  const { key, check } = await derive(passphrase, kdf);
  const iv = randomBytes(12);
  const head = { kdf, check, cipher: 'AES-256-GCM' as const, iv: iv.toString('base64') };
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  cipher.setAAD(additionalData(head));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { ...head, tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

/** Opens what {@link seal} made. Throws `transfer.passphrase`, `transfer.tampered` and `transfer.costly` failures. */
export async function unseal(sealed: Sealed, passphrase: string): Promise<Uint8Array> {
  const { key, check } = await derive(passphrase, sealed.kdf);
  if (!timingSafeEqual(Buffer.from(check, 'base64'), Buffer.from(sealed.check, 'base64'))) {
    throw fail(
      'transfer.passphrase',
      'The passphrase does not open this file.',
      'Check capitals and the keyboard layout. If it is surely the right one, the file was changed or damaged.',
    );
  }
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
    authTagLength: 16,
  });
  decipher.setAAD(additionalData(sealed));
  decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
  } catch {
    // The one thing that `final` throws for is a tag that does not fit.
    throw fail(
      'transfer.tampered',
      'The file was changed or damaged after it was sealed.',
      'Nothing of it can be trusted: get it again, or export it anew.',
    );
  }
}

/** A fixed order of members: what is authenticated does not depend on how the file was written. */
function additionalData({ kdf, check, cipher, iv }: Omit<Sealed, 'tag' | 'data'>): Buffer {
  return Buffer.from(
    JSON.stringify(['topicscope-connections', 1, kdf.name, kdf.N, kdf.r, kdf.p, kdf.salt, check, cipher, iv]),
  );
}

async function derive(
  passphrase: string,
  { N, r, p, salt }: Sealed['kdf'],
): Promise<{ readonly key: Buffer; readonly check: string }> {
  const memory = 128 * N * r;
  if (memory > MAX_MEMORY || memory * p > MAX_WORK) {
    throw fail(
      'transfer.costly',
      'Opening this file would take more memory or time than any export of Topicscope asks for.',
      'Get the file again from where it was made.',
    );
  }
  const derived = await scryptAsync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), {
    N,
    r,
    p,
    maxmem: memory + 128 * r * p + 2 ** 20,
  });
  const check = createHmac('sha256', derived.subarray(32)).update(CHECK_TEXT).digest('base64');
  return { key: derived.subarray(0, 32), check };
}

function scryptAsync(passphrase: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 64, options, (error, derived) => {
      if (error === null) {
        resolve(derived);
      } else {
        reject(error);
      }
    });
  });
}
