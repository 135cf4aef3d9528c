import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { screen } from './support/screen.ts';

const KEY = Buffer.from('the secret key of device1').toString('base64');

async function pick(page: Page, preset: RegExp): Promise<Locator> {
  const form = screen.form(page);
  const box = form.getByRole('combobox', { name: 'Preset' });
  const label = await box.locator('option').filter({ hasText: preset }).first().innerText();
  await box.selectOption({ label });
  return form;
}

async function reopen(page: Page, name: string): Promise<Locator> {
  await page.getByText(name, { exact: true }).first().click();
  await page.getByRole('button', { name: 'Edit' }).click();
  return screen.form(page);
}

test.beforeEach(async ({ app }) => {
  await app.page.getByRole('button', { name: 'New connection' }).first().click();
});

test('the preset for AWS access keys fills and explains the form, names what is missing, and is kept', async ({
  app,
}) => {
  const { page } = app;
  const form = await pick(page, /AWS IoT Core: Access keys/);
  await expect(form.getByRole('combobox', { name: 'Protocol' })).toHaveValue('wss');
  await expect(form.getByRole('textbox', { name: 'Port' })).toHaveValue('443');
  await expect(form.getByRole('textbox', { name: 'Path' })).toHaveValue('/mqtt');
  await expect(form.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('AWS IoT Core');
  const about = form.getByRole('region', { name: 'About this preset' });
  await expect(about).toContainText('Signature Version 4');
  await expect(about).toContainText('No QoS 2');
  await expect(form.getByLabel('Password', { exact: true })).toHaveCount(0);

  await form.getByRole('textbox', { name: 'Host' }).fill('broker.example.com');
  await expect(about).toContainText('does not look like one of this service');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/Enter the AWS region/).first()).toBeVisible();
  await expect(form.getByText(/Enter the access key ID/).first()).toBeVisible();
  await expect(form.getByText(/Enter the secret access key/).first()).toBeVisible();

  await form.getByRole('textbox', { name: 'Host' }).fill('abc-ats.iot.eu-central-1.amazonaws.com');
  await expect(about).not.toContainText('does not look like');
  await form.getByRole('textbox', { name: 'Access key ID' }).fill('AKIAEXAMPLE');
  await form.getByLabel('Secret access key', { exact: true }).fill('top secret access key');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);

  const again = await reopen(page, 'AWS IoT Core');
  await expect(again.getByRole('combobox', { name: 'Preset' })).toHaveValue('aws-sigv4');
  await expect(again.getByRole('region', { name: 'About this preset' })).toContainText('24 hours');
  await expect(again.getByRole('textbox', { name: 'Access key ID' })).toHaveValue('AKIAEXAMPLE');
  const secret = again.getByLabel('Secret access key', { exact: true });
  await expect(secret).toHaveValue('');
  await expect(secret).toHaveAttribute('placeholder', 'Kept in the vault');
  for (const name of await readdir(app.dataDirectory, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) {
      const content = await readFile(join(name.parentPath, name.name));
      expect(content.includes('top secret access key'), name.name).toBe(false);
    }
  }
});

test('the preset for Azure IoT Hub takes the whole connection string of a device', async ({ app }) => {
  const { page } = app;
  const form = await pick(page, /IoT Hub, device key \(SAS token\), port 8883/);
  await expect(form.getByRole('combobox', { name: 'Protocol' })).toHaveValue('mqtts');
  await expect(form.getByRole('combobox', { name: 'MQTT version' })).toHaveValue('3.1.1');
  await expect(form.getByRole('region', { name: 'About this preset' })).toContainText('QoS 2 ends');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/Enter the device ID/).first()).toBeVisible();
  await expect(form.getByText(/primary or secondary key/).first()).toBeVisible();

  const key = form.getByLabel('Device key', { exact: true });
  await key.fill('not base64!');
  await expect(form.getByText(/device key is not Base64/).first()).toBeVisible();
  await key.fill(`HostName=contoso.azure-devices.net;DeviceId=device1;SharedAccessKey=${KEY}`);
  await expect(form.getByRole('textbox', { name: 'Host' })).toHaveValue('contoso.azure-devices.net');
  await expect(form.getByRole('textbox', { name: 'Device ID' })).toHaveValue('device1');
  await expect(form.getByRole('textbox', { name: 'Client ID' })).toHaveValue('device1');
  await expect(key).toHaveValue(KEY);
  await expect(form.getByText('contoso.azure-devices.net/device1/?api-version=2021-04-12')).toBeVisible();
  await form.getByRole('textbox', { name: 'Client ID' }).fill('other');
  await expect(form.getByText(/takes only “device1” as client ID/).first()).toBeVisible();
  await form.getByRole('textbox', { name: 'Device ID' }).fill('device2');
  await expect(form.getByRole('textbox', { name: 'Client ID' })).toHaveValue('device2');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);

  const again = await reopen(page, 'Azure IoT Hub');
  await expect(again.getByLabel('Device key', { exact: true })).toHaveAttribute(
    'placeholder',
    'Kept in the vault',
  );
  await again.getByRole('button', { name: 'Remove the kept device key' }).click();
  await again.getByRole('button', { name: 'Save' }).click();
  await expect(again.getByText(/primary or secondary key/).first()).toBeVisible();
});

