import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newVaultRef, type SecretVault } from './vault.ts';

interface OpenedVault {
  readonly vault: SecretVault;
  /** The same store, opened anew; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<SecretVault>;
  readonly dispose?: () => Promise<void>;
}

/** What every vault has to keep to. */
export function describeVault(name: string, open: () => Promise<OpenedVault>): void {
  describe(`${name}, as every vault`, () => {
    let opened: OpenedVault;
    let vault: SecretVault;
    beforeEach(async () => {
      opened = await open();
      vault = opened.vault;
    });
    afterEach(() => opened.dispose?.());

    it('gives back the bytes that were put, whatever they are', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
          const ref = newVaultRef('file');
          await vault.put(ref, bytes);
          expect(Buffer.from((await vault.get(ref)) ?? []).equals(Buffer.from(bytes))).toBe(true);
          await vault.delete(ref);
        }),
        { numRuns: 20 },
      );
    });

    it('keeps what it was given, not what becomes of the array', async () => {
      const bytes = new Uint8Array([1, 2, 3]);
      await vault.put('secret-a', bytes);
      bytes.fill(9);
      expect(await vault.get('secret-a')).toEqual(new Uint8Array([1, 2, 3]));
    });

    it('replaces, deletes and lists', async () => {
      await vault.put('secret-a', new Uint8Array([1]));
      await vault.put('secret-a', new Uint8Array([2]));
      await vault.put('file-b', new Uint8Array([3]));
      expect(await vault.get('secret-a')).toEqual(new Uint8Array([2]));
      expect([...(await vault.list())].sort()).toEqual(['file-b', 'secret-a']);
      await vault.delete('secret-a');
      await vault.delete('secret-a');
      expect(await vault.get('secret-a')).toBeUndefined();
      expect(await vault.list()).toEqual(['file-b']);
    });

    it('takes no ref that could name another file', async () => {
      for (const ref of ['', '../x', 'a/b', 'A', '.a', 'a.b', `a${'b'.repeat(64)}`]) {
        await expect((async () => vault.put(ref, new Uint8Array()))()).rejects.toMatchObject({
          failure: { code: 'vault.ref' },
        });
      }
    });

    it('takes writes at the same time', async () => {
      const refs = Array.from({ length: 20 }, () => newVaultRef('secret'));
      await Promise.all(refs.map((ref, index) => vault.put(ref, new Uint8Array([index]))));
      expect(await Promise.all(refs.map((ref) => vault.get(ref)))).toEqual(
        refs.map((_, index) => new Uint8Array([index])),
      );
    });

    it('says how it keeps secrets', () => {
      expect(vault.info.kind).not.toBe('');
    });

    it('finds everything again when it is opened anew', async () => {
      if (opened.reopen === undefined) {
        expect(vault.info.weak).toContain('forgotten');
        return;
      }
      await vault.put('secret-a', new Uint8Array([1, 2]));
      const again = await opened.reopen();
      expect(await again.get('secret-a')).toEqual(new Uint8Array([1, 2]));
    });
  });
}
