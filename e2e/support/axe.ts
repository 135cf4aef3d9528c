import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe finds of weight in the open screen; `only` where just the colours can differ. */
export async function seriousViolations(page: Page, only?: 'color-contrast'): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).exclude('.monaco-editor');
  const results = await (only === undefined ? axe : axe.withRules([only])).analyze();
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}
