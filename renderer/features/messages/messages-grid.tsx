// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a table
import { useMergedRef } from '@mantine/hooks';
import {
  type CSSProperties,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { MessageRow, MessagesWindow } from '#app/contract/feeds/session.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyTopic } from '#renderer/commands/topic-actions.ts';
import { selectMessage, useSelection } from '#renderer/state/workspace.ts';
import { menuPoint } from '#renderer/ui/point-menu.tsx';
import { type RowRange, rowAt } from '#renderer/ui/virtual/row-window.ts';
import { useVirtualRows, useVirtualScroller } from '#renderer/ui/virtual/use-virtual-rows.ts';
import virtualList from '#renderer/ui/virtual/virtual-list.module.css';
import { type ColumnLayout, columnIds, columnTemplate, minTotalWidth, shownColumns } from './columns.ts';
import { gridCommand } from './grid-keys.ts';
import { wholeTopic } from './message-actions.ts';
import { MessageMenu, type OpenMessageMenu } from './message-menu.tsx';
import { cellTitle, StreamRowView } from './message-row.tsx';
import classes from './messages.module.css';
import { RowKeys } from './row-keys.ts';
import { evictionShift, type StreamRow, sequenceOf, stableRow } from './stream-plan.ts';
import type { Stream } from './use-stream.ts';
import { useStreamCursor } from './use-stream-cursor.ts';

interface MessagesGridProps {
  readonly sessionId: string;
  readonly stream: Stream;
  readonly layout: ColumnLayout;
  readonly header: ReactNode;
  /** Over the rows, when there are none. */
  readonly empty: ReactNode;
  /** Floats over the last rows. */
  readonly overlay: ReactNode;
  readonly onShowOnly: (topic: string) => void;
  readonly ref: Ref<HTMLDivElement>;
}

const ROW_HEIGHT = 22;
const HEADER_HEIGHT = 22;
/** Milliseconds that a row must be under the keyboard before the inspector follows: a held key passes by. */
const CHOOSE_DELAY = 60;

/** The message stream: only the rows in view are in the document, the engine has the rest. */
export function MessagesGrid(props: MessagesGridProps) {
  const { sessionId, stream, layout, header, empty, overlay, onShowOnly, ref } = props;
  const { window, isFollowing, follow, hold } = stream;
  const idPrefix = useId();
  const selection = useSelection(sessionId);
  const [menu, setMenu] = useState<OpenMessageMenu | undefined>(undefined);
  const scroller = useVirtualScroller(ROW_HEIGHT, HEADER_HEIGHT);
  const grid = useRef<HTMLDivElement>(null);

  const { rendered, refs } = useVirtualRows<StreamRow, MessagesWindow>(scroller, {
    window,
    keyOf: sequenceOf,
    pinned: isFollowing,
    anchors: (last) => {
      const { first, end } = scroller.visible;
      return Array.from({ length: end - first }, (_, place) => rowAt(last, first + place)?.sequence);
    },
    lostShift: evictionShift,
  });
  useEffect(() => stream.cover(rendered));
  useEffect(() => {
    const scrolling = scroller.onDidUserScroll(({ isAtEnd }) => (isAtEnd ? follow() : hold()));
    return () => scrolling.dispose();
  });

  const choose = useChoose(sessionId);
  const {
    cursor,
    move,
    place,
    row: currentRow,
  } = useStreamCursor({
    window,
    scroller,
    isFollowing,
    follow,
    hold,
    onChoose: choose,
  });
  const columns = useMemo(() => shownColumns({ hidden: layout.hidden, widths: {} }), [layout.hidden]);
  const keyOf = useRowKeys(window, rendered);
  const gridRef = useMergedRef(grid, refs.view, ref);

  const rowOfEvent = ({ target }: { target: EventTarget }) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    const index = Number(element?.dataset.index ?? Number.NaN);
    const row = rowAt(window, index);
    return element === null || row === undefined ? undefined : { element, index, row };
  };
  const showTitle = (event: PointerEvent) => {
    const cell = cellOf(event);
    const hit = rowOfEvent(event);
    if (cell !== null && hit !== undefined) {
      cell.title = cellTitle(columnIds[Number(cell.ariaColIndex) - 1], hit.row);
    }
  };
  /** On the press, not the release: in a busy stream another row may have come under the pointer by then. */
  const onMouseDown = (event: MouseEvent) => {
    const hit = rowOfEvent(event);
    if (hit === undefined) {
      return;
    }
    hold();
    if (event.button === 0) {
      place(hit.index);
      if (hit.row.kind === 'message') {
        choose(hit.row, true);
      }
    }
  };
  const openMenu = (
    row: MessageRow | undefined,
    event: { clientX: number; clientY: number },
    byKey: boolean,
  ) => {
    if (row !== undefined) {
      hold();
      const element = grid.current?.querySelector('[data-current]') ?? undefined;
      setMenu({ at: menuPoint(event, element, byKey), row });
    }
  };
  const run = (command: NonNullable<ReturnType<typeof gridCommand>>) => {
    const row = currentRow();
    switch (command.kind) {
      case 'move':
        move(command.to);
        break;
      case 'open':
        if (row !== undefined) {
          choose(row, true);
        }
        break;
      case 'copy':
        if (row !== undefined) {
          attempt(async () => copyTopic(await wholeTopic(sessionId, row)));
        }
        break;
      case 'menu':
        openMenu(row, { clientX: 0, clientY: 0 }, true);
        break;
    }
  };

  const style: CSSProperties & Record<`--${string}`, string> = {
    '--columns': columnTemplate(layout),
    '--min-width': `${minTotalWidth(layout) + 16}px`,
  };
  const isCursorDrawn =
    window !== undefined &&
    cursor?.sequence !== undefined &&
    cursor.stable - window.evictedRows >= rendered.first &&
    cursor.stable - window.evictedRows < rendered.end;
  return (
    <div className={classes.frame}>
      <div
        ref={gridRef}
        role="grid"
        aria-label="Messages"
        aria-rowcount={(window?.total ?? 0) + 1}
        aria-colcount={columnIds.length}
        aria-activedescendant={isCursorDrawn ? idPrefix + cursor.sequence : undefined}
        tabIndex={0}
        className={classes.view}
        style={style}
        onWheel={(event) => {
          if (event.deltaY < 0 && scroller.top > 0) {
            hold();
          }
        }}
        onMouseDown={onMouseDown}
        onPointerOver={showTitle}
        // The cell will serve another message.
        onPointerOut={(event) => cellOf(event)?.removeAttribute('title')}
        onContextMenu={(event) => {
          event.preventDefault();
          const hit = rowOfEvent(event);
          if (hit?.row.kind === 'message') {
            place(hit.index);
            openMenu(hit.row, event, false);
          }
        }}
        onKeyDown={(event) => {
          const command = event.target === event.currentTarget ? gridCommand(event) : undefined;
          if (command !== undefined) {
            event.preventDefault();
            run(command);
          }
        }}
      >
        {header}
        <div ref={refs.content} role="rowgroup" className={virtualList.content}>
          <div ref={refs.layer} role="presentation" className={virtualList.layer}>
            {window !== undefined &&
              Array.from({ length: rendered.end - rendered.first }, (_, step) => {
                const index = rendered.first + step;
                const row = rowAt(window, index);
                const key = keyOf(index);
                return row === undefined ? (
                  <div key={key} role="presentation" className={classes.unknown} />
                ) : (
                  <StreamRowView
                    key={key}
                    row={row}
                    index={index}
                    id={idPrefix + row.sequence}
                    columns={columns}
                    isSelected={row.sequence === selection.message}
                    isCurrent={row.sequence === cursor?.sequence}
                  />
                );
              })}
          </div>
        </div>
      </div>
      {window?.total === 0 && <div className={classes.empty}>{empty}</div>}
      {overlay}
      <MessageMenu
        sessionId={sessionId}
        open={menu}
        onShowOnly={onShowOnly}
        onClose={() => {
          setMenu(undefined);
          grid.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}

function cellOf({ target }: { readonly target: EventTarget }): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[role="gridcell"]') : null;
}

/** Keys for the rows that are drawn, so that elements of rows that left serve the rows that came. */
function useRowKeys(window: MessagesWindow | undefined, rendered: RowRange): (index: number) => number {
  const [keys] = useState(() => new RowKeys());
  const first = window === undefined ? 0 : stableRow(window, rendered.first);
  return keys.take(first, rendered.end - rendered.first, rendered.first);
}

/** Chooses a message for the inspector: at once when it was meant, else when the keyboard rests on it. */
function useChoose(sessionId: string): (row: MessageRow, isMeant: boolean) => void {
  const serial = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (row, isMeant) => {
    clearTimeout(timer.current);
    serial.current += 1;
    const mine = serial.current;
    const choose = () => {
      const topic = wholeTopic(sessionId, row);
      if (typeof topic === 'string') {
        selectMessage(sessionId, topic, row.topicId, row.sequence);
        return;
      }
      attempt(async () => {
        const whole = await topic;
        // A message chosen in the meantime wins.
        if (serial.current === mine) {
          selectMessage(sessionId, whole, row.topicId, row.sequence);
        }
      });
    };
    if (isMeant) {
      choose();
    } else {
      timer.current = setTimeout(choose, CHOOSE_DELAY);
    }
  };
}
