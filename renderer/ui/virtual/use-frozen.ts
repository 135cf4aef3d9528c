import { type FocusEventHandler, type PointerEventHandler, useEffect, useRef, useState } from 'react';

/** Milliseconds that the order stays after pointer and focus have left: crossing a gap must not shuffle the rows. */
const RELEASE_DELAY = 300;

interface Frozen {
  readonly frozen: boolean;
  /** The pointer is over the rows. */
  readonly isPointerIn: () => boolean;
  readonly isFocusIn: () => boolean;
  readonly handlers: {
    readonly onPointerEnter: PointerEventHandler;
    readonly onPointerLeave: PointerEventHandler;
    readonly onFocus: FocusEventHandler;
    readonly onBlur: FocusEventHandler;
  };
}

/** True as long as the pointer or the focus is inside, or `isHeld`: then rows must keep their order. */
export function useFrozen(isHeld: boolean): Frozen {
  const pointer = useRef(false);
  const focus = useRef(false);
  const [isInside, setInside] = useState(false);
  const [frozen, setFrozen] = useState(false);
  const wanted = isInside || isHeld;
  useEffect(() => {
    if (wanted) {
      setFrozen(true);
      return undefined;
    }
    const timer = setTimeout(() => setFrozen(false), RELEASE_DELAY);
    return () => clearTimeout(timer);
  }, [wanted]);
  const update = () => setInside(pointer.current || focus.current);
  return {
    frozen,
    isPointerIn: () => pointer.current,
    isFocusIn: () => focus.current,
    handlers: {
      onPointerEnter: () => {
        pointer.current = true;
        update();
      },
      onPointerLeave: () => {
        pointer.current = false;
        update();
      },
      onFocus: () => {
        focus.current = true;
        update();
      },
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) {
          focus.current = false;
          update();
        }
      },
    },
  };
}
