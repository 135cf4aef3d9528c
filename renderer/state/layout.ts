import { z } from 'zod';
import { create } from 'zustand';
import { keepLayout } from './keep-layout.ts';

/** The columns and rows of a session's view that can be folded away. */
export type FoldablePane = 'topics' | 'inspector' | 'side' | 'publish' | 'subscriptions' | 'will';

/** Sizes in percent by panel id, for one group of panels. */
export type PanelSizes = Readonly<Record<string, number>>;

const layoutSchema = z.object({
  sizes: z.record(z.string(), z.record(z.string(), z.number().min(0).max(100))).default({}),
  collapsed: z.record(z.string(), z.boolean()).default({}),
  timeline: z.boolean().default(false),
});

/** How the window is divided. All sessions share it, and it is kept in the engine's settings. */
interface LayoutState {
  readonly sizes: Readonly<Record<string, PanelSizes>>;
  readonly collapsed: Readonly<Record<string, boolean>>;
  /** The timeline is open. */
  readonly timeline: boolean;
  /** Set by the first settings that came, so that panels start with their own sizes. */
  readonly isLoaded: boolean;
}

export const useLayout = create<LayoutState>(() => ({
  sizes: {},
  collapsed: {},
  timeline: false,
  isLoaded: false,
}));

/** Milliseconds without a change before the layout is written. */
const SAVE_DELAY = 400;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes over what was kept, once: later changes of another window don't move this one's panes. */
export function loadLayout(stored: Readonly<Record<string, unknown>>): void {
  if (useLayout.getState().isLoaded) {
    return;
  }
  const parsed = layoutSchema.safeParse(stored.panes ?? {});
  useLayout.setState((state) => ({
    isLoaded: true,
    ...(parsed.success
      ? {
          sizes: parsed.data.sizes,
          collapsed: { ...state.collapsed, ...parsed.data.collapsed },
          timeline: state.timeline || parsed.data.timeline,
        }
      : {}),
  }));
}

/** Keeps the sizes of one group of panels. */
export function keepSizes(group: string, sizes: PanelSizes): void {
  useLayout.setState((state) => ({ sizes: { ...state.sizes, [group]: sizes } }));
  saveSoon();
}

export function setCollapsed(pane: FoldablePane, isCollapsed: boolean): void {
  if ((useLayout.getState().collapsed[pane] ?? false) !== isCollapsed) {
    useLayout.setState((state) => ({ collapsed: { ...state.collapsed, [pane]: isCollapsed } }));
    saveSoon();
  }
}

export function togglePane(pane: FoldablePane): void {
  setCollapsed(pane, !(useLayout.getState().collapsed[pane] ?? false));
}

export function useIsCollapsed(pane: FoldablePane): boolean {
  return useLayout((state) => state.collapsed[pane] ?? false);
}

export function setTimelineShown(isShown: boolean): void {
  useLayout.setState({ timeline: isShown });
  saveSoon();
}

/** All sizes and folds as they come with a first start. */
export function resetLayout(): void {
  useLayout.setState({ sizes: {}, collapsed: {}, timeline: false });
  saveSoon();
}

function saveSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const { sizes, collapsed, timeline } = useLayout.getState();
    void keepLayout({ panes: { sizes, collapsed, timeline } });
  }, SAVE_DELAY);
}
