import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { choose, connect, publishTopic, screen, typeInto } from './support/screen.ts';

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
  other = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

test('a read-only connection offers nothing that would publish, and says why', async ({ app }) => {
  const { page } = app;
  await connect(page, {
    name: 'Watched',
    port: broker.ports.mqtt,
    more: async (form) => {
      await choose(form, 'Guard', 'Read-only: nothing is published');
      await form.getByRole('tab', { name: 'Last will' }).click();
      await form.getByRole('switch', { name: 'Send a last will' }).check({ force: true });
      await form.getByRole('textbox', { name: 'Will topic' }).fill('watched/gone');
    },
  });
  await expect(page.getByRole('note', { name: 'Guard' })).toContainText('Read-only');
  const pane = screen.publish(page);
  await expect(pane.getByText('Read-only: nothing is published or cleared')).toBeVisible();
  await expect(pane.getByRole('button', { name: 'Publish', exact: true })).toHaveCount(0);
  await pane.getByRole('button', { name: 'More about publishing' }).click();
  await expect(page.getByRole('menuitem', { name: 'Clear retained message' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(screen.will(page).getByText('Read-only: the last will is not armed')).toBeVisible();

  const heard = await other.listen('watched/#');
  await publishTopic(page).fill('watched/set');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('publish message');
  await expect(page.getByRole('dialog').getByText('Publish message')).toHaveCount(0);
  expect(heard).toEqual([]);
});

test('a production connection publishes what was held or pressed twice, and nothing else', async ({
  app,
}) => {
  const { page } = app;
  const heard = await other.listen('live/#');
  await connect(page, {
    name: 'Live',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Production: each publish is held'),
  });
  await expect(page.getByRole('note', { name: 'Guard' })).toContainText('Production');
  await page.getByRole('button', { name: 'Broker capabilities' }).click();
  const card = page.getByRole('dialog', { name: 'Broker capabilities' });
  await card.getByRole('switch', { name: 'Publish test messages too' }).check({ force: true });
  await expect(card.getByRole('button', { name: 'Probe', exact: true })).toHaveCount(0);
  const probe = card.getByRole('button', { name: 'Hold: Probe' });
  await probe.click();
  await expect(probe).toBeVisible();
  await probe.click({ delay: 1300 });
  await expect(card.getByRole('list', { name: 'What was tried' })).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  const pane = screen.publish(page);
  const button = pane.getByRole('button', { name: 'Publish', exact: true });
  await publishTopic(page).fill('live/set');
  await page.keyboard.press('Escape');
  const payload = pane.getByRole('textbox', { name: /^Payload/ });
  await typeInto(page, payload, 'one');

  await button.click();
  await page.waitForTimeout(1200);
  expect(heard).toEqual([]);
  await button.click({ delay: 1300 });
  await expect.poll(() => heard.map(({ payload: bytes }) => bytes.toString())).toEqual(['one']);
  await expect(pane.getByRole('status').filter({ hasText: 'Sent' })).toBeVisible();

  await typeInto(page, payload, 'two');
  await button.focus();
  await page.keyboard.down('Space');
  await page.waitForTimeout(1300);
  await page.keyboard.up('Space');
  await expect.poll(() => heard.length).toBe(2);

  await typeInto(page, payload, 'three');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(pane.getByText('again to publish to a production broker')).toBeVisible();
  // A first press is forgotten in a tab that was left.
  await page.keyboard.press('Alt+PageUp');
  await expect(pane).toBeHidden();
  await page.keyboard.press('Alt+PageDown');
  await expect(button).toBeVisible();
  await expect(pane.getByText('again to publish to a production broker')).toHaveCount(0);
  await payload.focus();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(pane.getByText('again to publish to a production broker')).toBeVisible();
  await page.waitForTimeout(300);
  expect(heard).toHaveLength(2);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect
    .poll(() => heard.map(({ payload: bytes }) => bytes.toString()))
    .toEqual(['one', 'two', 'three']);

  await pane.getByRole('button', { name: 'More about publishing' }).click();
  await page.getByRole('menuitem', { name: 'Clear retained message' }).click();
  const clear = pane.getByRole('button', { name: 'Hold: Clear' });
  await clear.click();
  await page.waitForTimeout(1200);
  expect(heard).toHaveLength(3);
  await clear.click({ delay: 1300 });
  await expect.poll(() => heard.length).toBe(4);
  await expect(pane.getByText('Cleared the retained message of')).toBeVisible();
});
