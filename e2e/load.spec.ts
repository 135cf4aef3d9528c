import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, choose, connect, publishTopic, ready, screen, typeInto } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Load', exact: true });

test('a load test sends its count over its topics, and shows rate and latency; it can be copied and stopped', async ({
  launch,
}) => {
  const heard = await other.listen('load/#');
  const { page, clipboard } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('load/{1..4}');
  await typeInto(page, screen.publish(page).getByRole('textbox', { name: /^Payload/ }), 'n={{seq}}');
  await choose(screen.publish(page), 'QoS', '1');
  await page.getByRole('tab', { name: 'Load', exact: true }).click();
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('400');
  await pane(page).getByRole('textbox', { name: 'Per second' }).fill('2000');
  await pane(page).getByRole('button', { name: 'Start load test' }).click();
  const figures = pane(page).getByRole('table', { name: 'Load test' });
  await expect(figures).toContainText('Done');
  await expect(figures).toContainText('400 of 400');
  const times = pane(page).getByRole('table', { name: 'Acknowledgement times' });
  await expect(times).toContainText('90 of 100 within');
  await expect(times).toContainText('99 of 100 within');
  const bars = pane(page).getByRole('list', { name: 'Distribution of the acknowledgement times' });
  await expect(bars.getByRole('listitem').first()).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await expect.poll(() => heard.length).toBe(400);
  expect(heard.filter(({ topic }) => topic === 'load/3')).toHaveLength(100);

  await pane(page).getByRole('button', { name: 'Copy summary' }).click();
  await expect(screen.notice(page, 'The summary of the load test is copied')).toBeVisible();
  const summary = await clipboard();
  for (const line of [
    `mqtt://127.0.0.1:${broker.ports.mqtt}`,
    '400 messages at 2,000/s',
    '4, load/{1..4}',
    'QoS:          1',
    '3 to 5 bytes, as composed',
    'at most 100',
    'Acknowledged: 400',
    'Refused:      0',
  ]) {
    expect(summary).toContain(line);
  }
  expect(summary).toMatch(/min .* p50 .* p90 .* p99 .* max /);

  await pane(page).getByRole('textbox', { name: 'Per second' }).fill('20');
  await pane(page).getByRole('button', { name: 'Start load test' }).click();
  await expect.poll(() => heard.length).toBeGreaterThan(402);
  await pane(page).getByRole('button', { name: 'Stop load test' }).click();
  await expect(figures).toContainText('Stopped');
});

test('payloads of a fixed size take the place of what is written, up to what the broker takes', async ({
  launch,
}) => {
  const small = await startMosquitto({ listeners: ['mqtt'], extra: ['max_packet_size 2000'] });
  const listener = await connectOther(small.ports.mqtt);
  const heard = await listener.listen('fixed/#');
  const { page } = await launch([brokerUrl(small.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('fixed/a');
  await page.getByRole('tab', { name: 'Load', exact: true }).click();
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('10');
  await choose(pane(page), 'Payload', 'Of a fixed size');
  await pane(page).getByRole('textbox', { name: 'Payload bytes' }).fill('3000');
  await pane(page).getByRole('button', { name: 'Start load test' }).click();
  await expect(pane(page).getByRole('alert')).toContainText('this broker takes packets of up to 2,000');
  await pane(page).getByRole('textbox', { name: 'Payload bytes' }).fill('500');
  await pane(page).getByRole('button', { name: 'Start load test' }).click();
  await expect.poll(() => heard.length).toBe(10);
  expect(new Set(heard.map(({ payload }) => payload.length))).toEqual(new Set([500]));
  await expect(pane(page)).toContainText('500 bytes each, of a fixed size');
  await listener.end();
  await small.stop();
});

test('a connection that is lost ends the load test, which says how far it came and can be run again', async ({
  app,
}) => {
  const own = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  await connect(page, { name: 'Lossy', port: own.ports.mqtt });
  await publishTopic(page).fill('lossy/a');
  await choose(screen.publish(page), 'QoS', '1');
  await page.getByRole('button', { name: 'All views' }).click();
  await page.getByRole('menuitem', { name: 'Load', exact: true }).click();
  const start = pane(page).getByRole('button', { name: 'Start load test' });
  await start.click();
  const figures = pane(page).getByRole('table', { name: 'Load test' });
  await expect(figures.getByRole('row', { name: /^Acknowledged [1-9]/ })).toBeVisible();

  await own.kill();
  await expect(figures).toContainText('Failed');
  await expect(pane(page).getByRole('alert')).toContainText(
    /connection was lost.* after \d+ of 1,000 messages/,
  );
  await expect(figures).toContainText(/Sent\s*\d+ of 1,000/);
  await expect(figures).toContainText('Unanswered');
  await start.click();
  await expect(pane(page)).toContainText('Not connected, so nothing was sent.');

  await own.restart();
  await expect(screen.status(page)).toContainText('Connected', { timeout: 20_000 });
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('20');
  await start.click();
  await expect(figures).toContainText('20 of 20');
  await expect(figures).toContainText('Done');
  await expect(pane(page).getByRole('alert')).toHaveCount(0);
  await own.stop();
});

test('on a production connection it is capped and held for', async ({ app }) => {
  const heard = await other.listen('live/#');
  const before = heard.length;
  const { page } = app;
  await connect(page, {
    name: 'Live',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Production: each publish is held'),
  });
  await publishTopic(page).fill('live/a');
  await page.getByRole('button', { name: 'All views' }).click();
  await page.getByRole('menuitem', { name: 'Load', exact: true }).click();
  // More than the cap stays as it was typed, is said, and cannot be started.
  await expect(pane(page)).toContainText('at most 10,000 messages, 100 a second');
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('10001');
  await pane(page).getByRole('textbox', { name: 'Per second' }).fill('101');
  await expect(pane(page).getByRole('alert')).toContainText(
    'Messages: at most 10,000 on a production connection. Per second: at most 100 on a production connection.',
  );
  await expect(pane(page).getByRole('button', { name: /Start load test/ })).toBeDisabled();
  await page.keyboard.press('Tab');
  await expect(pane(page).getByRole('textbox', { name: 'Messages' })).toHaveValue('10001');
  await pane(page).getByRole('textbox', { name: 'Per second' }).fill('100');
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('20');
  const hold = pane(page).getByRole('button', { name: 'Hold: Start load test' });
  await expect(pane(page).getByText('Hold to send 20 messages to live/a')).toBeVisible();
  await expect(hold).toHaveAccessibleDescription('Hold to send 20 messages to live/a');
  expect(await seriousViolations(page)).toEqual([]);
  await hold.click();
  await hold.click({ delay: 1300 });
  await expect(pane(page).getByRole('table', { name: 'Load test' })).toContainText('20 of 20');
  await expect.poll(() => heard.slice(before).filter(({ topic }) => topic === 'live/a').length).toBe(20);
});
