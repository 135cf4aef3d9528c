import { useState } from 'react';
import { planWindow, type RowRange, type WindowPlan } from './row-window.ts';

/** What a list of the engine is asked for: it follows what is drawn. */
export function useWindowPlan(maxCount: number): {
  readonly plan: WindowPlan;
  /** To be called with what is drawn, after drawing. */
  readonly follow: (rendered: RowRange, total: number) => void;
} {
  const [plan, setPlan] = useState<WindowPlan>({ offset: 0, count: Math.min(64, maxCount) });
  return {
    plan,
    follow: (rendered, total) => setPlan((last) => planWindow(last, rendered, total, maxCount)),
  };
}
