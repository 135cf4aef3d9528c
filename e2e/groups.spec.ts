import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { fillForm, screen } from './support/screen.ts';

const list = (page: Page) => page.getByRole('tree', { name: 'Saved connections' });
const rows = (page: Page) =>
  list(page)
    .getByRole('treeitem')
    .evaluateAll((items) =>
      items.map(
        (item) =>
          `${item.getAttribute('aria-level')} ${item.querySelector('span:not([aria-hidden])')?.textContent}`,
      ),
    );
const save = async (page: Page, name: string, group: string, host = '127.0.0.1') => {
  await fillForm(page, { name, port: 18_850, host });
  await screen.form(page).getByRole('combobox', { name: 'Group' }).fill(group);
  await screen.form(page).getByRole('button', { name: 'Save' }).click();
  await expect(list(page).getByRole('treeitem', { name: new RegExp(`^${name}`) })).toBeVisible();
};

test('connections are grouped, folded, moved by keys and mouse, renamed and found', async ({ app }) => {
  const { page } = app;
  await save(page, 'Loose', '');
  await save(page, 'Filler', 'Plant / Line 1', 'filler.example.com');
  await save(page, 'Boiler', 'Plant');
  await save(page, 'Bench', 'Lab');
  await expect
    .poll(() => rows(page))
    .toEqual(['1 Loose', '1 Plant', '2 Boiler', '2 Line 1', '3 Filler', '1 Lab', '2 Bench']);

  const group = (name: string) => list(page).getByRole('treeitem', { name: new RegExp(`^${name}`) });
  await group('Plant').click();
  await expect(group('Plant')).toHaveAttribute('aria-expanded', 'false');
  await expect(group('Boiler')).toHaveCount(0);
  await page.reload();
  await expect(group('Plant')).toHaveAttribute('aria-expanded', 'false');

  // A search sees through folded groups.
  const search = page.getByRole('textbox', { name: 'Search connections' });
  await search.fill('plant filler.example');
  await expect.poll(() => rows(page)).toEqual(['1 Plant', '2 Line 1', '3 Filler']);
  await search.fill('nowhere');
  await expect(page.getByText('No connection matches “nowhere”.')).toBeVisible();
  await search.press('Escape');

  await group('Plant').click();
  await group('Loose').click();
  await list(page).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect
    .poll(() => rows(page))
    .toEqual(['1 Plant', '2 Loose', '2 Boiler', '2 Line 1', '3 Filler', '1 Lab', '2 Bench']);
  await group('Boiler').dragTo(group('Lab'));
  await expect.poll(() => rows(page)).toContain('2 Boiler');
  await expect.poll(async () => (await rows(page)).slice(-3)).toEqual(['1 Lab', '2 Bench', '2 Boiler']);

  // By keyboard alone: the context menu moves, F2 renames.
  await group('Bench').click();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Move to a group…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Group' }).fill('Plant/Line 2');
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect.poll(async () => (await rows(page)).slice(-2)).toEqual(['1 Lab', '2 Boiler']);
  await list(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  await dialog.getByRole('combobox', { name: 'Group' }).fill('Site');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect
    .poll(() => rows(page))
    .toEqual(['1 Site', '2 Loose', '2 Line 1', '3 Filler', '2 Line 2', '3 Bench', '1 Lab', '2 Boiler']);
  const again = await app.restart();
  await expect.poll(async () => (await rows(again.page))[0]).toBe('1 Site');
});
