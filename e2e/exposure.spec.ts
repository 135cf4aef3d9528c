import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { mosquittoPub } from './support/mosquitto-clients.ts';
import { fillForm, screen } from './support/screen.ts';

/** Saves a TLS profile with one subscription and opens the check from its page. */
async function openCheck(page: Page, broker: Mosquitto, password?: string): Promise<void> {
  await fillForm(page, { name: 'Encrypted', protocol: 'mqtts', port: broker.ports.mqtts });
  const form = screen.form(page);
  if (password !== undefined) {
    await form.getByRole('textbox', { name: 'Username' }).fill('joe');
    await form.getByLabel('Password', { exact: true }).fill(password);
  }
  await form.getByRole('tab', { name: 'Subscriptions' }).click();
  await form.getByRole('textbox', { name: 'Topic filter' }).fill('house/#');
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Exposure check' }).click();
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Exposure check' });

async function tryPorts(page: Page, first: number, second: number): Promise<void> {
  const dialog = dialogOf(page);
  await dialog.getByRole('textbox', { name: 'Port 1' }).fill(String(first));
  await dialog.getByRole('textbox', { name: 'Port 2' }).fill(String(second));
}

test('a broker that hands the same messages out in plain text is found out', async ({ app }) => {
  const broker = await startMosquitto();
  try {
    const { page } = app;
    await mosquittoPub({
      port: broker.ports.mqtt,
      topic: 'house/door',
      payload: 'open',
      retain: true,
    });
    await openCheck(page, broker);
    const dialog = dialogOf(page);
    await expect(dialog.getByText('127.0.0.1', { exact: true })).toBeVisible();
    await expect(dialog.getByRole('textbox', { name: 'Port 1' })).toHaveValue('1883');
    await expect(dialog.getByRole('textbox', { name: 'Port 2' })).toHaveValue('8080');
    await tryPorts(page, broker.ports.mqtt, broker.ports.ws);
    const before = broker.log().length;
    await dialog.getByRole('button', { name: 'Start check' }).click();
    await expect(dialog.getByText(/hands them out in plain text/)).toBeVisible({ timeout: 30_000 });
    const results = dialog.getByRole('list', { name: 'Results' });
    await expect(
      results.getByRole('heading', { name: `mqtt://127.0.0.1:${broker.ports.mqtt}` }),
    ).toBeVisible();
    await expect(results.getByRole('heading', { name: `ws://127.0.0.1:${broker.ports.ws}` })).toBeVisible();
    await results
      .getByText(/1 message, 1 topic/)
      .first()
      .click();
    await expect(results.getByText('house/door').first()).toBeVisible();
    // Nothing was published by it.
    expect(broker.log().slice(before)).not.toMatch(/Received PUBLISH from/);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await seriousViolations(page, scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
    }
    await dialog.getByRole('button', { name: 'Copy report' }).click();
    await expect.poll(() => app.clipboard()).toContain('exposure check');
    expect(await app.clipboard()).not.toContain('house/door');
  } finally {
    await broker.stop();
  }
});

test('the password is used only when that is asked for, and the warning says what it means', async ({
  app,
}) => {
  const broker = await startMosquitto({ passwords: { joe: 'hush-hush' } });
  try {
    const { page } = app;
    await openCheck(page, broker, 'hush-hush');
    await tryPorts(page, broker.ports.mqtt, broker.ports.ws);
    const dialog = dialogOf(page);
    const start = broker.log().length;
    await dialog.getByRole('button', { name: 'Start check' }).click();
    await expect(dialog.getByText(/takes passwords in plain text/)).toBeVisible({ timeout: 30_000 });
    expect(broker.log().slice(start)).not.toContain("u'joe'");

    await dialog.getByRole('switch', { name: /^Also log in/ }).check({ force: true });
    await expect(dialog.getByRole('note')).toContainText('readable for anybody');
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await expect(dialog.getByRole('heading', { name: /with the password/ }).first()).toBeVisible({
      timeout: 40_000,
    });
    expect(broker.log().slice(start)).toContain("u'joe'");
  } finally {
    await broker.stop();
  }
});

test('a check can be cancelled, and a port that is none is refused', async ({ app }) => {
  const broker = await startMosquitto();
  try {
    const { page } = app;
    await openCheck(page, broker);
    const dialog = dialogOf(page);
    await dialog.getByRole('button', { name: 'Add port' }).click();
    await dialog.getByRole('button', { name: 'Start check' }).click();
    await expect(dialog.getByRole('alert')).toContainText('from 1 to 65535');
    await dialog.getByRole('button', { name: 'Remove port 3' }).click();
    await tryPorts(page, broker.ports.mqtt, broker.ports.ws);
    await dialog.getByRole('button', { name: 'Start check' }).click();
    await dialog.getByRole('button', { name: 'Cancel check' }).click();
    await expect(dialog.getByRole('button', { name: 'Start check' })).toBeVisible();
    await expect(dialog.getByRole('list', { name: 'Results' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  } finally {
    await broker.stop();
  }
});
