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

test('a client says that it is there and that it is gone, by one retained topic', async ({ app }) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  const listener = await mosquittoSub({ port: broker.ports.mqtt, topics: ['clients/#'], version: '5.0' });
  await connect(page, {
    name: 'With presence',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('tab', { name: 'Last will' }).click();
      await form.getByRole('button', { name: 'Online/offline pattern' }).click();
      await page.getByRole('menuitem', { name: 'online / offline', exact: true }).click();
      await expect(form.getByRole('switch', { name: 'Publish a birth message' })).toBeChecked();
      await form.getByRole('textbox', { name: 'Will topic' }).fill('clients/inspector');
      await form.getByRole('textbox', { name: 'Birth topic' }).fill('clients/inspector');
    },
  });
  const said = () => listener.messages.map(({ payload }) => payload.toString());
  await expect.poll(said).toEqual(['online']);
  await expect(screen.will(page)).toContainText('online');

  // Lost: the broker says it; back: the client does.
  await screen.will(page).getByRole('button', { name: 'Drop connection' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Drop connection' }).click();
  await expect.poll(said).toEqual(['online', 'offline']);
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect.poll(said).toEqual(['online', 'offline', 'online']);
  // DISCONNECT makes the broker forget the will: the client says it.
  await page.getByRole('button', { name: 'Disconnect', exact: true }).first().click();
  await expect.poll(said).toEqual(['online', 'offline', 'online', 'offline']);

  const late = await mosquittoSub({ port: broker.ports.mqtt, topics: ['clients/#'], version: '5.0' });
  const kept = await late.waitFor((message) => message.topic === 'clients/inspector');
  expect([kept.payload.toString(), kept.retain]).toEqual(['offline', true]);
  await late.stop();
  await listener.stop();
  await broker.stop();
});
