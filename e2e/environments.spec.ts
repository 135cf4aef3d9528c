import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { connectOther } from './support/other-client.ts';
import { brokerUrl, connect, fillForm, publish, ready, screen, subscriptionItem } from './support/screen.ts';

test('variables of an environment fill host, filters and topics, and change them', async ({ app }) => {
  const { page } = app;
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const other = await connectOther(broker.ports.mqtt);
  const heard = await other.listen('#');

  await fillForm(page, { name: 'Site', port: broker.ports.mqtt, host: '{{broker}}' });
  const form = screen.form(page);
  await form.getByRole('textbox', { name: 'Client ID' }).fill('scope-{{site}}');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('The variable {{broker}} needs an environment').first()).toBeVisible();

  await form.getByRole('button', { name: 'Environments…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Environments' });
  await expect(dialog.getByText('Variables are not secret')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Environment name' }).fill('North');
  await dialog.getByRole('textbox', { name: 'Variable 1' }).fill('1st');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('“1st” can’t be a name');
  await dialog.getByRole('textbox', { name: 'Variable 1' }).fill('broker');
  await dialog.getByRole('textbox', { name: 'Value 1' }).fill('127.0.0.1');
  await dialog.getByRole('button', { name: 'Add variable' }).click();
  await dialog.getByRole('textbox', { name: 'Variable 2' }).fill('site');
  await dialog.getByRole('textbox', { name: 'Value 2' }).fill('north');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await form.getByRole('combobox', { name: 'Environment' }).selectOption('North');
  await expect(form.getByText('scope-north', { exact: true })).toBeVisible();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(
    page
      .getByRole('heading', { name: 'Site' })
      .locator('..')
      .getByText(`mqtt://127.0.0.1:${broker.ports.mqtt}`),
  ).toBeVisible();

  const pane = screen.subscriptions(page);
  await pane.getByRole('textbox', { name: 'Topic filter' }).fill('{{site}}/#');
  await pane.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(subscriptionItem(page, 'north/#').getByText(/granted/)).toBeVisible();
  await publish(page, '{{site}}/set', 'open');
  await expect(screen.publish(page).getByText('→ north/set')).toBeVisible();
  await expect.poll(() => heard.map(({ topic }) => topic)).toContain('north/set');
  await screen.publish(page).getByRole('textbox', { name: 'Topic', exact: true }).fill('{{line}}/set');
  await expect(screen.publish(page).getByText('no generator and no variable “line”')).toBeVisible();

  // Another value moves the open subscription.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('environments');
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox', { name: 'Value 2' }).fill('south');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(subscriptionItem(page, 'south/#').getByText(/granted/)).toBeVisible();
  await other.end();
  await broker.stop();
});

test('user name and password are asked for on connect and end up in no file', async ({ app }) => {
  const { page } = app;
  const broker = await startMosquitto({ listeners: ['mqtt'], passwords: { alice: 'typed by hand' } });
  await fillForm(page, {
    name: 'Asks',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('switch', { name: 'Ask for credentials' }).check({ force: true });
      await form.getByRole('textbox', { name: 'Username' }).fill('alice');
    },
  });
  // A test asks too, and keeps what it is given for its dialog only.
  await screen.form(page).getByRole('button', { name: 'Test connection' }).click();
  const checking = page.getByRole('dialog', { name: 'Test connection' });
  const asking = checking.getByRole('form', { name: 'Sign in for this check' });
  await expect(asking.getByRole('textbox', { name: 'Username' })).toHaveValue('alice');
  await asking.getByLabel('Password', { exact: true }).fill('typed by hand');
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(checking.getByText(/^Connected after/)).toBeVisible();
  await checking.getByRole('button', { name: 'Test again' }).click();
  await expect(checking.getByText(/^Connected after/)).toBeVisible();
  await page.keyboard.press('Escape');
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to Asks' });
  await expect(dialog.getByRole('textbox', { name: 'Username' })).toHaveValue('alice');
  await dialog.getByLabel('Password', { exact: true }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(screen.status(page)).toContainText('failed');
  await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).first().click();
  await dialog.getByLabel('Password', { exact: true }).fill('typed by hand');
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await page.getByRole('button', { name: 'Broker capabilities' }).click();
  const card = page.getByRole('dialog', { name: 'Broker capabilities' });
  await card.getByRole('button', { name: 'Probe', exact: true }).click();
  await card.getByLabel('Password', { exact: true }).fill('typed by hand');
  await card.getByRole('button', { name: 'Sign in' }).click();
  await expect(card.getByRole('list', { name: 'What was tried' })).toBeVisible({ timeout: 20_000 });
  await broker.stop();
  for (const entry of await readdir(app.dataDirectory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const content = await readFile(join(entry.parentPath, entry.name));
      expect(content.includes('typed by hand'), entry.name).toBe(false);
    }
  }
});

test('profiles connect at start; one that can’t is no hindrance; a URL gets only its broker', async ({
  app,
  launch,
}) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const atStart = (page: typeof app.page) =>
    screen.form(page).getByRole('switch', { name: 'Connect at start' }).check({ force: true });
  await fillForm(app.page, { name: 'Dead', port: 1, more: () => atStart(app.page) });
  await screen.form(app.page).getByRole('button', { name: 'Save' }).click();
  await fillForm(app.page, {
    name: 'Waits',
    port: broker.ports.mqtt,
    more: async (form) => {
      await atStart(app.page);
      await form.getByRole('switch', { name: 'Ask for credentials' }).check({ force: true });
    },
  });
  await screen.form(app.page).getByRole('button', { name: 'Save' }).click();
  await fillForm(app.page, { name: 'Alive', port: broker.ports.mqtt, more: () => atStart(app.page) });
  await screen.form(app.page).getByRole('button', { name: 'Save' }).click();
  await expect(app.page.getByRole('treeitem', { name: /^Alive/ })).toBeVisible();

  const { page, close } = await app.restart();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.tabs(page).getByRole('button', { name: /^Alive/ })).toBeVisible();
  await expect(screen.tabs(page).getByRole('button', { name: /^Dead/ })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await screen
    .tabs(page)
    .getByRole('button', { name: /^Waits/ })
    .click();
  await page
    .getByRole('dialog', { name: 'Sign in to Waits' })
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await close();

  const direct = await launch([brokerUrl(broker.ports.mqtt)], app.dataDirectory);
  await ready(direct.page, 0);
  await expect(screen.tabs(direct.page).getByRole('button', { name: /^Close/ })).toHaveCount(1);
  await connect(direct.page, { name: 'By hand', port: broker.ports.mqtt });
  await broker.stop();
});
