/**
 * Moving between panes with F6. A pane is an element with `data-pane`; inside it the element with `data-pane-focus`
 * takes the focus, else its tree or grid, else the first field or button, the header's last.
 */
const focusable =
  '[tabindex="0"], a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled)';

const list = ['tree', 'grid']
  .flatMap((role) => [`[role="${role}"][tabindex="0"]`, `[role="${role}"] [tabindex="0"]`])
  .join(', ');

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility() && element.getBoundingClientRect().width > 0;
}

function panesOf(root: ParentNode): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-pane]')].filter(isShown);
}

/** Puts the focus into a pane; false when the pane isn't shown. */
export function focusPane(name: string, root: ParentNode = document): boolean {
  const pane = panesOf(root).find((candidate) => candidate.dataset.pane === name);
  return pane !== undefined && enter(pane);
}

/** Puts the focus into the pane after (or before) the one that has it, around the ends. */
export function cyclePanes(step: 1 | -1, root: ParentNode = document): boolean {
  const panes = panesOf(root);
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let count = 1; count <= panes.length; count += 1) {
    const start = current < 0 && step < 0 ? 0 : current;
    const pane = panes[(start + step * count + panes.length * count) % panes.length];
    if (pane !== undefined && enter(pane)) {
      return true;
    }
  }
  return false;
}

function enter(pane: HTMLElement): boolean {
  for (const selector of [
    '[data-pane-focus]',
    list,
    `:is(${focusable}):not(header *)`,
    `:is(${focusable}):not([data-fold])`,
    focusable,
  ]) {
    const target = [...pane.querySelectorAll<HTMLElement>(selector)].find(isShown);
    if (target !== undefined) {
      target.focus();
      return pane.contains(document.activeElement);
    }
  }
  return false;
}
