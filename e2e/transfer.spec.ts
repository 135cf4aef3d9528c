import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { mosquittoPub } from './support/mosquitto-clients.ts';
import { screen } from './support/screen.ts';

const USER = 'ada';
const PASSWORD = 'only in the vault';

let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto({ passwords: { [USER]: PASSWORD } });
});
test.afterAll(() => broker.stop());

/** What MQTT Explorer stores, with the broker's CA inside. */
async function explorerSettings(): Promise<string> {
  const ca = await readFile(broker.certificates?.ca.certificateFile ?? '');
  return JSON.stringify({
    ConnectionManager_connections: {
      plant: {
        configVersion: 1,
        type: 'mqtt',
        id: 'plant',
        name: 'Plant over TLS',
        host: 'localhost',
        protocol: 'mqtt',
        port: broker.ports.mqtts,
        username: USER,
        password: PASSWORD,
        encryption: true,
        certValidation: true,
        selfSignedCertificate: { name: 'plant-ca.crt', data: ca.toString('base64') },
        clientId: 'explorer-plant',
        subscriptions: [{ topic: 'plant/#', qos: 1 }],
      },
    },
  });
}

const importDialog = (page: Page) => page.getByRole('dialog', { name: 'Import connections' });
const exportDialog = (page: Page) => page.getByRole('dialog', { name: 'Export connections' });
const savedProfile = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Connection', exact: true }).getByRole('heading', { name });

/** The menu in the header of the list. */
async function fromMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Import and export' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  await importDialog(page)
    .getByLabel('Files to import', { exact: true })
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
}

test('a file of MQTT Explorer with its CA inside: import, and connect through TLS', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Import from other tools' }).click();
  const dialog = importDialog(page);
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await drop(page, 'settings.json', await explorerSettings());
  const row = dialog.getByRole('row', { name: /Plant over TLS/ });
  await expect(row).toContainText(`mqtts://localhost:${broker.ports.mqtts}`);
  await row.getByText(/\d+ taken/).click();
  await expect(row).toContainText('CA certificate “plant-ca.crt”');
  await expect(row).toContainText('Password');
  await expect(dialog).not.toContainText(PASSWORD);
  await expect(dialog).toContainText('1 of 1 connection chosen');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(screen.notice(page, 'Imported 1 connection.').first()).toBeVisible();
  await expect(savedProfile(page, 'Plant over TLS')).toBeVisible();

  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.status(page)).toContainText(/TLS ?v?1\.[23]/);
  await expect(screen.subscriptions(page).getByText(/granted/)).toHaveCount(1);
  await mosquittoPub({
    port: broker.ports.mqtt,
    topic: 'plant/boiler',
    payload: 'warm',
    username: USER,
    password: PASSWORD,
  });
  await expect(screen.streamRow(page, 'plant/boiler')).toBeVisible();
});

