import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, publish, readLedger, ready, screen, streamValues, valueText } from './support/screen.ts';

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

test('follow, hold, pause and resume, keys, clear', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 's/#')]);
  await ready(page, 1);
  const pane = screen.streamPane(page);
  const row = (value: string) =>
    screen.stream(page).locator('[data-index]').getByText(value, { exact: true });
  for (let index = 1; index <= 60; index += 1) {
    await other.publish('s/count', `value ${index}`);
  }
  await expect(row('value 60')).toBeInViewport();
  await expect(row('value 1')).toHaveCount(0);

  // Held: what is read stays where it is while more comes.
  await screen.stream(page).hover();
  await page.mouse.wheel(0, -400);
  const jump = pane.getByRole('button', { name: /Jump to newest/ });
  await expect(jump).toBeVisible();
  const held = await streamValues(page);
  const place = await row(held[3] ?? '').boundingBox();
  await other.publish('s/count', 'value 61');
  await other.publish('s/count', 'value 62');
  await expect(jump).toContainText('2 new');
  expect(await row(held[3] ?? '').boundingBox()).toEqual(place);
  await jump.click();
  await expect(row('value 62')).toBeInViewport();

  await pane.getByRole('button', { name: 'Pause' }).click();
  for (const index of [63, 64, 65]) {
    await other.publish('s/count', `value ${index}`);
  }
  await expect(pane.getByText('Paused, 3 waiting')).toBeVisible();
  await expect(row('value 63')).toHaveCount(0);
  expect((await readLedger(page)).received).toBe(65);
  await pane.getByRole('button', { name: 'Resume' }).click();
  await expect(row('value 65')).toBeInViewport();
  await expect(row('value 63')).toBeVisible();

  await screen.stream(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(screen.streamRow(page, 'value 63')).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => valueText(page)).toBe('value 63');
  await page.keyboard.press('Home');
  await expect(row('value 1')).toBeInViewport();
  await expect.poll(() => valueText(page)).toBe('value 1');

  await pane.getByRole('button', { name: 'Clear' }).click();
  await expect(
    screen.notice(page, 'Cleared 64 messages. The tree keeps the newest of each topic.'),
  ).toBeVisible();
  await expect(screen.stream(page).locator('[data-index]')).toHaveCount(0);
  expect(await readLedger(page)).toEqual({ received: 65, kept: 1, evicted: 0, cleared: 64, failed: 0 });
  await other.publish('s/count', 'after clearing');
  await expect(row('after clearing')).toBeVisible();
});

test('filter by topic, text, direction, retain and QoS', async ({ launch }) => {
  await other.publish('f/kept', 'of old', { retain: true });
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  const subscriptions = screen.subscriptions(page);
  await subscriptions.getByRole('combobox', { name: 'QoS' }).selectOption('2');
  await subscriptions.getByRole('textbox', { name: 'Topic filter' }).fill('f/#');
  await subscriptions.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(subscriptions.getByText('QoS 2 granted')).toBeVisible();
  await other.publish('f/a', 'Zero', { qos: 0 });
  await other.publish('f/b', 'one', { qos: 1 });
  await other.publish('f/b/c', 'two', { qos: 2 });
  await publish(page, 'f/a', 'out', { qos: '1' });
  const shows = (...values: readonly string[]) =>
    expect.poll(async () => (await streamValues(page)).toSorted()).toEqual(values.toSorted());
  await shows('of old', 'Zero', 'one', 'two', 'out', 'out');

  const filters = screen.streamPane(page).getByRole('search');
  const topic = filters.getByRole('textbox', { name: 'Filter by topic' });
  await topic.fill('f/b/#');
  await shows('one', 'two');
  await topic.fill('f/b#');
  await expect(filters.getByRole('alert')).toContainText('must be the whole last level');
  await topic.press('Escape');
  await shows('of old', 'Zero', 'one', 'two', 'out', 'out');

  const text = filters.getByRole('textbox', { name: 'Search text' });
  await text.fill('zero');
  await shows('Zero');
  await text.fill('nowhere');
  await expect(page.getByText('No message passes the filters.')).toBeVisible();
  await filters.getByRole('button', { name: 'Clear “Search text”' }).click();
  await expect(text).toBeFocused();

  for (const [name, option, values] of [
    ['Direction', 'Published', ['out']],
    ['Direction', 'Received', ['of old', 'Zero', 'one', 'two', 'out']],
    ['Retain', 'Retained', ['of old']],
    ['Retain', 'Not retained', ['Zero', 'one', 'two', 'out', 'out']],
    ['QoS', 'QoS 0', ['Zero']],
    ['QoS', 'QoS 2', ['two']],
  ] as const) {
    const choice = filters.getByRole('combobox', { name });
    await choice.selectOption(option);
    await shows(...values);
    await choice.selectOption({ index: 0 });
  }
});

test('a filter that was asked for in the tree and cleared stays cleared when the tab is shown again', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'again/#')]);
  await ready(page, 1);
  await other.publish('again', 'one');
  const topic = screen.streamPane(page).getByRole('textbox', { name: 'Filter by topic' });
  await screen.topic(page, 'again').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show only messages of this topic' }).click();
  await expect(topic).toHaveValue('again');
  await topic.press('Escape');
  await expect(topic).toHaveValue('');

  await page.keyboard.press('Alt+PageUp');
  await expect(topic).toBeHidden();
  await page.keyboard.press('Alt+PageDown');
  await expect(topic).toBeVisible();
  await expect(screen.streamRow(page, 'one')).toBeVisible();
  await expect(topic).toHaveValue('');
});
