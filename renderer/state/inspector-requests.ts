import { create } from 'zustand';
import { onDidForgetSession } from './workspace.ts';

/** The tabs of the inspector. */
export const inspectorTabs = ['Value', 'History', 'Diff', 'Fields', 'Chart', 'Properties'] as const;
/** What of a message is shown. */
export type InspectorTab = (typeof inspectorTabs)[number];

/** The message that others are compared with. */
export interface CompareBase {
  readonly sequence: number;
  readonly topic: string;
  readonly receivedAt: number;
}

interface InspectorRequests {
  readonly tabs: Readonly<Record<string, InspectorTab>>;
  readonly bases: Readonly<Record<string, CompareBase>>;
}

/** Per session: the tab that the inspector shows, and what its differences are against. */
const useRequests = create<InspectorRequests>(() => ({ tabs: {}, bases: {} }));

onDidForgetSession((sessionId) => {
  useRequests.setState(({ tabs, bases }) => {
    const { [sessionId]: _tab, ...otherTabs } = tabs;
    const { [sessionId]: _base, ...otherBases } = bases;
    return { tabs: otherTabs, bases: otherBases };
  });
});

export function useInspectorTab(sessionId: string): InspectorTab {
  return useRequests((state) => state.tabs[sessionId] ?? 'Value');
}

export function showInspectorTab(sessionId: string, tab: InspectorTab): void {
  useRequests.setState(({ tabs }) => ({ tabs: { ...tabs, [sessionId]: tab } }));
}

/** The message that whatever is chosen is compared with; `undefined`: each with the one before it. */
export function useCompareBase(sessionId: string): CompareBase | undefined {
  return useRequests((state) => state.bases[sessionId]);
}

/** Compares from now on with this message, of whatever topic; `undefined`: again with the one before. */
export function setCompareBase(sessionId: string, base: CompareBase | undefined): void {
  useRequests.setState(({ bases }) => {
    const { [sessionId]: _last, ...others } = bases;
    return { bases: base === undefined ? others : { ...others, [sessionId]: base } };
  });
}
