import type { ImportItem, ImportPreview } from '#app/contract/operations/transfer.ts';

/** What becomes of one item. */
export type ImportMode = 'skip' | 'add' | 'replace';

/** What was chosen by hand, by item; all others are as {@link modeOf} says. */
export type ImportChoices = ReadonlyMap<string, ImportMode>;

/** The choice for an item: nothing that is there is ever replaced unless somebody says so. */
export function modeOf(item: ImportItem, choices: ImportChoices): ImportMode {
  if (item.problem !== undefined) {
    return 'skip';
  }
  return choices.get(item.itemId) ?? (item.existing?.isSame === true ? 'skip' : 'add');
}

/** The choices as the engine takes them. */
export function chosenItems(
  { items }: ImportPreview,
  choices: ImportChoices,
): { itemId: string; mode: 'add' | 'replace' }[] {
  return items.flatMap((item) => {
    const mode = modeOf(item, choices);
    return mode === 'skip' ? [] : [{ itemId: item.itemId, mode }];
  });
}

/** `5 taken, 2 not taken`. */
export function reportSummary({ taken, notTaken }: ImportItem): string {
  const rest = notTaken.length === 0 ? '' : `, ${notTaken.length} not taken`;
  return `${taken.length} taken${rest}`;
}
