import { Activity, type ReactNode, useEffect, useMemo } from 'react';
import { Panel, usePanelRef } from 'react-resizable-panels';
import { type FoldablePane, setCollapsed, togglePane, useIsCollapsed, useLayout } from './state/layout.ts';
import { type PaneFold, PaneFoldContext } from './ui/pane.tsx';
import { PaneBoundary } from './ui/pane-boundary.tsx';

interface AppPanelProps {
  /** Group in which its size is kept. */
  readonly group: string;
  readonly name: FoldablePane | 'messages' | 'centre';
  /** Keeps the ids of the panels of several sessions apart. */
  readonly sessionId: string;
  /** Percent of the group. */
  readonly defaultSize: number;
  /** Pixels. */
  readonly minSize: number;
  /** Pixels that are left when it is folded; 0: it goes away. Without it the panel can't be folded. */
  readonly foldedSize?: number;
  readonly children: ReactNode;
}

/** A resizable panel whose size and fold are kept in the layout. What breaks in it stays in it. */
export function AppPanel({
  group,
  name,
  sessionId,
  defaultSize,
  minSize,
  foldedSize,
  children,
}: AppPanelProps) {
  return foldedSize === undefined || name === 'messages' || name === 'centre' ? (
    <Panel
      id={panelId(sessionId, name)}
      minSize={minSize}
      defaultSize={`${storedSize(group, name) ?? defaultSize}%`}
    >
      <PaneBoundary name={name}>{children}</PaneBoundary>
    </Panel>
  ) : (
    <FoldablePanel
      group={group}
      name={name}
      sessionId={sessionId}
      defaultSize={defaultSize}
      minSize={minSize}
      foldedSize={foldedSize}
    >
      {children}
    </FoldablePanel>
  );
}

interface FoldablePanelProps extends AppPanelProps {
  readonly name: FoldablePane;
  readonly foldedSize: number;
}

function FoldablePanel({
  group,
  name,
  sessionId,
  defaultSize,
  minSize,
  foldedSize,
  children,
}: FoldablePanelProps) {
  const panel = usePanelRef();
  const isFolded = useIsCollapsed(name);

  // The store is the truth: commands and buttons change it, the panel follows.
  useEffect(() => {
    const handle = panel.current;
    if (handle === null || handle.isCollapsed() === isFolded) {
      return;
    }
    if (isFolded) {
      handle.collapse();
    } else {
      handle.resize(`${storedSize(group, name) ?? defaultSize}%`);
    }
  }, [panel, isFolded, group, name, defaultSize]);

  // A panel that goes away whole needs no button in its header.
  const fold = useMemo<PaneFold | undefined>(
    () => (foldedSize === 0 ? undefined : { isFolded, toggle: () => togglePane(name) }),
    [foldedSize, isFolded, name],
  );

  return (
    <Panel
      id={panelId(sessionId, name)}
      panelRef={panel}
      collapsible
      collapsedSize={foldedSize}
      minSize={minSize}
      defaultSize={isFolded ? foldedSize : `${storedSize(group, name) ?? defaultSize}%`}
      onResize={(_size, _id, before) => {
        // The first call only says what the panel began with.
        if (before !== undefined && panel.current !== null) {
          setCollapsed(name, panel.current.isCollapsed());
        }
      }}
    >
      {/* Out of sight it keeps what was typed there, but its feeds are closed. */}
      <Activity mode={foldedSize === 0 && isFolded ? 'hidden' : 'visible'}>
        <PaneFoldContext value={fold}>
          <PaneBoundary name={name}>{children}</PaneBoundary>
        </PaneFoldContext>
      </Activity>
    </Panel>
  );
}

/** Id of a panel in the page. */
function panelId(sessionId: string, name: string): string {
  return `${sessionId}-${name}`;
}

function storedSize(group: string, name: string): number | undefined {
  return useLayout.getState().sizes[group]?.[name];
}
