import { create } from 'zustand';
import { onDidForgetSession } from './workspace.ts';

/** The tabs of the lower centre pane, in their order. Which of them there are says `app-views.tsx`. */
export const viewNames = [
  'Messages',
  'Search',
  'Retained',
  'Broker',
  'Requests',
  'Silence',
  'Packets',
  'Sparkplug',
  'Library',
  'Automation',
  'Load',
  'Replies',
  'Scripts',
  'Rules',
] as const;
export type ViewName = (typeof viewNames)[number];

/** Per session: the tab that the lower centre pane shows. */
const useViews = create<{ readonly shown: Readonly<Record<string, ViewName>> }>(() => ({ shown: {} }));

onDidForgetSession((sessionId) => {
  useViews.setState(({ shown }) => {
    const { [sessionId]: _gone, ...others } = shown;
    return { shown: others };
  });
});

export function useView(sessionId: string): ViewName {
  return useViews((state) => state.shown[sessionId] ?? 'Messages');
}

/** Brings a tab of the lower centre pane to the front. */
export function showView(sessionId: string, view: ViewName): void {
  useViews.setState(({ shown }) => ({ shown: { ...shown, [sessionId]: view } }));
}
