import type { TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { indexOfKey, rowAt } from '#renderer/ui/virtual/row-window.ts';
import type { VirtualScroller } from '#renderer/ui/virtual/virtual-scroller.ts';
import type { TreeCommand } from './tree-keys.ts';
import { nodeOf, typedName } from './tree-rows.ts';
import { findTyped, TypeAhead, type Wanted, wantedBy } from './type-ahead.ts';

/** Where the keyboard is. The node counts; the row number is where it was last seen, or is expected. */
export interface TreeCursor {
  readonly index: number;
  readonly nodeId: number | undefined;
}

/** What the cursor works on and tells. */
export interface CursorOptions {
  readonly window: TreeWindow | undefined;
  readonly scroller: Pick<VirtualScroller, 'reveal' | 'rowsPerPage'>;
  readonly seek: (nodeId: number) => void;
  /** The cursor came to a row: by a key that moves (`false`), or because the row itself was meant (`true`). */
  readonly onChoose: (row: TreeRow, isMeant: boolean) => void;
  readonly onExpand: (row: TreeRow, isExpanded: boolean, isRecursive: boolean) => void;
  /** Opens all siblings of a row, and itself. */
  readonly onExpandSiblings: (row: TreeRow) => void;
  /** The first row that is wanted from a node on, in the whole tree and around its end; `undefined`: there is none. */
  readonly onFind: (nodeId: number, wanted: Wanted) => Promise<number | undefined>;
  readonly onCopy: (row: TreeRow) => void;
  readonly onMenu: (row: TreeRow) => void;
}

/** Milliseconds that keys wait at most for the tree to open or close a node, or to find one. */
const ANSWER_TIME = 500;
const MAX_WAITING_KEYS = 32;

/** What keys wait for: that a node is open or closed, or where a search leads. */
type TreeAnswer = { readonly nodeId: number; readonly expanded: boolean } | 'search';

/** The state behind `useTreeCursor`: where the keyboard is, which keys wait for the tree's answer. */
export class CursorMachine {
  readonly #options: { readonly current: CursorOptions };
  readonly #typeAhead = new TypeAhead();
  #cursor: TreeCursor | undefined;
  /** The row under the cursor was not known when it came there: it is chosen once it is. */
  #isChoosing = false;
  #keys: { readonly command: TreeCommand; readonly at: number }[] = [];
  #awaited: TreeAnswer | undefined;
  #searching: object | undefined;
  #awaitTimer: ReturnType<typeof setTimeout> | undefined;
  onMoved: (cursor: TreeCursor | undefined) => void = () => {};

  constructor(options: { readonly current: CursorOptions }) {
    this.#options = options;
  }

  readonly place = (cursor: TreeCursor): void => {
    this.#isChoosing = false;
    this.#set(cursor);
  };

  readonly goTo = (nodeId: number): void => {
    const { window, scroller, seek } = this.#options.current;
    const index = indexOfKey(window, nodeId, nodeOf);
    this.#set({ index: index ?? -1, nodeId });
    this.#isChoosing = true;
    if (index === undefined) {
      seek(nodeId);
    } else {
      scroller.reveal(index);
      this.#chooseKnown();
    }
  };

  /** `at`: when the key went down (milliseconds of `performance.now()`), however late it is dealt with. */
  readonly press = (command: TreeCommand, at: number = performance.now()): void => {
    if (this.#keys.length < MAX_WAITING_KEYS) {
      this.#keys.push({ command, at });
    }
    this.#runWaiting();
  };

  /** A new window came: find the cursor's row in it, and let waiting keys go on. */
  onWindow(window: TreeWindow | undefined): void {
    const { scroller } = this.#options.current;
    const cursor = this.#cursor;
    if (window !== undefined && cursor !== undefined) {
      const index = indexOfKey(window, cursor.nodeId, nodeOf);
      if (cursor.nodeId === undefined) {
        const row = rowAt(window, cursor.index);
        if (row !== undefined) {
          this.#set({ index: cursor.index, nodeId: row.nodeId });
        }
      } else if (index !== undefined && index !== cursor.index) {
        this.#set({ index, nodeId: cursor.nodeId });
        if (cursor.index < 0) {
          scroller.reveal(index, 'center');
        }
      }
      this.#chooseKnown();
    }
    const awaited = this.#awaited;
    if (awaited !== undefined && awaited !== 'search') {
      const row = this.#rowOf(awaited.nodeId);
      if (row === undefined || row.expanded === awaited.expanded) {
        this.#stopWaiting();
      }
    }
    this.#runWaiting();
  }

  #set(cursor: TreeCursor): void {
    this.#cursor = cursor;
    this.onMoved(cursor);
  }

  #chooseKnown(): void {
    const row = this.#isChoosing ? this.#rowOf(this.#cursor?.nodeId) : undefined;
    if (row !== undefined) {
      this.#isChoosing = false;
      this.#options.current.onChoose(row, false);
    }
  }

  #rowOf(nodeId: number | undefined): TreeRow | undefined {
    return nodeId === undefined
      ? undefined
      : this.#options.current.window?.rows.find((row) => row.nodeId === nodeId);
  }

  #runWaiting(): void {
    while (this.#awaited === undefined) {
      const key = this.#keys.shift();
      if (key === undefined) {
        return;
      }
      this.#run(key.command, key.at);
    }
  }

  #await(awaited: TreeAnswer): void {
    this.#awaited = awaited;
    clearTimeout(this.#awaitTimer);
    this.#awaitTimer = setTimeout(() => {
      this.#stopWaiting();
      this.#runWaiting();
    }, ANSWER_TIME);
  }

  #stopWaiting(): void {
    clearTimeout(this.#awaitTimer);
    this.#awaited = undefined;
  }

  #run(command: TreeCommand, at: number): void {
    const { window, onChoose, onExpand, onExpandSiblings, onCopy, onMenu } = this.#options.current;
    if (window === undefined || window.total === 0) {
      return;
    }
    if (command.kind === 'move') {
      this.#move(command.to);
      return;
    }
    const row = this.#rowOf(this.#cursor?.nodeId);
    if (command.kind === 'type') {
      this.#type(command.character, at, window, row);
      return;
    }
    if (row === undefined) {
      return;
    }
    switch (command.kind) {
      case 'right':
        if (row.children > 0 && row.expanded) {
          this.#moveTo((this.#cursor?.index ?? 0) + 1);
        } else if (row.children > 0) {
          this.#expand(row, true);
        }
        break;
      case 'left':
        if (row.children > 0 && row.expanded) {
          this.#expand(row, false);
        } else if (row.parentId !== 0) {
          this.goTo(row.parentId);
        }
        break;
      case 'select':
        onChoose(row, true);
        break;
      case 'expand-siblings':
        if (row.children > 0 && !row.expanded) {
          this.#await({ nodeId: row.nodeId, expanded: true });
        }
        onExpandSiblings(row);
        break;
      case 'below':
        onExpand(row, command.expanded, true);
        break;
      case 'copy':
        onCopy(row);
        break;
      case 'menu':
        onMenu(row);
        break;
    }
  }

  #expand(row: TreeRow, expanded: boolean): void {
    this.#await({ nodeId: row.nodeId, expanded });
    this.#options.current.onExpand(row, expanded, false);
  }

  #type(character: string, now: number, window: TreeWindow, row: TreeRow | undefined): void {
    if (character === ' ' && !this.#typeAhead.isTyping(now)) {
      if (row !== undefined) {
        this.#options.current.onChoose(row, true);
      }
      return;
    }
    const wanted = wantedBy(this.#typeAhead.type(character, now));
    const found =
      row === undefined ? undefined : findTyped(window.rows.map(typedName), window.rows.indexOf(row), wanted);
    if (found !== undefined) {
      this.#moveTo(window.offset + found);
    } else {
      this.#search(wanted);
    }
  }

  /** Behind the rows that are known, and around the end: keys that follow wait for where it leads. */
  #search(wanted: Wanted): void {
    const nodeId = this.#cursor?.nodeId;
    if (nodeId === undefined) {
      return;
    }
    const searching = {};
    this.#searching = searching;
    this.#await('search');
    void this.#options.current.onFind(nodeId, wanted).then((found) => {
      // An answer that comes when the keys have gone on without it would take the cursor away.
      if (this.#searching !== searching || this.#awaited !== 'search') {
        return;
      }
      this.#stopWaiting();
      if (found !== undefined) {
        this.goTo(found);
      }
      this.#runWaiting();
    });
  }

  #move(to: Extract<TreeCommand, { kind: 'move' }>['to']): void {
    const { window, scroller } = this.#options.current;
    const last = (window?.total ?? 0) - 1;
    const from = this.#cursor?.index ?? -1;
    const page = scroller.rowsPerPage;
    const targets = {
      previous: from - 1,
      next: from + 1,
      first: 0,
      last,
      'page-up': from - page,
      'page-down': from + page,
    };
    this.#moveTo(targets[to]);
  }

  #moveTo(target: number): void {
    const { window, scroller } = this.#options.current;
    const index = Math.min(Math.max(0, target), Math.max(0, (window?.total ?? 0) - 1));
    this.#set({ index, nodeId: rowAt(window, index)?.nodeId });
    this.#isChoosing = true;
    scroller.reveal(index);
    this.#chooseKnown();
  }
}