test('a mosquitto_sub line becomes a connection; Undo takes it out again', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('button', { name: 'Import from other tools' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Command', exact: true }).fill('Import connections');
  await page.keyboard.press('Enter');
  const dialog = importDialog(page);
  await dialog
    .getByRole('textbox', { name: 'Command line' })
    .fill(
      `mosquitto_sub -h 127.0.0.1 -p ${broker.ports.mqtt} -u ${USER} -P '${PASSWORD}' -t 'plant/#' \\\n -q 1 -v --cert me.crt --unheard-of`,
    );
  const row = dialog.getByRole('row', { name: new RegExp(`127.0.0.1:${broker.ports.mqtt}`) });
  await expect(row).toContainText('--unheard-of: It is no option');
  await expect(row).toContainText('Client certificate me.crt');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  const name = `127.0.0.1:${broker.ports.mqtt}`;
  await expect(savedProfile(page, name)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(savedProfile(page, name)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Import from other tools' })).toBeVisible();
});

test('a sealed export comes back with its password after the connection was deleted', async ({ app }) => {
  test.slow();
  const { page } = app;
  await page.getByRole('button', { name: 'Import from other tools' }).click();
  await drop(page, 'settings.json', await explorerSettings());
  await importDialog(page).getByRole('button', { name: 'Import', exact: true }).click();
  await expect(savedProfile(page, 'Plant over TLS')).toBeVisible();

  await fromMenu(page, 'Export connections…');
  const dialog = exportDialog(page);
  await dialog.getByRole('radio', { name: 'Seal under a passphrase' }).check();
  await dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse');
  await dialog.getByLabel('Repeat passphrase').fill('correct hors');
  await expect(dialog.getByText('The two are not the same.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await dialog.getByLabel('Repeat passphrase').fill('correct horse');
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const file = await readFile(await (await saving).path());
  expect((await saving).suggestedFilename()).toMatch(/^topicscope-connections-.*-sealed\.json$/);
  expect(file.toString()).not.toMatch(/Plant|localhost|ada/);

  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Import from other tools' }).click();
  await drop(page, 'sealed.json', file);
  const importing = importDialog(page);
  await expect(importing).toContainText('It is sealed: enter its passphrase.');
  await importing.getByLabel(/^Passphrase of the/).fill('wrong horse');
  await importing.getByRole('button', { name: 'Open' }).click();
  await expect(importing).toContainText('The passphrase does not open this file.', { timeout: 20_000 });
  await importing.getByLabel(/^Passphrase of the/).fill('correct horse');
  await importing.getByRole('button', { name: 'Open' }).click();
  await expect(importing.getByRole('row', { name: /Plant over TLS/ })).toBeVisible({ timeout: 20_000 });
  await importing.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(savedProfile(page, 'Plant over TLS')).toBeVisible({ timeout: 20_000 });

  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.status(page)).toContainText(/TLS ?v?1\.[23]/);
});

test('what is here already is kept unless somebody says so', async ({ app }) => {
  const { page } = app;
  const settings = await explorerSettings();
  for (const choice of ['first', 'Keep both', 'Replace']) {
    if (choice === 'first') {
      await page.getByRole('button', { name: 'Import from other tools' }).click();
    } else {
      await fromMenu(page, 'Import connections…');
    }
    const dialog = importDialog(page);
    await drop(page, 'settings.json', settings);
    await expect(dialog.getByRole('row', { name: /Plant over TLS/ })).toBeVisible();
    if (choice !== 'first') {
      const box = dialog.getByRole('combobox', { name: 'What to do with Plant over TLS' });
      // The very same connection is not imported a second time by itself.
      await expect(box).toHaveValue('skip');
      await box.selectOption(choice);
    }
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(dialog).toHaveCount(0);
  }
  const rows = page.getByRole('tree', { name: 'Saved connections' }).getByRole('treeitem');
  await expect(rows.filter({ hasText: 'Plant over TLS (2)' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'Plant over TLS' })).toHaveCount(2);

  // From the menu of one connection only that one is chosen.
  await rows.filter({ hasText: 'Plant over TLS (2)' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await expect(exportDialog(page)).toContainText('1 of 2 connections');
  const saving = page.waitForEvent('download');
  await exportDialog(page).getByRole('button', { name: 'Export', exact: true }).click();
  const text = (await readFile(await (await saving).path())).toString();
  expect(text).toContain('Plant over TLS (2)');
  expect(text).not.toContain(PASSWORD);
});

test('axe finds nothing serious in the dialogs, in either theme', async ({ app }) => {
  test.slow();
  const { page } = app;
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page
      .getByRole('button', { name: theme === 'light' ? 'Import from other tools' : 'Import and export' })
      .click();
    if (theme === 'dark') {
      await page.getByRole('menuitem', { name: 'Import connections…' }).click();
    }
    await drop(page, 'settings.json', await explorerSettings());
    await importDialog(page)
      .getByRole('textbox', { name: 'Command line' })
      .fill('mosquitto_sub -h $BROKER -P x --insecure');
    await expect(importDialog(page).getByRole('row', { name: /BROKER/ })).toBeVisible();
    expect(await seriousIn(page), `import, ${theme}`).toEqual([]);
    if (theme === 'light') {
      await importDialog(page).getByRole('button', { name: 'Import', exact: true }).click();
      await expect(savedProfile(page, 'Plant over TLS')).toBeVisible();
    } else {
      await importDialog(page).getByRole('button', { name: 'Cancel' }).click();
    }
    await fromMenu(page, 'Export connections…');
    await exportDialog(page).getByRole('radio', { name: 'Seal under a passphrase' }).check();
    await exportDialog(page).getByLabel('Passphrase', { exact: true }).fill('short');
    expect(await seriousIn(page), `export, ${theme}`).toEqual([]);
    await exportDialog(page).getByRole('button', { name: 'Cancel' }).click();
  }
});

/** What axe finds in the open dialog. */
async function seriousIn(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}
