import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, ready, screen, subscriptionItem } from './support/screen.ts';

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'], extra: ['sys_interval 1'] });
  other = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

const pane = (page: Page) => page.getByRole('region', { name: 'Broker', exact: true });
const valueRow = (page: Page, name: string) =>
  page
    .getByRole('grid', { name: 'Broker values' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });

test('the broker’s own figures come with one click, by name, with their growth and trend', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, '#')]);
  await ready(page, 1);
  await page.getByRole('tab', { name: 'Broker' }).click();
  await expect(pane(page).getByText('A subscription to # does not bring them.')).toBeVisible();
  await pane(page).getByRole('button', { name: 'Subscribe to $SYS/#' }).click();
  await expect(subscriptionItem(page, '$SYS/#').getByText(/granted/)).toBeVisible();
  await expect(pane(page).getByRole('status', { name: 'Recognised broker' })).toContainText('Mosquitto');
  await expect(pane(page).getByRole('button', { name: 'Subscribe to $SYS/#' })).toHaveCount(0);
  await expect(valueRow(page, 'Version')).toContainText('mosquitto version');
  await expect(valueRow(page, 'Connected')).toContainText(/[2-9]/);
  const flood = setInterval(() => void other.publish('plant/a', 'x', { qos: 0 }), 20);
  const published = valueRow(page, 'Published to the broker').first();
  await expect(published).toContainText(/[1-9]\d*(\.\d)?\/s/, { timeout: 15_000 });
  await expect(published.getByRole('img', { name: /growth per second/ })).toBeVisible({ timeout: 15_000 });
  clearInterval(flood);
  expect(await seriousViolations(page)).toEqual([]);

  await valueRow(page, 'Connected').dblclick();
  await expect(screen.message(page)).toContainText('connected');
});

test('top talkers are ranked by topic and by branch, and what floods is named', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'load/#')]);
  await ready(page, 1);
  await page.getByRole('tab', { name: 'Broker' }).click();
  await pane(page).getByRole('radio', { name: 'Top talkers' }).check();
  const flooding = pane(page).getByRole('status', { name: 'Flooding' });
  await expect(flooding).toContainText('No messages in this span.');

  const talk = setInterval(() => {
    for (let index = 0; index < 9; index += 1) {
      void other.publish('load/loud/motor', 'x'.repeat(10), { qos: 0 });
    }
    void other.publish('load/calm/lamp', 'y'.repeat(1000), { qos: 0 });
  }, 30);
  const rows = page.getByRole('grid', { name: 'Top talkers' }).locator('[data-index]');
  await expect(rows.first()).toContainText('90 %', { timeout: 15_000 });
  await expect(rows.first().getByRole('gridcell').first()).toHaveAccessibleName('load/loud/motor, floods');
  await expect(flooding).toContainText(
    /^Flooding, at 100 messages per second or more: load\/loud\/motor with \d+ per second, 90 % of all\.$/,
  );
  await pane(page)
    .getByRole('textbox', { name: /Flooding from/ })
    .fill('5000');
  await expect(flooding).toContainText('Nothing floods: nobody sends 5,000 messages per second or more.');

  await pane(page).getByRole('combobox', { name: 'Order' }).selectOption('By bytes');
  await expect(rows.first()).toContainText('load/calm/lamp');
  await expect(rows.first()).toContainText('92 %');
  await pane(page).getByRole('combobox', { name: 'Rank' }).selectOption('Branches, 1 level');
  await pane(page).getByRole('combobox', { name: 'Span' }).selectOption('Whole session');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('load/#');
  await expect(rows.first()).toContainText('100 %');
  expect(await seriousViolations(page)).toEqual([]);
  clearInterval(talk);
  // What is out of sight is not counted.
  await page.getByRole('tab', { name: 'Messages' }).click();
  await expect(screen.stream(page)).toBeVisible();
  await expect(pane(page)).toBeHidden();
});
