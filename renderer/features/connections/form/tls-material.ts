import type { SortedDrop } from '#app/contract/operations/certificates.ts';
import type { StagedFile } from '#app/contract/operations/main.ts';
import type { Tls, VaultFile } from '#app/profile/profile.ts';

/** The places that TLS files go to, with their names on screen. */
export const tlsSlots = {
  ca: 'CA certificate',
  certificate: 'Client certificate',
  key: 'Client key',
} as const;
export type TlsSlot = keyof typeof tlsSlots;

/** Where a file belongs by what is in it; `undefined` when nothing usable was found. */
export function slotOf(file: StagedFile): TlsSlot | undefined {
  const first = file.objects.find((object) => object.kind !== 'unknown' && object.problem === undefined);
  if (first === undefined) {
    return file.objects.some((object) => object.kind === 'private-key') ? 'key' : undefined;
  }
  if (first.kind === 'private-key') {
    return 'key';
  }
  return first.isCa === true ? 'ca' : 'certificate';
}

/**
 * The slot a file goes to when it was dropped on `wanted`, or anywhere. A key never stays among certificates, nor the
 * reverse. A leaf serves as CA only if it is self-signed: a verifier needs the certificate that issued it.
 */
export function chooseSlot(file: StagedFile, wanted: TlsSlot | undefined): TlsSlot | undefined {
  const fitting = slotOf(file);
  if (wanted === undefined || fitting === undefined || fitting === 'key' || wanted === 'key') {
    return fitting;
  }
  const [first] = file.objects;
  const isSelfSigned = first?.subject !== undefined && first.subject === first.issuer;
  return fitting === 'ca' || isSelfSigned ? wanted : fitting;
}

export function placeFile(tls: Tls, slot: TlsSlot, file: VaultFile): Tls {
  const entry = { ref: file.ref, fileName: file.fileName };
  return slot === 'ca' ? { ...tls, ca: [...tls.ca, entry] } : { ...tls, [slot]: entry };
}

export function removeFile(tls: Tls, slot: TlsSlot, ref: string): Tls {
  if (slot === 'ca') {
    return { ...tls, ca: tls.ca.filter((file) => file.ref !== ref) };
  }
  const { [slot]: _, ...rest } = tls;
  return rest;
}

/** Puts a file into the place of the one with `ref`; CA certificates keep their order. */
export function replaceFile(tls: Tls, slot: TlsSlot, ref: string, file: VaultFile): Tls {
  const entry = { ref: file.ref, fileName: file.fileName };
  return slot === 'ca' && tls.ca.some((other) => other.ref === ref)
    ? { ...tls, ca: tls.ca.map((other) => (other.ref === ref ? entry : other)) }
    : placeFile(tls, slot, file);
}

/** True for a file that holds a key as well as certificates: they belong into different places. */
export function isMixed({ objects }: StagedFile): boolean {
  return new Set(objects.map(({ kind }) => kind).filter((kind) => kind !== 'unknown')).size > 1;
}

/** The material with what a drop brought: CAs are added, certificate and key replaced. */
export function placeDrop(tls: Tls, { placed }: SortedDrop): Tls {
  let next = tls;
  for (const file of placed.ca) {
    next = placeFile(next, 'ca', file);
  }
  if (placed.certificate !== undefined) {
    next = placeFile(next, 'certificate', placed.certificate);
  }
  return placed.key === undefined ? next : placeFile(next, 'key', placed.key);
}

/** The material without the CAs of a drop that is sorted again, which would stand there twice. */
export function withoutPlaced(tls: Tls, drop: SortedDrop | undefined): Tls {
  const refs = new Set(drop?.placed.ca.map(({ ref }) => ref));
  return refs.size === 0 ? tls : { ...tls, ca: tls.ca.filter(({ ref }) => !refs.has(ref)) };
}
