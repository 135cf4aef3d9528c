import { TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { parseOffset } from '#renderer/ui/hex-geometry.ts';
import classes from './hex-grid.module.css';

interface HexBarProps {
  readonly size: number;
  readonly canCopy: boolean;
  /** The data inspector is open. */
  readonly isInspecting: boolean;
  readonly onInspect: () => void;
  readonly onGo: (offset: number) => void;
  readonly onCopy: (as: 'hex' | 'ascii') => void;
  /** What the selected bytes are as numbers, whole on hover. */
  readonly meaning: string;
  /** What is selected. */
  readonly children: ReactNode;
}

/** The line below the grid: what is selected, copying it, going to an offset. */
export function HexBar(props: HexBarProps) {
  const { size, canCopy, isInspecting, onInspect, meaning, onGo, onCopy, children } = props;
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const go = (event: FormEvent) => {
    event.preventDefault();
    const offset = parseOffset(typed, size);
    setWrong(offset === undefined);
    if (offset !== undefined) {
      onGo(offset);
    }
  };
  return (
    <div className={classes.bar}>
      <span className={classes.facts} title={meaning === '' ? undefined : meaning}>
        {children}
        {meaning !== '' && <> · {meaning}</>}
      </span>
      <button type="button" className={classes.action} aria-pressed={isInspecting} onClick={onInspect}>
        Data inspector
      </button>
      {canCopy && (
        <>
          <button type="button" className={classes.action} onClick={() => onCopy('hex')}>
            Copy hex
          </button>
          <button type="button" className={classes.action} onClick={() => onCopy('ascii')}>
            Copy ASCII
          </button>
        </>
      )}
      <form onSubmit={go}>
        <TextInput
          aria-label="Go to offset"
          placeholder="Offset, 0x…"
          value={typed}
          error={isWrong ? true : undefined}
          title={isWrong ? `No such offset: decimal or 0x hex, below ${size}` : undefined}
          classNames={{ input: classes.go ?? '' }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
      </form>
    </div>
  );
}
