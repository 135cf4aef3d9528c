import { useCommand } from '#renderer/commands/use-command.ts';
import { setTimelineShown, useLayout } from '#renderer/state/layout.ts';
import { returnToLive, useMoment } from '#renderer/state/timeline.ts';
import { TimelineBar } from './timeline-bar.tsx';

/** What Escape closes before it is taken to mean the timeline. */
const POPUPS = '[role="menu"], [role="listbox"], [role="dialog"]';

function isPopupOpen(): boolean {
  return [...document.querySelectorAll(POPUPS)].some((popup) => popup.checkVisibility());
}

/** The timeline of a session, where it is open: what came when, and the way back to any moment of it. */
export function Timeline({ sessionId }: { readonly sessionId: string }) {
  const isShown = useLayout((state) => state.timeline);
  const moment = useMoment(sessionId);
  // A moment without its bar would be a trap: there would be no way to see that it is one.
  const isOpen = isShown || moment !== undefined;
  const group = 'Timeline';
  useCommand({
    id: 'timeline.toggle',
    label: isOpen ? 'Hide the timeline' : 'Show the timeline',
    group,
    shortcut: 'alt+T',
    keywords: ['past', 'history', 'time', 'travel', 'replay'],
    run: () => {
      setTimelineShown(!isOpen);
      if (isOpen) {
        returnToLive(sessionId);
      }
    },
  });
  useCommand({
    id: 'timeline.live',
    label: 'Return to live',
    group,
    shortcut: 'Escape',
    keywords: ['now', 'newest', 'present'],
    enabled: () => moment !== undefined && !isPopupOpen(),
    run: () => returnToLive(sessionId),
  });
  return isOpen && <TimelineBar sessionId={sessionId} />;
}
