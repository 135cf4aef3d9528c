import { useEffect } from 'react';
import type { Notice } from '#app/contract/feeds/main.ts';
import { notify } from './commands/notify.tsx';
import { useEngineData } from './state/engine-data.ts';
import { useLayoutTrouble } from './state/keep-layout.ts';

/** What this window has shown, so that a reconnect doesn't tell it again. */
const shown = new Set<string>();
/** Milliseconds: what happened before is old news to a window that was just opened. */
const OLD = 15 * 60 * 1000;

/** Shows what the engine has to tell in the corner of the window. Renders nothing itself. */
export function EngineNotices() {
  const notices = useEngineData((state) => state.notices);
  useEffect(() => {
    for (const notice of notices) {
      if (!shown.has(notice.id)) {
        shown.add(notice.id);
        show(notice);
      }
    }
  }, [notices]);

  const layoutTrouble = useLayoutTrouble((state) => state.failure);
  useEffect(() => {
    if (layoutTrouble !== undefined) {
      const { message, hint, detail } = layoutTrouble;
      const text = `The layout of the window is not kept: ${message}`;
      notify({ id: 'layout', level: 'warning', message: text, hint, detail });
    }
  }, [layoutTrouble]);
  return undefined;
}

function show({ id, level, message, hint, detail, at }: Notice): void {
  if (Date.now() - at < OLD) {
    notify({ id, level, message, hint, detail });
  }
}
