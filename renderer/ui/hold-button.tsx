import { Button, type ButtonProps } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './hold-button.module.css';

interface HoldButtonProps extends Pick<ButtonProps, 'leftSection' | 'size' | 'color' | 'className'> {
  readonly children: ReactNode;
  readonly title?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-keyshortcuts'?: string;
  readonly 'aria-describedby'?: string;
  /** Milliseconds. */
  readonly holdFor: number;
  /** The button went down; may be followed by `onHeld`. */
  readonly onBegin: () => void;
  /** It was held long enough; once for each time that it went down. */
  readonly onHeld: () => void;
}

/** A button that acts when it was held, by pointer, Enter or Space. A bar fills while it is; letting go early does nothing. */
export function HoldButton({ children, holdFor, onBegin, onHeld, className, ...rest }: HoldButtonProps) {
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(onHeld);
  latest.current = onHeld;

  const end = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHeld(false);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      setHeld(false);
    },
    [],
  );
  const begin = () => {
    clearTimeout(timer.current);
    setHeld(true);
    onBegin();
    timer.current = setTimeout(() => {
      end();
      latest.current();
    }, holdFor);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') {
      return;
    }
    event.preventDefault();
    // Ctrl+Enter is for whoever listens around the button.
    if (event.type === 'keyup') {
      end();
    } else if (!event.repeat && !event.ctrlKey && !event.metaKey) {
      begin();
    }
  };
  return (
    <Button
      {...rest}
      className={className === undefined ? classes.hold : `${classes.hold} ${className}`}
      data-held={isHeld || undefined}
      style={{ '--hold': `${holdFor}ms` }}
      onPointerDown={(event) => {
        if (event.button === 0) {
          begin();
        }
      }}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onBlur={end}
      onKeyDown={onKey}
      onKeyUp={onKey}
    >
      {children}
    </Button>
  );
}
