import { CircleCheck, CircleMinus, KeyRound, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import type { SortedDrop, SortedKind, SortedObject } from '#app/contract/operations/certificates.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import css from './certificate-drop.module.css';
import { tlsSlots } from './tls-material.ts';
import { TlsAdvice } from './tls-material-advice.tsx';
import { expiryText } from './tls-slot-facts.tsx';

const kindNames: Readonly<Record<SortedKind, string>> = {
  root: 'Root CA',
  intermediate: 'Intermediate CA',
  leaf: 'Certificate',
  'private-key': 'Private key',
  'public-key': 'Public key',
  'certificate-request': 'Certificate request',
  keystore: 'Key store',
  unknown: 'Not recognised',
};

type Outcome = 'placed' | 'locked' | 'trouble' | 'unused';
const icons: Readonly<Record<Outcome, LucideIcon>> = {
  placed: CircleCheck,
  locked: KeyRound,
  trouble: TriangleAlert,
  unused: CircleMinus,
};

/** What lies behind one line of the list: an object, or all of which the same is to be said. */
interface Line {
  readonly object: SortedObject;
  readonly fileNames: readonly string[];
}

/** CA certificates that get a line each; more are counted. */
const MAX_CA_LINES = 10;
/** Names that a line lists. */
const MAX_NAMES = 4;

/** What was found in the files of a drop, each with its place or with the reason why it has none. */
export function CertificateDropList({ sorted, onClose }: { readonly sorted: SortedDrop; onClose(): void }) {
  const { objects, needsPassphrase } = sorted;
  const placed = objects.filter(({ place }) => place !== undefined).length;
  const open = objects.length - placed;
  return (
    <div className={css.result}>
      <header className={css.head}>
        <h3>Found in the files</h3>
        <span role="status" className={css.count}>
          {placed} placed{open > 0 && `, ${open} not`}
        </span>
        <IconButton compact icon={X} label="Close the list" onClick={onClose} />
      </header>
      <ul aria-label="Found in the files" className={css.list}>
        {linesOf(objects).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is never reordered, and objects may be alike.
          <Row key={index} line={line} isLocked={needsPassphrase.includes(line.object.fileName)} />
        ))}
      </ul>
    </div>
  );
}

function Row({ line: { object, fileNames }, isLocked }: { readonly line: Line; readonly isLocked: boolean }) {
  const { place, problem, advice = [] } = object;
  const outcome = outcomeOf(object, isLocked);
  const Icon = icons[outcome];
  const isMany = fileNames.length > 1;
  const more = fileNames.length - MAX_NAMES;
  const names = fileNames.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const expiry = isMany || object.validTo === undefined ? undefined : expiryText(object.validTo, Date.now());
  const name = isMany
    ? `${fileNames.length} ${object.kind === 'root' ? 'certificates' : 'files'}`
    : (object.subject ?? object.keyType);
  return (
    <li className={css.row} data-outcome={outcome}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={css.icon} />
      <div className={css.what}>
        <b>{kindNames[object.kind]}</b>
        {name !== undefined && <span>{visibleText(name)}</span>}
      </div>
      <div className={css.where}>
        {place !== undefined ? tlsSlots[place] : outcome === 'locked' ? 'Locked' : 'Not used'}
      </div>
      <div className={css.from}>
        <span className={css.fileName}>{visibleText(names)}</span>
        {expiry !== undefined && <span data-over={expiry.isOver || undefined}>{expiry.text}</span>}
      </div>
      {problem !== undefined && <p className={css.problem}>{visibleText(problem)}</p>}
      {advice.length > 0 && (
        <div className={css.problem}>
          <TlsAdvice isPlain advice={advice} />
        </div>
      )}
    </li>
  );
}

function outcomeOf({ place, kind, problem, encrypted, advice }: SortedObject, isLocked: boolean): Outcome {
  if (place !== undefined) {
    return 'placed';
  }
  if (isLocked && encrypted === true && problem === undefined) {
    return 'locked';
  }
  const isFine = kind === 'public-key' || advice?.every(({ severity }) => severity === 'info') === true;
  return isFine || (problem === undefined && advice === undefined) ? 'unused' : 'trouble';
}

/** A folder may hold dozens of files of no use, or of CAs: the same is said of them once. */
function linesOf(objects: readonly SortedObject[]): readonly Line[] {
  const lines = new Map<unknown, Line>();
  const isCa = ({ place, kind }: SortedObject) => place === 'ca' && kind === 'root';
  const hasManyCas = objects.filter(isCa).length > MAX_CA_LINES;
  for (const object of objects) {
    const key = object.kind === 'unknown' ? object.problem : hasManyCas && isCa(object) ? 'ca' : object;
    const line = lines.get(key);
    lines.set(key, {
      object: line?.object ?? object,
      fileNames: [...(line?.fileNames ?? []), object.fileName],
    });
  }
  return [...lines.values()];
}
