import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { connect, fillForm, screen } from './support/screen.ts';

test('profiles are kept over a restart; passwords are in no readable file', async ({ app }) => {
  await fillForm(app.page, {
    name: 'Kept',
    port: 18_830,
    more: async (form) => {
      await form.getByRole('textbox', { name: 'Username' }).fill('alice');
      await form.getByLabel('Password', { exact: true }).fill('correct horse battery');
    },
  });
  await screen.form(app.page).getByRole('button', { name: 'Save' }).click();
  await expect(app.page.getByText('Kept', { exact: true }).first()).toBeVisible();

  const again = await app.restart();
  await expect(again.page.getByText('Kept', { exact: true }).first()).toBeVisible();
  for (const name of await readdir(app.dataDirectory, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) {
      const content = await readFile(join(name.parentPath, name.name));
      expect(content.includes('correct horse battery'), name.name).toBe(false);
    }
  }
  await again.close();
});

test('a deleted profile comes back with Undo', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'Deleted by mistake', port: 18_831 });
  await screen.form(page).getByRole('button', { name: 'Save' }).click();
  const row = page.getByText('Deleted by mistake', { exact: true });
  await row.first().click();
  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row.first()).toBeVisible();
});

test('a damaged profile file is set aside, the backup used, and the user told', async ({ app }) => {
  for (const name of ['First', 'Second']) {
    await fillForm(app.page, { name, port: 18_832 });
    await screen.form(app.page).getByRole('button', { name: 'Save' }).click();
    await expect(app.page.getByText(name, { exact: true }).first()).toBeVisible();
  }
  await app.close();
  await writeFile(join(app.dataDirectory, 'profiles.json'), '{"schemaVersion":1,"profiles":[{"na');
  const again = await app.restart();
  await expect(again.page.getByText(/profiles\.json/).first()).toBeVisible();
  await expect(again.page.getByText('First', { exact: true }).first()).toBeVisible();
  expect((await readdir(app.dataDirectory)).some((name) => name.includes('damaged'))).toBe(true);
  await again.close();
});

test('sessions live in the engine: a reloaded window and a second one find everything', async ({
  app,
  hostKind,
}) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  await connect(page, { name: 'One', port: broker.ports.mqtt });
  await connect(page, { name: 'Two', port: broker.ports.mqtt, version: '3.1.1' });
  await page.reload();
  await expect(screen.tabs(page).getByText('One', { exact: true })).toBeVisible();
  await screen.tabs(page).getByText('Two', { exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  if (hostKind === 'server') {
    const second = await app.openWindow();
    await expect(screen.tabs(second).getByText('One', { exact: true })).toBeVisible();
  }
  await broker.stop();
});
