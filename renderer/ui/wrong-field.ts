/** Leads to the first field of a form that is marked as wrong, with its label. False: there is none. */
export function showWrongField(form: HTMLFormElement | null): boolean {
  const wrong = form?.querySelector<HTMLElement>('input[aria-invalid="true"]');
  wrong?.focus({ preventScroll: true });
  wrong?.scrollIntoView({ block: 'center' });
  return wrong !== null && wrong !== undefined;
}
