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

test('a load test sends its count over its topics, and shows rate and latency; it can be stopped', async ({
  launch,
}) => {
  const heard = await other.listen('load/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
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
  await expect(figures).toContainText('99 of 100 within');
  const bars = pane(page).getByRole('list', { name: 'Distribution of the acknowledgement times' });
  await expect(bars.getByRole('listitem').first()).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await expect.poll(() => heard.length).toBe(400);
  expect(heard.filter(({ topic }) => topic === 'load/3')).toHaveLength(100);

  await pane(page).getByRole('textbox', { name: 'Per second' }).fill('20');
  await pane(page).getByRole('button', { name: 'Start load test' }).click();
  await expect.poll(() => heard.length).toBeGreaterThan(402);
  await pane(page).getByRole('button', { name: 'Stop load test' }).click();
  await expect(figures).toContainText('Stopped');
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
  await pane(page).getByRole('textbox', { name: 'Messages' }).fill('20');
  const hold = pane(page).getByRole('button', { name: 'Hold: Start load test' });
  await hold.click();
  await hold.click({ delay: 1300 });
  await expect(pane(page).getByRole('table', { name: 'Load test' })).toContainText('20 of 20');
  await expect.poll(() => heard.slice(before).filter(({ topic }) => topic === 'live/a').length).toBe(20);
});
