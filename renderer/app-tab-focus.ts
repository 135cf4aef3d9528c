import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the focus with the tab that is open: a hidden tab takes it along into nowhere, and the next key would mean
 * nothing. It goes back to where it was in the tab that is shown, else to that tab's own button.
 */
export function useTabFocus(view: RefObject<HTMLElement | null>, activeTab: string): void {
  const shown = useRef(activeTab);
  const places = useRef(new Map<string, HTMLElement>());
  const wasInView = useRef(false);

  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      wasInView.current = target instanceof HTMLElement && view.current?.contains(target) === true;
      if (wasInView.current) {
        places.current.set(shown.current, target as HTMLElement);
      }
    };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [view]);

  useLayoutEffect(() => {
    if (shown.current === activeTab) {
      return;
    }
    shown.current = activeTab;
    const active = document.activeElement;
    if (active !== null && active !== document.body && active.checkVisibility()) {
      return;
    }
    const place = wasInView.current ? places.current.get(activeTab) : undefined;
    const target =
      place?.isConnected === true && place.checkVisibility()
        ? place
        : document.querySelector<HTMLElement>('nav [data-tab][aria-current]');
    target?.focus({ preventScroll: true });
  }, [activeTab]);
}
