import { useRef, useState } from 'react';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { SortedDrop } from '#app/contract/operations/certificates.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { type DroppedFile, readDropped } from './dropped-files.ts';
import type { TabProps } from './fields.tsx';
import { placeDrop, withoutPlaced } from './tls-material.ts';
import { expectedName } from './tls-material-report.ts';

interface Drop {
  readonly files: Awaited<ReturnType<typeof readDropped>>;
  /** Those that were tried, the newest first. */
  readonly passphrases: readonly string[];
  readonly sorted: SortedDrop;
}

/** What was dropped last, and what can be done with it. */
export interface CertificateDropState {
  readonly drop: Drop | undefined;
  readonly failure: Failure | undefined;
  readonly isBusy: boolean;
  /** Has the engine sort the files, and fills the places of the form. */
  take(files: readonly DroppedFile[] | Promise<readonly DroppedFile[]>): void;
  /** Sorts the same files again, with one passphrase more. */
  open(passphrase: string): void;
  close(): void;
}

/** The engine keeps ten passphrases of a drop at most. */
const MAX_PASSPHRASES = 10;

/** Takes any files at once; the engine says what they are, and each goes to its place in the draft. */
export function useCertificateDrop({ draft, profile, change, waitFor }: TabProps): CertificateDropState {
  const [drop, setDrop] = useState<Drop | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  // Only the newest drop may change the form.
  const turn = useRef(0);

  const sort = async (load: () => Promise<Omit<Drop, 'sorted'>>, before?: SortedDrop) => {
    turn.current += 1;
    const mine = turn.current;
    setBusy(true);
    try {
      const asked = await load();
      if (mine !== turn.current || asked.files.length === 0) {
        return;
      }
      const { ca, certificate, key } = withoutPlaced(profile.tls, before);
      const sorted = await engineClient().main('certificates.sort', {
        profileId: draft.isNew ? undefined : profile.id,
        host: expectedName(profile),
        files: [...asked.files],
        passphrases: [...asked.passphrases],
        present: { ca, certificate, key },
      });
      if (mine === turn.current) {
        change(({ tls }) => ({ tls: placeDrop(withoutPlaced(tls, before), sorted) }));
        setDrop({ ...asked, sorted });
        setFailure(undefined);
      }
    } catch (error) {
      if (mine === turn.current) {
        setFailure(toFailure(error));
      }
    } finally {
      if (mine === turn.current) {
        setBusy(false);
      }
    }
  };
  return {
    drop,
    failure,
    isBusy,
    take: (files) => waitFor(sort(async () => ({ files: await readDropped(await files), passphrases: [] }))),
    open: (passphrase) => {
      if (drop !== undefined) {
        const passphrases = [passphrase, ...drop.passphrases].slice(0, MAX_PASSPHRASES);
        waitFor(sort(async () => ({ files: drop.files, passphrases }), drop.sorted));
      }
    },
    close: () => {
      turn.current += 1;
      setDrop(undefined);
      setFailure(undefined);
      setBusy(false);
    },
  };
}
