import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, choose, publishTopic, readLedger, ready, screen, typeInto } from './support/screen.ts';

let broker: Mosquitto;
let device: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
  device = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await device.end();
  await broker.stop();
});

const pane = (page: Page) => page.getByRole('region', { name: 'Replies', exact: true });
const form = (page: Page) => pane(page).getByRole('form');
const field = (page: Page, name: string) => form(page).getByRole('textbox', { name, exact: true });

test('a rule is tried, answers what fits, and stops', async ({ launch }) => {
  const heard = await device.listen('answer/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'ask/#')]);
  await ready(page, 1);
  await device.publish('ask/pump', '{"temp": 40.50, "unit": "C"}');
  await expect(screen.streamRow(page, '40.50')).toBeVisible();
  await page.getByRole('tab', { name: 'Replies', exact: true }).click();
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await field(page, 'Name').fill('Too hot');
  await field(page, 'When a message comes on').fill('ask/+');
  await field(page, 'And').fill('temp > 30');
  await field(page, 'Topic').fill('answer/{{topic.2}}');
  await typeInto(page, form(page).getByRole('textbox', { name: /^Payload/ }), 'cool {{payload.temp}}');
  // An emptied number is refused, not turned into another one.
  const limit = field(page, 'At most a second');
  await limit.fill('');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(limit).toBeFocused();
  await expect(limit).toHaveValue('');
  await limit.fill('20');
  // What is half written is not given up for another rule.
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByText('“Too hot” is still being edited.')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Too hot');
  const trial = form(page).getByRole('status', { name: 'Try-out' });
  await expect(trial).toContainText('answer/pump');
  await expect(trial).toContainText('cool 40.50');
  expect(await seriousViolations(page)).toEqual([]);
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  expect(heard).toHaveLength(0);

  await pane(page).getByRole('button', { name: 'Start answering' }).click();
  await expect(pane(page).getByRole('status', { name: 'Answering' })).toHaveText('answering');
  await device.publish('ask/fan', '{"temp": 10}');
  await device.publish('ask/fan', '{"temp": 31}');
  await expect
    .poll(() => heard.map(({ topic, payload }) => `${topic} ${payload}`))
    .toEqual(['answer/fan cool 31']);
  const row = pane(page).getByRole('row').filter({ hasText: 'Too hot' });
  await expect(row).toContainText(/1\s*1\s*\d\d:\d\d:\d\d/);

  // A change counts at once, and so does taking it back after the rules were started anew.
  await row.getByRole('button', { name: 'Remove Too hot' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  // Its counts begin anew with it.
  await expect(row.getByRole('cell').nth(2)).toHaveText('0');
  await device.publish('ask/fan', '{"temp": 33}');
  await expect.poll(() => heard.at(-1)?.payload.toString()).toBe('cool 33');
  expect(heard).toHaveLength(2);

  // To the response topic of a request, with its correlation data.
  await row.getByRole('button', { name: 'Edit Too hot' }).click();
  await choose(form(page), 'Reply to', 'responseTopic');
  await form(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(form(page)).toHaveCount(0);
  await device.publish('ask/fan', '{"temp": 50}', {
    properties: { responseTopic: 'answer/back', correlationData: Buffer.from('7') },
  });
  await expect.poll(() => heard.at(-1)?.topic).toBe('answer/back');
  expect(heard.at(-1)?.properties.correlationData?.toString()).toBe('7');

  // Stopped from elsewhere, it stays so when a change is taken back.
  await row.getByRole('button', { name: 'Remove Too hot' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('tab', { name: 'Messages', exact: true }).click();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('stop answering');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('tab', { name: 'Replies', exact: true }).click();
  await expect(row).toBeVisible();
  await expect(pane(page).getByRole('status', { name: 'Answering' })).toHaveText('off');
  const count = heard.length;
  await device.publish('ask/fan', '{"temp": 60}');
  await expect.poll(async () => (await readLedger(page)).received).toBe(6);
  // By the same way as replies, which would be there before it.
  await publishTopic(page).fill('answer/marker');
  await publishTopic(page).press('ControlOrMeta+Enter');
  await expect.poll(() => heard.at(-1)?.topic).toBe('answer/marker');
  expect(heard).toHaveLength(count + 1);
});
