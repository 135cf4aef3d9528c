import { useLayoutEffect, useRef, useState } from 'react';
import { CursorMachine, type CursorOptions, type TreeCursor } from './cursor-machine.ts';
import type { TreeCommand } from './tree-keys.ts';

interface Cursor {
  readonly cursor: TreeCursor | undefined;
  /** Runs a command, or keeps it until the tree has answered the one before. */
  readonly press: (command: TreeCommand, at: number) => void;
  readonly place: (cursor: TreeCursor) => void;
  /** Goes to a node that may not be among the known rows. */
  readonly goTo: (nodeId: number) => void;
}

/**
 * The keyboard in a tree of which only a window is known. Keys take their effect in order: what is pressed while a
 * node opens waits until its children are there, so that typing fast goes where typing slowly goes.
 */
export function useTreeCursor(options: CursorOptions): Cursor {
  const latest = useRef(options);
  latest.current = options;
  const [machine] = useState(() => new CursorMachine(latest));
  const [cursor, setCursor] = useState<TreeCursor | undefined>(undefined);
  machine.onMoved = setCursor;
  const { window } = options;

  useLayoutEffect(() => {
    machine.onWindow(window);
  }, [machine, window]);

  return { cursor, press: machine.press, place: machine.place, goTo: machine.goTo };
}
