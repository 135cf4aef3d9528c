import { fail } from '#app/contract/failure.ts';
import type { certificateOperations, SortedObject } from '#app/contract/operations/certificates.ts';
import type { StagedFile } from '#app/contract/operations/main.ts';
import type { OperationHandlers } from '#app/contract/server.ts';
import { parseCertificateFile } from '../certificates.ts';
import type { ProfileStore } from '../profile-store.ts';
import type { SecretKeeper } from '../secret-keeper.ts';
import { staged } from '../tls-material.ts';
import type { DroppedFile } from './archive.ts';
import { isServer } from './doctor.ts';
import { type Found, identify } from './identify.ts';
import { sort } from './sort.ts';

interface Parts {
  readonly profiles: ProfileStore;
  readonly secrets: SecretKeeper;
}

type Handlers = OperationHandlers<typeof certificateOperations>;

/** What the operations of `operations/certificates.ts` do. */
export function certificateDropHandlers({ profiles, secrets }: Parts): Handlers {
  const stage = async (fileName: string, objects: readonly Found[]): Promise<StagedFile> => {
    const bytes = new TextEncoder().encode(objects.map(({ pem }) => pem ?? '').join(''));
    return staged({ ref: await secrets.stage(bytes), fileName }, await parseCertificateFile(bytes));
  };
  return {
    async 'certificates.sort'({ profileId, host, files, passphrases, present }) {
      const stored = profileId === undefined ? undefined : profiles.get(profileId)?.tls.passphraseRef;
      const known = await secrets.readText(stored);
      const tried = known === undefined ? passphrases : [...passphrases, known];
      const dropped = await identify(files, tried);
      const before = await identify(await loadPresent(secrets, present), tried);
      const fresh = new Set(dropped.found);
      const isFresh = (one: Found): boolean => fresh.has(one);
      // What is there already counts only where the drop brings nothing for its place.
      const sorted = sort(join(dropped.found, before.found), host);
      const { ca, chain, key, servers } = sorted;
      const newCa = filesOfCa(ca.filter(isFresh));
      const isChainNew = chain.some(isFresh);
      const objects: SortedObject[] = dropped.found.map((one) => {
        const place = ca.includes(one)
          ? ('ca' as const)
          : chain.includes(one)
            ? ('certificate' as const)
            : key === one
              ? ('key' as const)
              : undefined;
        const advice = servers.get(one);
        return {
          ...one.info,
          ...(place === undefined ? {} : { place }),
          ...(advice === undefined ? {} : { advice }),
        };
      });
      const leaf = chain[0];
      return {
        objects,
        needsPassphrase: dropped.locked,
        placed: {
          ca: await Promise.all([...newCa].map(([fileName, group]) => stage(fileName, group))),
          ...(leaf === undefined || !isChainNew
            ? {}
            : { certificate: await stage(leaf.info.fileName, chain) }),
          ...(key === undefined || !isFresh(key) ? {} : { key: await stage(key.info.fileName, [key]) }),
        },
      };
    },
    async 'certificates.export'({ files }) {
      const certificates: string[] = [];
      for (const { ref, fileName } of files) {
        const bytes = await secrets.read(ref);
        if (bytes === undefined) {
          throw fail(
            'vault.missing',
            `“${fileName}” is no longer stored.`,
            'Drop the file onto the form again.',
          );
        }
        for (const { info, pem } of await parseCertificateFile(bytes)) {
          if (info.kind === 'certificate' && pem !== undefined) {
            certificates.push(pem.endsWith('\n') ? pem : `${pem}\n`);
          }
        }
      }
      if (certificates.length === 0) {
        throw fail(
          'certificates.none',
          'There is no certificate in these files.',
          'Keys are never exported.',
        );
      }
      const base = (files[0]?.fileName ?? 'certificates').replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
      return { fileName: `${base || 'certificates'}.pem`, pem: certificates.join('') };
    },
  };
}

/** Each file stays by itself, so that it can be replaced or removed; a folder full of CAs becomes one. */
const MAX_CA_FILES = 10;

function filesOfCa(ca: readonly Found[]): ReadonlyMap<string, readonly Found[]> {
  const files = Map.groupBy(ca, ({ info }) => info.fileName);
  if (files.size <= MAX_CA_FILES) {
    return files;
  }
  const folders = new Set([...files.keys()].map((name) => /^(.*?)(?:\.zip)?\//i.exec(name)?.[1]));
  const [folder] = folders.size === 1 ? folders : [];
  return new Map([[`${folder || 'ca-certificates'}.pem`, ca]]);
}

async function loadPresent(
  secrets: SecretKeeper,
  present:
    | {
        certificate?: { ref: string; fileName: string } | undefined;
        key?: { ref: string; fileName: string } | undefined;
        ca: readonly { ref: string; fileName: string }[];
      }
    | undefined,
): Promise<readonly DroppedFile[]> {
  const files = [present?.certificate, present?.key, ...(present?.ca ?? [])];
  const loaded: DroppedFile[] = [];
  for (const file of files) {
    const bytes = file === undefined ? undefined : await secrets.read(file.ref);
    if (file !== undefined && bytes !== undefined) {
      loaded.push({ fileName: file.fileName, bytes });
    }
  }
  return loaded;
}

/** A new client certificate or key takes the place of the one before, and CA certificates stay. */
function join(fresh: readonly Found[], before: readonly Found[]): readonly Found[] {
  const known = new Set(fresh.map(({ pem }) => pem));
  const keyIds = new Set(
    [...fresh, ...before]
      .filter(({ info }) => info.kind === 'private-key')
      .map(({ info }) => info.publicKeyId),
  );
  // The certificate of a broker that is dropped does not push the client's own one out.
  const hasLeaf = fresh.some(
    (one) => one.info.kind === 'leaf' && (!isServer(one) || keyIds.has(one.info.publicKeyId)),
  );
  const hasKey = fresh.some(({ info, pem }) => info.kind === 'private-key' && pem !== undefined);
  return [
    ...fresh,
    ...before.filter(
      ({ info, pem }) =>
        pem !== undefined &&
        !known.has(pem) &&
        !(info.kind === 'leaf' && hasLeaf) &&
        !(info.kind === 'private-key' && hasKey),
    ),
  ];
}
