import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { startConnectProxy } from './support/connect-proxy.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { startPickyWebSocket } from './support/picky-websocket.ts';
import { choose, connect, fillForm, screen } from './support/screen.ts';

let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
});
test.afterAll(() => broker.stop());

const tab = (form: Locator, name: string) => form.getByRole('tab', { name }).click();

/** Edits the selected profile from the home tab. */
async function edit(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  return screen.form(page);
}

test('a gateway gets its secret header and its subprotocol, and the secret never comes back', async ({
  app,
}) => {
  const { page } = app;
  const gateway = await startPickyWebSocket(broker.ports.mqtt, {
    headers: { 'X-Api-Key': 'hush-hush', 'X-Tenant': 'plant' },
    subprotocol: 'mqtt.gateway',
  });
  try {
    await connect(page, {
      name: 'Gateway',
      protocol: 'ws',
      port: gateway.port,
      more: async (form) => {
        await form.getByText('Headers and subprotocol').click();
        await form.getByRole('button', { name: 'Add header' }).click();
        await form.getByRole('textbox', { name: 'Header name 1' }).fill('X-Api-Key');
        await form.getByRole('switch', { name: 'Secret' }).check({ force: true });
        await form.getByLabel('Header value 1', { exact: true }).fill('hush-hush');
        await form.getByRole('button', { name: 'Add header' }).click();
        await form.getByRole('textbox', { name: 'Header name 2' }).fill('X-Tenant');
        await form.getByLabel('Header value 2', { exact: true }).fill('plant');
        await form.getByRole('textbox', { name: 'Subprotocol' }).fill('mqtt.gateway');
        expect(await seriousViolations(page)).toEqual([]);
      },
    });
    expect(gateway.accepted).toBe(1);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await screen.tabs(page).getByRole('button', { name: 'Home' }).click();
    const form = await edit(page);
    await expect(form.getByText('2 headers, mqtt.gateway')).toBeVisible();
    await form.getByText('Headers and subprotocol').click();
    const secret = form.getByLabel('Header value 1', { exact: true });
    await expect(secret).toHaveValue('');
    await expect(secret).toHaveAttribute('placeholder', 'Kept in the vault');
    await form.getByRole('button', { name: 'Test connection' }).click();
    await expect(page.getByRole('dialog').getByText(/^Connected after/)).toBeVisible();
    expect(gateway.accepted).toBe(2);
  } finally {
    await gateway.stop();
  }
});

