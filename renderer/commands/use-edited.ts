import { useRef, useState } from 'react';
import { visibleText } from '#app/payload/visible-text.ts';
import { notify } from './notify.tsx';

interface Item {
  readonly id: string;
  readonly name: string;
}

export interface Edited<T extends Item> {
  readonly item: T | undefined;
  /** Shows the form with this, unless another one was changed in it: that stays, and the user is told. */
  open(item: T): void;
  change(item: T): void;
  /** Whatever was changed in it. */
  close(): void;
  /** After it was kept as this: what was typed meanwhile stays. */
  closeKept(item: T): void;
}

/** What the one form of a list edits. */
export function useEdited<T extends Item>(): Edited<T> {
  const [edited, setEdited] = useState<{ readonly origin: T; readonly item: T } | undefined>(undefined);
  const latest = useRef(edited);
  latest.current = edited;
  const set = (next: typeof edited) => {
    latest.current = next;
    setEdited(next);
  };
  return {
    item: edited?.item,
    open(item) {
      const { current } = latest;
      if (current === undefined || JSON.stringify(current.item) === JSON.stringify(current.origin)) {
        set({ origin: item, item });
      } else if (current.item.id !== item.id) {
        notify({
          level: 'warning',
          message: `“${visibleText(current.item.name)}” is still being edited.`,
          hint: 'Save it or cancel first.',
        });
      }
    },
    change: (item) => set({ origin: latest.current?.origin ?? item, item }),
    close: () => set(undefined),
    closeKept(item) {
      if (latest.current?.item === item) {
        set(undefined);
      }
    },
  };
}
