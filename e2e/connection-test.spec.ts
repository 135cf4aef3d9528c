import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { freePorts } from './support/free-ports.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connect, fillForm, screen, subscribe } from './support/screen.ts';
import { startScriptedBroker } from './support/scripted-broker.ts';

let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto();
});
test.afterAll(() => broker.stop());

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Test connection' });
/** A rung by its name; what is said at it may name others. */
const rung = (scope: Locator, name: string) =>
  scope
    .getByRole('list', { name: 'Connection ladder' })
    .getByRole('listitem')
    .filter({ has: scope.page().getByText(name, { exact: true }) })
    .first();

test('the form tests what is typed, unsaved, rung by rung, and leaves a live session alone', async ({
  app,
}) => {
  const { page } = app;
  await fillForm(page, { name: 'Plain', port: broker.ports.mqtt });
  await screen.form(page).getByRole('button', { name: 'Test connection' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByText(/^Connected after/)).toBeVisible();
  for (const name of ['TCP', 'CONNECT']) {
    await expect(rung(dialog, name)).toContainText(/done.*\d (ms|s)/);
  }
  await expect(dialog.getByText('new: the broker had kept none')).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);

  await dialog.getByRole('button', { name: 'Copy report' }).click();
  await expect(screen.notice(page, 'The report is copied').first()).toBeVisible();
  const report = await app.clipboard();
  expect(report).toContain(`mqtt://127.0.0.1:${broker.ports.mqtt}`);
  expect(report).toContain('CONNECT');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  // Nothing was saved by the test.
  await screen.form(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Plain', { exact: true })).toHaveCount(0);
});

test('a refused port fails at its rung, with cause and remedy, and the rest is not reached', async ({
  app,
}) => {
  const { page } = app;
  const [closed = 0] = await freePorts(1);
  await fillForm(page, { name: 'Closed', port: closed });
  const form = screen.form(page);
  await form.getByRole('textbox', { name: 'Username' }).fill('joe');
  await form.getByLabel('Password', { exact: true }).fill('hush-hush');
  await expect(form.getByRole('note')).toContainText('travels unencrypted');
  await form.getByRole('button', { name: 'Test connection' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByText(/^Not connected after/)).toBeVisible();
  await expect(rung(dialog, 'TCP')).toContainText('failed');
  await expect(rung(dialog, 'TCP').getByRole('alert')).toContainText(/refused/i);
  await expect(rung(dialog, 'CONNECT')).toContainText('not reached');
  await dialog.getByRole('button', { name: 'Copy report' }).click();
  await expect.poll(() => app.clipboard()).toContain('failed');
  expect(await app.clipboard()).not.toContain('hush-hush');
});

test('the presented certificate is shown, can be trusted, and stays visible and forgettable', async ({
  app,
}) => {
  const { page } = app;
  await fillForm(page, { name: 'Unknown issuer', protocol: 'mqtts', port: broker.ports.mqtts });
  const form = screen.form(page);
  await form.getByRole('button', { name: 'Test connection' }).click();
  const dialog = dialogOf(page);
  await expect(rung(dialog, 'TLS')).toContainText('failed');
  await expect(rung(dialog, 'TLS').getByRole('alert')).toContainText(/CA certificate/);
  const chain = dialog.getByRole('list', { name: 'Presented certificates' });
  await expect(chain.getByText('SHA-256').first()).toBeVisible();
  const fingerprint = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(await chain.innerText())?.[0] ?? '';
  expect(fingerprint).not.toBe('');
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await seriousViolations(page, scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
  }

  await dialog.getByRole('button', { name: 'Trust this certificate' }).click();
  await expect(dialog.getByText(/^Connected after/)).toBeVisible();
  await expect(dialog.getByText('trusted by hand')).toBeVisible();
  await page.keyboard.press('Escape');
  await form.getByRole('tab', { name: 'Security' }).click();
  await expect(form.getByRole('region', { name: 'Pinned certificate' })).toContainText(fingerprint);
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(page.getByText('pinned certificate')).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect' }).click();

  await screen.tabs(page).getByRole('button', { name: 'Home' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await form.getByRole('tab', { name: 'Security' }).click();
  await form.getByRole('button', { name: 'Forget' }).click();
  await expect(form.getByRole('region', { name: 'Pinned certificate' })).toHaveCount(0);
});

test('a failed attempt of a session shows the same ladder and trusts from there', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'Session', protocol: 'wss', port: broker.ports.wss });
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(
    page
      .getByRole('alert')
      .getByText(/CA certificate/)
      .first(),
  ).toBeVisible();
  await page.getByText('Details', { exact: true }).first().click();
  await expect(rung(page.locator('body'), 'WebSocket')).toContainText('not reached');
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Trust this certificate' }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(page.getByText('pinned certificate')).toBeVisible();
});

test('the capability card tells what CONNACK said, what was granted, and what probing found', async ({
  app,
}) => {
  const { page } = app;
  await connect(page, { name: 'Card', port: broker.ports.mqtt });
  await subscribe(page, 'house/#');
  await page.getByRole('button', { name: 'Broker capabilities' }).click();
  const dialog = page.getByRole('dialog', { name: 'Broker capabilities' });
  const table = dialog.getByRole('table', { name: 'Capabilities' });
  await expect(table.getByRole('row', { name: /^Maximum QoS/ })).toContainText('default');
  await expect(dialog.getByRole('table', { name: 'Granted subscriptions' })).toContainText('house/#');
  await dialog.getByRole('switch', { name: 'Publish test messages too' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Probe', exact: true }).click();
  await expect(table.getByRole('row', { name: /^Retained messages/ })).toContainText('tried out', {
    timeout: 20_000,
  });
  await expect(dialog.getByRole('list', { name: 'What was tried' })).toContainText('topicscope/probe/');
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await seriousViolations(page, scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(screen.status(page)).toContainText('Connected');
});

test('a broker that moved names its new place, and is followed only when told to', async ({ app }) => {
  const { page } = app;
  const reference = `127.0.0.1:${broker.ports.mqtt}`;
  // CONNACK of MQTT 5.0 with reason 0x9D (Server moved) and the property Server Reference (0x1C).
  const property = [0x1c, 0, reference.length, ...Buffer.from(reference)];
  const moved = await startScriptedBroker({
    onPacket: ({ type }, connection) => {
      if (type === 1) {
        connection.send(0x20, property.length + 3, 0, 0x9d, property.length, ...property);
        connection.close();
      }
    },
  });
  try {
    await fillForm(page, { name: 'Moved', port: moved.port });
    await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
    const follow = page.getByRole('button', { name: `Connect to ${reference}` });
    await expect(follow).toBeVisible();
    await expect(screen.status(page)).toContainText('Connection failed');
    await follow.click();
    await expect(screen.status(page)).toContainText('Connected');
    await expect(screen.status(page)).toContainText(reference);
  } finally {
    await moved.stop();
  }
});
