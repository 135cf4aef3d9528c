import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { mosquittoPub, mosquittoSub } from './support/mosquitto-clients.ts';
import { connect, fillForm, publish, screen, subscribe, valueText } from './support/screen.ts';

let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto();
});
test.afterAll(() => broker.stop());

function certificates() {
  if (broker.certificates === undefined) {
    throw new Error('The broker has no certificates.');
  }
  return broker.certificates;
}

test('create a TLS profile by dropping files, inspect JSON and XML, publish', async ({ app }) => {
  const { page } = app;
  const { ca, client } = certificates();
  await fillForm(page, {
    name: 'Client certificate',
    protocol: 'mqtts',
    port: broker.ports.mqttsClientCertificate,
  });
  const form = screen.form(page);
  await form.getByRole('tab', { name: 'Security' }).click();

  // Dropped on the first slot all at once: each file finds its place by what is in it.
  const files = await Promise.all(
    [ca.certificateFile, client.certificateFile, client.keyFile].map(async (path) => ({
      name: basename(path),
      bytes: [...(await readFile(path))],
    })),
  );
  const transfer = await page.evaluateHandle((dropped) => {
    const data = new DataTransfer();
    for (const { name, bytes } of dropped) {
      data.items.add(new File([new Uint8Array(bytes)], name));
    }
    return data;
  }, files);
  const slot = form.getByRole('button', { name: /^CA certificate/ });
  await slot.dispatchEvent('dragenter', { dataTransfer: transfer });
  await slot.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(form.getByText('Key and certificate belong together')).toBeVisible();
  await expect(form.getByText('Topicscope Test CA').first()).toBeVisible();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.status(page)).toContainText(/TLS ?v?1\.[23]/);

  await subscribe(page, 'house/#');
  const port = broker.ports.mqtt;
  await mosquittoPub({ port, topic: 'house/json', payload: '{"a":1.0,"a":2,"big":12345678901234567890}' });
  await mosquittoPub({ port, topic: 'house/xml', payload: '<r><v unit="C">21.50</v></r>' });
  await screen.topic(page, 'house').click();
  await page.keyboard.press('ArrowRight');
  await screen.topic(page, 'json').click();
  await expect.poll(() => valueText(page)).toContain('"big": 12345678901234567890');
  expect(await valueText(page)).toContain('"a": 1.0,');
  await screen.topic(page, 'xml').click();
  await expect.poll(() => valueText(page)).toContain('<v unit="C">21.50</v>');

  const listener = await mosquittoSub({ port, topics: ['house/set'] });
  await publish(page, 'house/set', '{"on":true}', { qos: '1' });
  const seen = await listener.waitFor((message) => message.topic === 'house/set');
  expect(seen.payload.toString()).toBe('{"on":true}');
  await expect(screen.publish(page).getByText(/acknowledged/i)).toBeVisible();
  await listener.stop();
});

test('a certificate from an unknown issuer is refused in plain words, with the remedy', async ({ app }) => {
  const { page } = app;
  await fillForm(page, { name: 'No CA', protocol: 'mqtts', port: broker.ports.mqtts });
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(
    page
      .getByRole('alert')
      .getByText(/CA certificate/i)
      .first(),
  ).toBeVisible();
  await expect(
    page
      .getByRole('button', { name: 'Disconnect' })
      .or(page.getByRole('button', { name: 'Connect', exact: true }))
      .first(),
  ).toBeVisible();
});

for (const [protocol, listener] of [
  ['ws', 'ws'],
  ['wss', 'wss'],
] as const) {
  test(`connect over ${protocol}`, async ({ app }) => {
    const { page } = app;
    await connect(page, {
      name: `Over ${protocol}`,
      protocol,
      port: broker.ports[listener],
      more: async (form) => {
        if (protocol === 'wss') {
          await form.getByRole('tab', { name: 'Security' }).click();
          await form
            .locator('input[type=file][aria-label="CA certificate"]')
            .setInputFiles(certificates().ca.certificateFile);
          await expect(form.getByText('Topicscope Test CA').first()).toBeVisible();
        }
      },
    });
    await subscribe(page, 'probe');
    await mosquittoPub({ port: broker.ports.mqtt, topic: 'probe', payload: 'hello' });
    await expect(screen.stream(page).getByText('hello')).toBeVisible();
  });
}
