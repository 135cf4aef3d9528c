import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scramScript } from '#main/session/connector/packets.fixture.ts';
import { expect, test } from './support/app.ts';
import { freePorts } from './support/free-ports.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { choose, connect, fillForm, publish, screen, subscribe } from './support/screen.ts';
import { startScriptedBroker } from './support/scripted-broker.ts';

let broker: Mosquitto;
let directory: string;
let socketPath: string;
let pskPort = 0;
test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topicscope-ways-'));
  socketPath = join(directory, 'mqtt.sock');
  const pskFile = join(directory, 'psk');
  await writeFile(pskFile, 'sensor:00112233445566778899aabbccddeeff\n');
  [pskPort = 0] = await freePorts(1);
  broker = await startMosquitto({
    listeners: ['mqtt', 'mqtts'],
    extra: [
      ...(process.platform === 'win32' ? [] : [`listener 0 ${socketPath}`]),
      `psk_file ${pskFile}`,
      `listener ${pskPort} 127.0.0.1`,
      'psk_hint topicscope',
    ],
  });
});
test.afterAll(async () => {
  await broker?.stop();
  await rm(directory, { recursive: true, force: true });
});

test('a pre-shared key takes the place of certificates, and a wrong one is named', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'Keyed', protocol: 'mqtts', port: pskPort });
  const form = screen.form(page);
  await form.getByRole('tab', { name: 'Security' }).click();
  await form.getByText(/^ALPN, server name/).click();
  await form.getByRole('switch', { name: 'Pre-shared key' }).check({ force: true });
  await form.getByRole('textbox', { name: 'PSK identity' }).fill('sensor');
  await form.getByLabel('PSK key', { exact: true }).fill('00 00 00 00');
  await form.getByRole('button', { name: 'Test connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test connection' });
  await expect(dialog.getByText(/^Not connected after/)).toBeVisible();
  await expect(dialog.getByRole('alert').filter({ hasText: /key/i }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await form.getByLabel('PSK key', { exact: true }).fill('00112233445566778899aabbccddeeff');
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await subscribe(page, 'keyed/#');
  await publish(page, 'keyed/a', 'through the key');
  await expect(screen.streamRow(page, 'through the key').first()).toBeVisible();
});

test('a Unix socket leads to the broker without host and port', async ({ app }) => {
  test.skip(process.platform === 'win32', 'Mosquitto has no such listener there');
  const { page } = app;
  await connect(page, {
    name: 'Socket',
    host: 'unused.invalid',
    port: 1,
    more: async (form) => {
      await form.getByRole('tab', { name: 'Advanced' }).click();
      await form.getByRole('textbox', { name: 'Unix socket' }).fill(socketPath);
    },
  });
  await expect(screen.status(page)).toContainText('mqtt.sock');
  await subscribe(page, 'socket/#');
  await publish(page, 'socket/a', 'through the socket');
  await expect(screen.streamRow(page, 'through the socket').first()).toBeVisible();
});

test('SCRAM proves the password without sending it, and a wrong one is refused', async ({ app }) => {
  const scripted = await startScriptedBroker(scramScript('SCRAM-SHA-256'));
  const { page } = app;
  await fillForm(page, { name: 'Proven', port: scripted.port });
  const form = screen.form(page);
  await form.getByRole('textbox', { name: 'Username' }).fill('joe');
  await form.getByLabel('Password', { exact: true }).fill('crayon');
  await form.getByRole('tab', { name: 'MQTT 5' }).click();
  await choose(form, 'Authentication method', 'SCRAM-SHA-256');
  await form.getByRole('button', { name: 'Test connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test connection' });
  await expect(dialog.getByText(/^Not connected after/)).toBeVisible();
  await page.keyboard.press('Escape');
  await form.getByRole('tab', { name: 'General' }).click();
  await form.getByLabel('Password', { exact: true }).fill('pencil');
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  for (const { packets } of scripted.connections) {
    expect(packets.map(({ body }) => body.toString('latin1')).join()).not.toMatch(/crayon|pencil/);
  }
  await scripted.stop();
});

test('a temporary connection trusts a certificate for as long as it lives, and takes it along when kept', async ({
  launch,
}) => {
  const { page } = await launch([`mqtts://localhost:${broker.ports.mqtts}?topic=a`]);
  await page.getByText('Details', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Trust this certificate' }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(page.getByText('pinned certificate')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Keep in the list' }).click();
  await expect(screen.tabs(page).getByRole('button', { name: /temporary/ })).toHaveCount(0);
  await expect(page.getByText('pinned certificate')).toBeVisible();
});
