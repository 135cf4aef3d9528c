import { type Profile, type SecretName, secretNameSchema, type VaultFile } from '#app/profile/profile.ts';
import { isVaultRefOf, newVaultRef, type SecretVault } from './vault.ts';

/** A secret as a form sends it: `undefined` keeps what is stored, `null` removes it, a string replaces it. */
export type SecretInput = string | null | undefined;

/** The secrets of a form, by what they are for. */
export interface SecretInputs {
  readonly password: SecretInput;
  readonly passphrase: SecretInput;
  readonly secrets?: Readonly<Partial<Record<SecretName, SecretInput>>> | undefined;
}

/** A profile from elsewhere with all that is to lie in the vault for it. References that it has itself don't count. */
export interface ForeignProfile {
  readonly profile: Profile;
  readonly files: {
    readonly ca: readonly ForeignFile[];
    readonly certificate?: ForeignFile;
    readonly key?: ForeignFile;
  };
  readonly secrets: {
    readonly password?: string;
    readonly passphrase?: string;
    readonly named: Readonly<Partial<Record<SecretName, string>>>;
  };
}

interface ForeignFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** What one change puts into the vault, each value under a ref of its own, so that all of it can be taken out again. */
export class VaultBatch {
  readonly #vault: SecretVault;
  readonly #added: string[] = [];

  constructor(vault: SecretVault) {
    this.#vault = vault;
  }

  /** Takes out what was put in, but for what is needed. Never rejects: what stays is tidied up later. */
  async undo(needed: readonly string[] = []): Promise<void> {
    const unused = this.#added.filter((ref) => !needed.includes(ref));
    await Promise.all(unused.map((ref) => this.#vault.delete(ref).catch(() => undefined)));
  }

  /** Files and secrets of a profile from elsewhere; answers with the profile and its fresh refs. */
  async storeForeign({ profile, files, secrets }: ForeignProfile): Promise<Profile> {
    const file = async ({ fileName, bytes }: ForeignFile): Promise<VaultFile> => ({
      ref: await this.#put('file', bytes),
      fileName,
    });
    const { passwordRef: _, ...rest } = profile;
    const { certificate: __, key: ___, passphraseRef: ____, ...tls } = profile.tls;
    const ca: VaultFile[] = [];
    for (const one of files.ca) {
      ca.push(await file(one));
    }
    const passwordRef = await this.store(secrets.password, undefined);
    const passphraseRef = await this.store(secrets.passphrase, undefined);
    return {
      ...rest,
      ...(passwordRef === undefined ? {} : { passwordRef }),
      secretRefs: await this.storeNamed(secrets.named, {}),
      tls: {
        ...tls,
        ca,
        ...(files.certificate === undefined ? {} : { certificate: await file(files.certificate) }),
        ...(files.key === undefined ? {} : { key: await file(files.key) }),
        ...(passphraseRef === undefined ? {} : { passphraseRef }),
      },
    };
  }

  /** The profile with copies of everything that it refers to. */
  async copyOf(profile: Profile): Promise<Profile> {
    const copy = async (ref: string): Promise<string | undefined> => {
      const bytes = await this.#vault.get(ref);
      if (bytes === undefined) {
        return undefined;
      }
      return this.#put(isVaultRefOf('file', ref) ? 'file' : 'secret', bytes);
    };
    const copyFile = async (file: VaultFile): Promise<VaultFile> => ({
      ...file,
      ref: (await copy(file.ref)) ?? file.ref,
    });
    const { passwordRef, ...rest } = profile;
    const secretRefs: Profile['secretRefs'] = {};
    for (const [name, ref] of Object.entries(profile.secretRefs)) {
      const target = ref === undefined ? undefined : await copy(ref);
      if (target !== undefined) {
        secretRefs[secretNameSchema.parse(name)] = target;
      }
    }
    const { ca, certificate, key, passphraseRef, ...tls } = profile.tls;
    const password = passwordRef === undefined ? undefined : await copy(passwordRef);
    const passphrase = passphraseRef === undefined ? undefined : await copy(passphraseRef);
    return {
      ...rest,
      ...(password === undefined ? {} : { passwordRef: password }),
      secretRefs,
      tls: {
        ...tls,
        ca: await Promise.all(ca.map(copyFile)),
        ...(certificate === undefined ? {} : { certificate: await copyFile(certificate) }),
        ...(key === undefined ? {} : { key: await copyFile(key) }),
        ...(passphrase === undefined ? {} : { passphraseRef: passphrase }),
      },
    };
  }

  /** Secrets by name, those that are not named as they are stored. */
  async storeNamed(
    inputs: Readonly<Partial<Record<SecretName, SecretInput>>>,
    stored: Profile['secretRefs'],
  ): Promise<Profile['secretRefs']> {
    const refs: Profile['secretRefs'] = {};
    for (const key of new Set([...Object.keys(stored), ...Object.keys(inputs)])) {
      const name = secretNameSchema.parse(key);
      const ref = await this.store(inputs[name], stored[name]);
      if (ref !== undefined) {
        refs[name] = ref;
      }
    }
    return refs;
  }

  /** The ref under which a secret lies from now on; `undefined`: there is none. */
  async store(input: SecretInput, storedRef: string | undefined): Promise<string | undefined> {
    if (input === undefined) {
      return storedRef;
    }
    if (input === null) {
      return undefined;
    }
    return this.#put('secret', encoder.encode(input));
  }

  async #put(kind: 'file' | 'secret', bytes: Uint8Array): Promise<string> {
    const ref = newVaultRef(kind);
    this.#added.push(ref);
    await this.#vault.put(ref, bytes);
    return ref;
  }
}

/** Vault refs of all that a profile refers to. */
export function refsOf(profile: Profile): readonly string[] {
  return [
    ...filesOf(profile).map(({ ref }) => ref),
    ...(profile.passwordRef === undefined ? [] : [profile.passwordRef]),
    ...Object.values(profile.secretRefs).filter((ref) => ref !== undefined),
    ...(profile.tls.passphraseRef === undefined ? [] : [profile.tls.passphraseRef]),
  ];
}

/** The certificate files of a profile. */
export function filesOf({ tls }: Profile): readonly VaultFile[] {
  return [...tls.ca, ...[tls.certificate, tls.key].flatMap((file) => (file === undefined ? [] : [file]))];
}
