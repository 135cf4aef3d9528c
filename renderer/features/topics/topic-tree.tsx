import { useMergedRef } from '@mantine/hooks';
import {
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import type { TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { formatAge } from '#renderer/ui/age.tsx';
import { useNow } from '#renderer/ui/clock.ts';
import { menuPoint } from '#renderer/ui/point-menu.tsx';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useFrozen } from '#renderer/ui/virtual/use-frozen.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import { type OpenTopicMenu, TopicMenu } from './topic-menu.tsx';
import { TopicRow } from './topic-row.tsx';
import classes from './topics.module.css';
import { expandNode, expandSiblings, findNode, pathOf } from './tree-actions.ts';
import { TreeHeader } from './tree-header.tsx';
import { treeCommand } from './tree-keys.ts';
import {
  isDrawn,
  showWholeTopic,
  type TreeFacts,
  useChoose,
  useFacts,
  useReveal,
  useTopAfter,
} from './tree-parts.ts';
import { nodeOf } from './tree-rows.ts';
import { useTreeCursor } from './use-tree-cursor.ts';
import { type TreeSort, useTreeFeed } from './use-tree-feed.ts';

interface TopicTreeProps {
  readonly sessionId: string;
  readonly sort: TreeSort;
  readonly onSort: (sort: TreeSort) => void;
  readonly filter: string;
  readonly onFacts: (facts: TreeFacts) => void;
  /** Over the rows, when there are none. */
  readonly empty: ReactNode;
  readonly ref: Ref<HTMLDivElement>;
}

const none: readonly TreeRow[] = [];
const ROW_HEIGHT = 24;
const HEADER_HEIGHT = 22;

/** The topic tree: only the rows in view are in the document, the engine has the rest. */
export function TopicTree({ sessionId, sort, onSort, filter, onFacts, empty, ref }: TopicTreeProps) {
  const idPrefix = useId();
  const selection = useSelection(sessionId);
  const now = useNow();
  const [menu, setMenu] = useState<OpenTopicMenu | undefined>(undefined);
  const { frozen, isPointerIn, isFocusIn, handlers } = useFrozen(menu !== undefined);
  const feed = useTreeFeed(sessionId, { sort, filter, frozen });
  const { window } = feed;
  const asOf = window?.asOf;
  const present = asOf?.at ?? now;
  const rows = window?.rows ?? none;
  const scroller = useVirtualScroller(ROW_HEIGHT, HEADER_HEIGHT);
  const pointed = useRef<number | undefined>(undefined);
  const cursorNode = useRef<number | undefined>(undefined);
  const layer = useRef<HTMLDivElement>(null);
  const choose = useChoose(sessionId, window);

  const { rendered, refs } = useVirtualRows<TreeRow, TreeWindow>(scroller, {
    window,
    keyOf: nodeOf,
    anchors: (last) => {
      const { first, end } = scroller.visible;
      const current = indexOfKey(last, cursorNode.current, nodeOf) ?? -1;
      return [
        isPointerIn() ? pointed.current : undefined,
        isFocusIn() && current >= first && current < end ? cursorNode.current : undefined,
        scroller.top > 0 ? rowAt(last, first)?.nodeId : undefined,
      ];
    },
  });
  useEffect(() => feed.follow(rendered));
  useTopAfter(scroller, `${filter}\n${sort.by}${sort.descending}`);

  const rowElement = (nodeId: number) => layer.current?.querySelector(`#${CSS.escape(idPrefix + nodeId)}`);
  const { cursor, press, place, goTo } = useTreeCursor({
    window,
    scroller,
    seek: feed.seek,
    onChoose: choose,
    onExpand: (row, isExpanded, isRecursive) =>
      attempt(() => expandNode(sessionId, row.nodeId, isExpanded, isRecursive)),
    onExpandSiblings: (row) => attempt(() => expandSiblings(sessionId, feed.view, row.nodeId)),
    onFind: (nodeId, wanted) => findNode(sessionId, feed.view, nodeId, wanted),
    onCopy: (row) => attempt(async () => copyTopic(await pathOf(sessionId, rows, row))),
    onMenu: (row) => {
      const at = menuPoint({ clientX: 0, clientY: 0 }, rowElement(row.nodeId) ?? undefined, true);
      setMenu({ at, row, rows });
    },
  });
  cursorNode.current = cursor?.nodeId;
  useReveal(sessionId, goTo);
  useFacts(window, feed.failure, onFacts);

  const rowOfEvent = ({ target }: { target: EventTarget }) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    const index = Number(element?.dataset.index ?? Number.NaN);
    const row = rowAt(window, index);
    return element === null || row === undefined ? undefined : { element, index, row };
  };
  const onClick = (event: MouseEvent) => {
    const hit = rowOfEvent(event);
    if (hit === undefined) {
      return;
    }
    place({ index: hit.index, nodeId: hit.row.nodeId });
    if (event.target instanceof Element && event.target.closest('[data-part="chevron"]') !== null) {
      attempt(() => expandNode(sessionId, hit.row.nodeId, !hit.row.expanded));
    } else {
      choose(hit.row, true);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    const hit = rowOfEvent(event);
    if (hit !== undefined && hit.row.nodeId !== pointed.current) {
      pointed.current = hit.row.nodeId;
      showWholeTopic(sessionId, rows, hit.row, hit.element);
    }
  };

  const tree = useRef<HTMLDivElement>(null);
  const treeRef = useMergedRef(tree, ref);
  const layerRef = useMergedRef(layer, refs.layer);
  const isEmpty = window?.total === 0;
  return (
    <div className={classes.frame}>
      <div ref={refs.view} className={classes.view}>
        <TreeHeader sort={sort} onSort={onSort} frozen={frozen} asOf={asOf?.at} />
        <div
          ref={treeRef}
          role="tree"
          aria-label="Topics"
          aria-busy={(asOf !== undefined && asOf.progress < 1) || undefined}
          aria-activedescendant={
            cursor?.nodeId !== undefined && isDrawn(window, cursor.nodeId, rendered)
              ? idPrefix + cursor.nodeId
              : undefined
          }
          tabIndex={0}
          className={classes.tree}
          onPointerEnter={handlers.onPointerEnter}
          onPointerLeave={handlers.onPointerLeave}
          onFocus={(event) => {
            handlers.onFocus(event);
            if (cursor === undefined) {
              const selected = indexOfKey(window, selection.nodeId, nodeOf);
              const index = selected ?? scroller.visible.first;
              place({ index, nodeId: rowAt(window, index)?.nodeId });
            }
          }}
          onBlur={handlers.onBlur}
          onPointerMove={onPointerMove}
          onClick={onClick}
          onDoubleClick={(event) => {
            const hit = rowOfEvent(event);
            if (hit !== undefined && hit.row.children > 0) {
              attempt(() => expandNode(sessionId, hit.row.nodeId, !hit.row.expanded));
            }
          }}
          onContextMenu={(event) => {
            event.preventDefault();
            const hit = rowOfEvent(event);
            if (hit !== undefined) {
              place({ index: hit.index, nodeId: hit.row.nodeId });
              setMenu({ at: menuPoint(event, hit.element, false), row: hit.row, rows });
            }
          }}
          onKeyDown={(event) => {
            const command = treeCommand(event);
            if (command !== undefined && !event.nativeEvent.isComposing) {
              event.preventDefault();
              press(command, event.timeStamp);
            }
          }}
        >
          <div ref={refs.content} role="presentation" className={virtualList.content}>
            <div ref={layerRef} role="presentation" className={virtualList.layer}>
              {Array.from({ length: rendered.end - rendered.first }, (_, place) => {
                const index = rendered.first + place;
                const row = rowAt(window, index);
                return row === undefined ? (
                  <div key={`unknown-${index}`} className={classes.unknown} />
                ) : (
                  <TopicRow
                    key={row.nodeId}
                    row={row}
                    index={index}
                    id={idPrefix + row.nodeId}
                    age={row.lastAt === 0 ? '' : formatAge(Math.max(0, present - row.lastAt))}
                    isSelected={row.nodeId === selection.nodeId}
                    isCurrent={row.nodeId === cursor?.nodeId}
                  />
                );
              })}
            </div>
          </div>
        </div>
      </div>
      {isEmpty && <div className={classes.empty}>{empty}</div>}
      <TopicMenu
        sessionId={sessionId}
        open={menu}
        onClose={() => {
          setMenu(undefined);
          tree.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
