import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { mosquittoSub } from './support/mosquitto-clients.ts';
import { choose, connect, screen, typeInto } from './support/screen.ts';

test('the last will is armed, and sent when the connection is dropped', async ({ app }) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  const listener = await mosquittoSub({ port: broker.ports.mqtt, topics: ['clients/#'], version: '5.0' });
  await connect(page, {
    name: 'With will',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('tab', { name: 'Last will' }).click();
      await form.getByRole('switch', { name: 'Send a last will' }).check({ force: true });
      await form.getByRole('textbox', { name: 'Will topic' }).fill('clients/inspector');
      await typeInto(page, form.getByRole('textbox', { name: /^Will payload/ }).first(), '{"state":"gone"}');
      await choose(form, 'Will QoS', '1');
      await form.getByRole('switch', { name: 'Will retain' }).check({ force: true });
    },
  });
  await expect(screen.will(page).getByText(/armed/i).first()).toBeVisible();
  await screen.will(page).getByRole('button', { name: 'Drop connection' }).click();
  await expect(page.getByText(/without DISCONNECT/)).toBeVisible();
  expect(listener.messages).toHaveLength(0);
  await page.getByRole('dialog').getByRole('button', { name: 'Drop connection' }).click();

  const will = await listener.waitFor((message) => message.topic === 'clients/inspector');
  expect(will.payload.toString()).toBe('{"state":"gone"}');
  expect(will.qos).toBe(1);
  await expect(screen.status(page)).toContainText('Not connected');
  await listener.stop();
  await broker.stop();
});

test('a will on a wildcard is refused before connecting', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const form = screen.form(page);
  await form.getByRole('tab', { name: 'Last will' }).click();
  await form.getByRole('switch', { name: 'Send a last will' }).check({ force: true });
  await form.getByRole('textbox', { name: 'Will topic' }).fill('clients/+');
  await form.getByRole('tab', { name: 'General' }).click();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText(/wildcard|\+/);
  await expect(form.getByRole('tab', { name: /Last will/ })).toHaveAttribute('aria-selected', 'true');
});
