import { type Profile, secretNameSchema, type VaultFile } from '#app/profile/profile.ts';
import type { SecretKeeper } from '../secret-keeper.ts';
import type { WholeProfile } from './connections-file.ts';
import type { DraftFile, DraftSecrets } from './profile-draft.ts';

/** The profile with what the vault has of it. Secrets are not even read where they stay out. */
export async function readWhole(
  profile: Profile,
  secrets: SecretKeeper,
  withSecrets: boolean,
): Promise<WholeProfile> {
  const lost: string[] = [];
  const file = async (what: string, stored: VaultFile): Promise<readonly DraftFile[]> => {
    const bytes = await secrets.read(stored.ref);
    if (bytes === undefined) {
      lost.push(`${what} “${stored.fileName}”, which is no longer stored`);
    }
    return bytes === undefined ? [] : [{ fileName: stored.fileName, bytes }];
  };
  const text = async (what: string, ref: string): Promise<string | undefined> => {
    const value = withSecrets ? await secrets.readText(ref) : '';
    if (value === undefined) {
      lost.push(`${what}, which is no longer stored`);
    }
    return value;
  };
  const { ca, certificate, key, passphraseRef } = profile.tls;
  const caFiles: DraftFile[] = [];
  for (const one of ca) {
    caFiles.push(...(await file('CA certificate', one)));
  }
  const [certificateFile] = certificate === undefined ? [] : await file('Client certificate', certificate);
  const [keyFile] = key === undefined ? [] : await file('Client key', key);
  const password =
    profile.passwordRef === undefined ? undefined : await text('Password', profile.passwordRef);
  const passphrase =
    passphraseRef === undefined ? undefined : await text('Passphrase of the key', passphraseRef);
  const named: Record<string, string> = {};
  for (const [name, ref] of Object.entries(profile.secretRefs)) {
    const value = ref === undefined ? undefined : await text(name, ref);
    if (value !== undefined) {
      named[secretNameSchema.parse(name)] = value;
    }
  }
  return {
    profile,
    files: {
      ca: caFiles,
      ...(certificateFile === undefined ? {} : { certificate: certificateFile }),
      ...(keyFile === undefined ? {} : { key: keyFile }),
    },
    secrets: {
      named: named as DraftSecrets['named'],
      ...(password === undefined ? {} : { password }),
      ...(passphrase === undefined ? {} : { passphrase }),
    },
    lost,
  };
}
