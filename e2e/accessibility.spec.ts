import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { screen } from './support/screen.ts';

/** What axe finds. Monaco's own widgets are tested by its makers; everything around them is ours. */
async function violations(page: Page, only?: 'color-contrast'): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).exclude('.monaco-editor');
  const results = await (only === undefined ? axe : axe.withRules([only])).analyze();
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${theme}`, async ({ app }) => {
    // Axe walks every node of eleven screens: on a slow machine that takes its time.
    test.slow();
    // In the other theme only the colours differ.
    const only = theme === 'dark' ? 'color-contrast' : undefined;
    const { page } = app;
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.getByRole('button', { name: 'Demo broker' }).first()).toBeVisible();
    expect(await violations(page, only)).toEqual([]);

    await page.getByRole('button', { name: 'New connection' }).first().click();
    for (const tab of ['General', 'Security', 'Last will', 'MQTT 5', 'Subscriptions', 'Advanced']) {
      await screen.form(page).getByRole('tab', { name: tab }).click();
      expect(await violations(page, only), tab).toEqual([]);
    }
    await screen.form(page).getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('button', { name: 'Demo broker' }).first().click();
    await screen.topic(page, 'plant').click();
    await page.keyboard.press('ArrowRight');
    await screen.topic(page, 'info').click();
    await page.getByRole('button', { name: 'Pause' }).click();
    for (const tab of ['Value', 'History', 'Diff', 'Fields', 'Chart', 'Properties']) {
      await screen.message(page).getByRole('tab', { name: tab }).click();
      expect(await violations(page, only), tab).toEqual([]);
    }
  });
}

test('the main way is walked with the keyboard alone', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('button', { name: 'Demo broker' }).first()).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.topic(page, 'plant')).toBeVisible();
  await screen.tree(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('plant');
  await page.keyboard.press('ArrowRight');
  await expect(screen.topic(page, 'weather')).toBeVisible();
  // Letters that come slowly, on a machine that is busy, begin a new search each.
  await expect(async () => {
    await page.keyboard.type('weather');
    await page.keyboard.press('Enter');
    await expect(screen.message(page).getByText('plant/weather').first()).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 30_000 });
});