test('presets of brokers, of Google’s retired scheme, and back to none', async ({ app }) => {
  const { page } = app;
  let form = await pick(page, /influx\.itu\.dk/);
  await expect(form.getByRole('textbox', { name: 'Host' })).toHaveValue('influx.itu.dk');
  await expect(form.getByRole('textbox', { name: 'Port' })).toHaveValue('8883');
  await expect(form.getByLabel('Password', { exact: true })).toBeVisible();
  await form.getByRole('button', { name: 'Standard ports' }).click();
  await page.getByRole('menuitem', { name: /8081/ }).click();
  await expect(form.getByRole('textbox', { name: 'Port' })).toHaveValue('8081');
  await expect(form.getByRole('region', { name: 'About this preset' })).toContainText('mqtts on port 8883');

  form = await pick(page, /Google Cloud IoT Core/);
  await expect(form.getByRole('region', { name: 'About this preset' })).toContainText('retired');
  await expect(form.getByRole('textbox', { name: 'Host' })).toHaveValue('');
  await form
    .getByRole('textbox', { name: 'Client ID' })
    .fill('projects/p1/locations/eu/registries/r/devices/d');
  await expect(form.getByRole('textbox', { name: 'Project ID' })).toHaveAttribute('placeholder', 'p1');
  await page.setInputFiles('input[type="file"][accept=".pem,.key,.txt"]', {
    name: 'key.pem',
    mimeType: 'text/plain',
    buffer: Buffer.from('-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n-----END ENCRYPTED PRIVATE KEY-----\n'),
  });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/The private key is encrypted/).first()).toBeVisible();

  form = await pick(page, /^None/);
  await expect(form.getByRole('region', { name: 'About this preset' })).toHaveCount(0);
  await form.getByRole('combobox', { name: 'Sign-in' }).selectOption('password');
  await expect(form.getByRole('combobox', { name: 'Sign-in' })).toHaveCount(0);
  await expect(form.getByLabel('Password', { exact: true })).toBeVisible();
  await form.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Without preset');
  await form.getByRole('button', { name: 'Save' }).click();
  const again = await reopen(page, 'Without preset');
  await expect(again.getByRole('combobox', { name: 'Preset' })).toHaveValue('');
});

test('a connection whose credentials expire counts down', async ({ app }) => {
  // Mosquitto without a password file lets any user in.
  const broker = await startMosquitto({ listeners: ['mqtts'] });
  const { page } = app;
  const form = await pick(page, /IoT Hub, device key \(SAS token\), port 8883/);
  await form.getByRole('textbox', { name: 'Host' }).fill('localhost');
  await form.getByRole('textbox', { name: 'Port' }).fill(String(broker.ports.mqtts));
  await form.getByRole('textbox', { name: 'Device ID' }).fill('device1');
  await form.getByLabel('Device key', { exact: true }).fill(KEY);
  await form.getByRole('textbox', { name: 'Token lifetime' }).fill('90');
  await form.getByRole('tab', { name: 'Security' }).click();
  await form.getByRole('switch', { name: 'Verify server certificate' }).uncheck({ force: true });
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  const countdown = page.getByText(/^Token expires in 1 min \d+ s$/);
  const first = await countdown.innerText();
  await expect(countdown).not.toHaveText(first);
  await broker.stop();
});
