import type * as monaco from 'monaco-editor/editor';
import { type Disposable, toDisposable } from '#app/base/disposable.ts';

/** The parts of a code or diff editor that placing it needs. */
interface Placeable {
  layout(dimension: monaco.editor.IDimension): void;
}

/** An editor with the element it lives in: made once, moved from place to place. */
export interface PooledEditor<E extends Placeable> {
  readonly editor: E;
  readonly element: HTMLElement;
}

/** Keeps editors that are not shown for the next who needs one: making an editor costs some 50 ms, moving it nothing. */
export class EditorPool<E extends Placeable> {
  readonly #idle: PooledEditor<E>[] = [];
  readonly #create: (element: HTMLElement) => E;

  constructor(create: (element: HTMLElement) => E) {
    this.#create = create;
  }

  take(): PooledEditor<E> {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      return idle;
    }
    const element = document.createElement('div');
    element.style.cssText = 'position:absolute;inset:0;overflow:hidden';
    return { editor: this.#create(element), element };
  }

  /** The caller has taken its model and listeners off. */
  giveBack(pooled: PooledEditor<E>): void {
    pooled.element.remove();
    this.#idle.push(pooled);
  }
}

/** Puts an editor into `host` and keeps its size that of the host, until disposed. */
export function place<E extends Placeable>(
  { editor, element }: PooledEditor<E>,
  host: HTMLElement,
): Disposable {
  host.append(element);
  const fill = () => {
    // Without a size the host is hidden: a layout of zero would lose the scroll position.
    if (host.clientWidth > 0 && host.clientHeight > 0) {
      editor.layout({ width: host.clientWidth, height: host.clientHeight });
    }
  };
  fill();
  const observer = new ResizeObserver(fill);
  observer.observe(host);
  return toDisposable(() => observer.disconnect());
}
