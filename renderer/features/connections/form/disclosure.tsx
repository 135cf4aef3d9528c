import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import styles from './more.module.css';

interface DisclosureProps {
  readonly label: string;
  /** What is set in there, while it is closed: `2 headers`. */
  readonly summary?: string | undefined;
  /** Open from the start, and whenever it becomes true: something in there needs to be seen. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Rarely used fields behind a line that says what is set there. */
export function Disclosure({ label, summary, isOpen, children }: DisclosureProps) {
  const [open, setOpen] = useState(isOpen);
  useEffect(() => {
    if (isOpen) {
      setOpen(true);
    }
  }, [isOpen]);
  return (
    <details
      className={styles.disclosure}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span>{label}</span>
        {summary !== undefined && <span className={styles.summary}>{summary}</span>}
      </summary>
      {open && <div className={styles.inside}>{children}</div>}
    </details>
  );
}
