import { useEffect, useRef } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import type { TreeRow, TreeWindow } from '#app/contract/feeds/session.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useRevealRequest } from '#renderer/state/pane-requests.ts';
import { selectTopic } from '#renderer/state/workspace.ts';
import { indexOfKey, type RowRange } from '#renderer/ui/virtual/row-window.ts';
import { pathOf } from './tree-actions.ts';
import { nodeOf } from './tree-rows.ts';

/** Milliseconds that a row must be under the keyboard before the inspector follows: a held key passes by. */
const CHOOSE_DELAY = 60;

/** What the pane around the tree shows of it. */
export interface TreeFacts {
  readonly matched: number | undefined;
  readonly filterProblem: string | undefined;
  readonly failure: Failure | undefined;
}

/** Chooses the topic of a row for the inspector: at once when the row was meant, else when the keyboard rests on it. */
export function useChoose(sessionId: string, window: TreeWindow | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(window);
  latest.current = window;
  useEffect(() => () => clearTimeout(timer.current), []);
  return (row: TreeRow, isMeant: boolean) => {
    clearTimeout(timer.current);
    const choose = () => {
      const path = pathOf(sessionId, latest.current?.rows ?? [], row);
      if (typeof path === 'string') {
        selectTopic(sessionId, path, row.nodeId);
        return;
      }
      // A row chosen in the meantime wins.
      const serial = setTimeout(() => {}, 0);
      timer.current = serial;
      attempt(async () => {
        const topic = await path;
        if (timer.current === serial) {
          selectTopic(sessionId, topic, row.nodeId);
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

/** Another filter or order begins at the top. */
export function useTopAfter(scroller: { scrollTo(top: number): void }, key: string): void {
  const last = useRef(key);
  useEffect(() => {
    if (last.current !== key) {
      last.current = key;
      scroller.scrollTo(0);
    }
  }, [key, scroller]);
}

/** Tells the pane around the tree what it shows, when that changes. */
export function useFacts(
  window: TreeWindow | undefined,
  failure: Failure | undefined,
  onFacts: (facts: TreeFacts) => void,
): void {
  const matched = window?.matched;
  const filterProblem = window?.filterProblem;
  useEffect(() => {
    onFacts({ matched, filterProblem, failure });
  }, [matched, filterProblem, failure, onFacts]);
}

/** Whether the row of a node is in the document. */
export function isDrawn(window: TreeWindow | undefined, nodeId: number, rendered: RowRange): boolean {
  const index = indexOfKey(window, nodeId, nodeOf);
  return index !== undefined && index >= rendered.first && index < rendered.end;
}

/** The whole topic as the tooltip of the row under the pointer; asked for only then. */
export function showWholeTopic(
  sessionId: string,
  rows: readonly TreeRow[],
  row: TreeRow,
  element: HTMLElement,
): void {
  element.title = '';
  void Promise.resolve(pathOf(sessionId, rows, row)).then(
    (topic) => {
      const value = row.preview === '' ? '' : `\n${row.preview}`;
      element.title = visibleText(topic.slice(0, 2000)) + value;
    },
    // A tooltip is not worth an error message.
    () => {},
  );
}

/** Opens the tree down to a topic that another pane asked for, and goes there. */
export function useReveal(sessionId: string, goTo: (nodeId: number) => void): void {
  const request = useRevealRequest(sessionId);
  const done = useRef(request?.serial);
  const latest = useRef(goTo);
  latest.current = goTo;
  useEffect(() => {
    if (request !== undefined && request.serial !== done.current) {
      done.current = request.serial;
      attempt(async () => {
        const { nodeId } = await engineClient().session(sessionId, 'tree.reveal', { topic: request.topic });
        latest.current(nodeId);
      });
    }
  }, [request, sessionId]);
}
