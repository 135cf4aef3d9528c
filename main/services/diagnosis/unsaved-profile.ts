import { type Profile, type SecretName, secretNameSchema } from '#app/profile/profile.ts';
import type { SecretVault } from '../vault.ts';
import type { SecretInput, SecretInputs } from '../vault-batch.ts';

/** A profile that need not be saved, with a vault that also knows what was typed into its form. */
export interface ProfilePreview {
  readonly profile: Profile;
  readonly vault: SecretVault;
}

/**
 * The profile as saving it would make it. Refs of secrets are those of the stored profile, never those of the form;
 * what was typed lies under refs of its own in front of the vault, and nowhere else.
 */
export function previewProfile(
  profile: Profile,
  stored: Profile | undefined,
  inputs: SecretInputs,
  vault: SecretVault,
): ProfilePreview {
  const typed = new Map<string, Uint8Array>();
  const refFor = (name: string, input: SecretInput, storedRef: string | undefined): string | undefined => {
    if (input === undefined) {
      return storedRef;
    }
    if (input === null) {
      return undefined;
    }
    const ref = `typed ${name}`;
    typed.set(ref, new TextEncoder().encode(input));
    return ref;
  };
  const secretRefs: Profile['secretRefs'] = {};
  const named: Readonly<Partial<Record<SecretName, SecretInput>>> = inputs.secrets ?? {};
  for (const key of new Set([...Object.keys(stored?.secretRefs ?? {}), ...Object.keys(named)])) {
    const name = secretNameSchema.parse(key);
    const ref = refFor(name, named[name], stored?.secretRefs[name]);
    if (ref !== undefined) {
      secretRefs[name] = ref;
    }
  }
  const passwordRef = refFor('password', inputs.password, stored?.passwordRef);
  const passphraseRef = refFor('passphrase', inputs.passphrase, stored?.tls.passphraseRef);
  const { passwordRef: _, ...rest } = profile;
  const { passphraseRef: __, ...tls } = profile.tls;
  return {
    profile: {
      ...rest,
      ...(passwordRef === undefined ? {} : { passwordRef }),
      secretRefs,
      tls: { ...tls, ...(passphraseRef === undefined ? {} : { passphraseRef }) },
    },
    vault: {
      info: vault.info,
      get: (ref) => (typed.has(ref) ? Promise.resolve(typed.get(ref)) : vault.get(ref)),
      put: (ref, bytes) => vault.put(ref, bytes),
      delete: (ref) => vault.delete(ref),
      list: () => vault.list(),
    },
  };
}
