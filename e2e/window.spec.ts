import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { screen } from './support/screen.ts';

async function runCommand(page: Page, words: string, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('textbox', { name: 'Command' }).fill(words);
  await expect(
    palette.getByRole('button', { name }).or(palette.getByRole('option', { name })).first(),
  ).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
}

const scheme = (page: Page) => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);

test('themes: as the system, light, dark; kept over a reload', async ({ app }) => {
  const { page } = app;
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => scheme(page)).toBe('dark');
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => scheme(page)).toBe('light');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog', { name: 'Settings' }).getByText('Dark', { exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect.poll(() => scheme(page)).toBe('dark');
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Demo broker' }).first()).toBeVisible();
  await expect.poll(() => scheme(page)).toBe('dark');
  await runCommand(page, 'theme system', 'Theme: as the system');
  await expect.poll(() => scheme(page)).toBe('light');
});

test('the palette runs commands; the layout and the columns are kept over a reload', async ({ launch }) => {
  const app = await launch(['--demo']);
  const { page } = app;
  await expect(screen.status(page)).toContainText('Connected');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Command' }).fill('no such thing');
  await expect(page.getByText('No command by that name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await runCommand(page, 'pause', 'Pause the message stream');
  await expect(screen.streamPane(page).getByRole('button', { name: 'Resume' })).toBeVisible();

  const width = async () => Math.round((await screen.tree(page).boundingBox())?.width ?? 0);
  const before = await width();
  await page.getByRole('separator', { name: 'Width of the topics' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(width).toBeGreaterThan(before + 20);
  const wider = await width();
  await screen.will(page).getByRole('button', { name: 'Fold this pane' }).click();
  await expect(screen.will(page).getByRole('button', { name: 'Unfold this pane' })).toBeVisible();
  await screen.streamPane(page).getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Dup' }).click();
  await expect(screen.stream(page).getByRole('columnheader', { name: 'Dup' })).toHaveCount(0);
  // It is written a moment after the last change.
  const settings = () => readFile(join(app.dataDirectory, 'settings.json'), 'utf8').catch(() => '');
  await expect.poll(settings).toMatch(/"will":\s*true/);
  await expect.poll(settings).toContain('"dup"');

  await page.reload();
  await expect(screen.status(page)).toContainText('Connected');
  await expect.poll(width).toBe(wider);
  await expect(screen.will(page).getByRole('button', { name: 'Unfold this pane' })).toBeVisible();
  await expect(screen.stream(page).getByRole('columnheader', { name: 'Size' })).toBeVisible();
  await expect(screen.stream(page).getByRole('columnheader', { name: 'Dup' })).toHaveCount(0);
  await runCommand(page, 'reset layout', 'Reset the layout');
  await expect(screen.will(page).getByRole('button', { name: 'Fold this pane' })).toBeVisible();
});