test('a proxy is gone through with its password: of the connection, else of the settings', async ({
  app,
}) => {
  const { page } = app;
  const proxy = await startConnectProxy({
    login: 'joe:hush-hush',
    hosts: { 'broker.test': '127.0.0.1' },
  });
  try {
    await connect(page, {
      name: 'Proxied',
      port: broker.ports.mqtt,
      more: async (form) => {
        await tab(form, 'Advanced');
        await choose(form, 'Proxy', 'http');
        await form.getByRole('textbox', { name: 'Proxy host' }).fill('127.0.0.1');
        await form.getByRole('textbox', { name: 'Proxy port' }).fill(String(proxy.port));
        await form.getByRole('textbox', { name: 'Proxy username' }).fill('joe');
        await form.getByLabel('Proxy password', { exact: true }).fill('hush-hush');
        expect(await seriousViolations(page)).toEqual([]);
      },
    });
    expect(proxy.tunnels).toEqual([`127.0.0.1:${broker.ports.mqtt}`]);
    await page.getByRole('button', { name: 'Disconnect' }).click();

    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('region', { name: 'Proxy for all connections' });
    await choose(settings, 'Proxy', 'http');
    await settings.getByRole('button', { name: 'Apply proxy' }).click();
    await expect(settings.getByText('Enter the host name or IP address of the proxy.')).toBeVisible();
    await settings.getByRole('textbox', { name: 'Proxy host' }).fill('127.0.0.1');
    await settings.getByRole('textbox', { name: 'Proxy port' }).fill(String(proxy.port));
    await settings.getByRole('textbox', { name: 'Proxy username' }).fill('joe');
    await settings.getByLabel('Proxy password', { exact: true }).fill('hush-hush');
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      expect(await seriousViolations(page, scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
    }
    await settings.getByRole('button', { name: 'Apply proxy' }).click();
    await expect(settings.getByRole('button', { name: 'Apply proxy' })).toHaveCount(0);
    await expect(settings.getByLabel('Proxy password', { exact: true })).toHaveAttribute(
      'placeholder',
      'Kept in the vault',
    );
    await page.keyboard.press('Escape');

    await screen.tabs(page).getByRole('button', { name: 'Home' }).click();
    const form = await edit(page);
    // The proxy of the settings is not for this machine itself; the name is one that only the proxy can find.
    await form.getByRole('textbox', { name: 'Host' }).fill('broker.test');
    await tab(form, 'Advanced');
    await choose(form, 'Proxy', 'settings');
    await form.getByRole('button', { name: 'Test connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test connection' });
    await expect(dialog.getByText(/^Connected after/)).toBeVisible();
    await expect(dialog.getByRole('list', { name: 'Connection ladder' })).toContainText('Proxy');
    expect(proxy.tunnels.at(-1)).toBe(`broker.test:${broker.ports.mqtt}`);
    await page.keyboard.press('Escape');
    await choose(form, 'Proxy', 'none');
    await form.getByRole('button', { name: 'Test connection' }).click();
    await expect(dialog.getByText(/^Not connected after/)).toBeVisible();
    expect(proxy.tunnels).toHaveLength(2);
  } finally {
    await proxy.stop();
  }
});

test('the finer points of TLS are kept, and a bad combination is named at its field', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'TLS', protocol: 'mqtts', port: 8883 });
  const form = screen.form(page);
  await tab(form, 'Security');
  await form.getByRole('checkbox', { name: 'System CAs' }).uncheck();
  await form.getByRole('checkbox', { name: 'Bundled CAs' }).uncheck();
  await form.getByText(/^ALPN, server name/).click();
  await form.getByRole('textbox', { name: 'ALPN' }).pressSequentially('mqtt, x-amzn-mqtt-ca');
  await form.getByRole('textbox', { name: 'Server name (SNI)' }).fill('broker.example.com');
  await choose(form, 'Minimum TLS version', 'TLSv1.3');
  await choose(form, 'Maximum TLS version', 'TLSv1.2');
  await form.getByRole('textbox', { name: 'Key log file' }).fill('keys.log');
  await expect(form.getByText(/Whoever has this file can read everything/)).toBeVisible();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('No issuer is trusted', { exact: false }).first()).toBeVisible();
  await expect(
    form.getByText('The newest TLS version allowed is older than the oldest one.').first(),
  ).toBeVisible();
  await expect(form.getByText('Give the whole path of the key log file, from the root on.')).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await seriousViolations(page, scheme === 'dark' ? 'color-contrast' : undefined)).toEqual([]);
  }

  await form.getByRole('checkbox', { name: 'System CAs' }).check();
  await choose(form, 'Maximum TLS version', 'TLSv1.3');
  await form.getByRole('textbox', { name: 'Key log file' }).fill('/tmp/topicscope-keys.log');
  await form.getByRole('switch', { name: 'Pre-shared key' }).check({ force: true });
  await expect(form.getByText(/^Enter the identity/).first()).toBeVisible();
  await form.getByRole('textbox', { name: 'PSK identity' }).fill('device-1');
  await form.getByLabel('PSK key', { exact: true }).fill('no hex');
  await expect(form.getByText(/is hexadecimal/).first()).toBeVisible();
  await form.getByLabel('PSK key', { exact: true }).fill('00 ff 1A');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'TLS' })).toBeVisible();

  await edit(page);
  await tab(form, 'Security');
  await form.getByText(/^ALPN, server name/).click();
  await expect(form.getByRole('textbox', { name: 'ALPN' })).toHaveValue('mqtt, x-amzn-mqtt-ca');
  await expect(form.getByRole('textbox', { name: 'Server name (SNI)' })).toHaveValue('broker.example.com');
  await expect(form.getByRole('textbox', { name: 'PSK identity' })).toHaveValue('device-1');
  await expect(form.getByLabel('PSK key', { exact: true })).toHaveValue('');
  await expect(form.getByRole('checkbox', { name: 'Bundled CAs' })).not.toBeChecked();
});

test('what a socket, an address family and SCRAM can’t go with is named', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'Way', port: 1883 });
  const form = screen.form(page);
  await tab(form, 'Advanced');
  await choose(form, 'Address family', 'ipv6');
  await tab(form, 'MQTT 5');
  await choose(form, 'Authentication method', 'SCRAM-SHA-256');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('SCRAM-SHA-256 needs a user name.').first()).toBeVisible();
  await form.getByRole('textbox', { name: 'Username' }).fill('joe');
  await form.getByLabel('Password', { exact: true }).fill('secret');
  // SCRAM proves the password without sending it: nothing to warn of.
  await expect(form.getByText(/travels unencrypted/)).toHaveCount(0);
  await tab(form, 'Advanced');
  await expect(form.getByText(/The host is an IPv4 address/).first()).toBeVisible();
  await choose(form, 'Address family', 'any');
  await form.getByRole('textbox', { name: 'Unix socket' }).fill('/run/mosquitto.sock');
  await tab(form, 'General');
  await form.getByRole('combobox', { name: 'Protocol' }).selectOption('wss');
  await tab(form, 'Advanced');
  await expect(form.getByText('A Unix socket takes mqtt or mqtts, not wss.').first()).toBeVisible();
});
