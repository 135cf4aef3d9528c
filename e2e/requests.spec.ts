import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, ready, screen } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Requests', exact: true });
const rows = (page: Page) => page.getByRole('grid', { name: 'Requests and answers' }).locator('[data-index]');
const cell = (page: Page, row: number, column: number) =>
  rows(page).nth(row).getByRole('gridcell').nth(column);

test('requests of MQTT 5 stand beside their answers, with the round trip', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'plant/#')]);
  await ready(page, 1);
  const ask = (correlation: string) =>
    device.publish('plant/pump/get', 'speed?', {
      properties: { responseTopic: 'plant/reply', correlationData: Buffer.from(correlation, 'hex') },
    });
  const answer = (correlation: string | undefined, payload: string) =>
    device.publish('plant/reply', payload, {
      properties: correlation === undefined ? {} : { correlationData: Buffer.from(correlation, 'hex') },
    });
  await ask('0a01');
  await ask('0a02');
  await answer('0a02', 'second');
  // What came before the pane was opened is read too.
  await page.getByRole('tab', { name: 'Requests' }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(cell(page, 0, 3)).toHaveText(/^\d+(\.\d)? m?s$/);
  await expect(cell(page, 0, 4)).toHaveText('0a02');
  await expect(cell(page, 1, 3)).toHaveText('waiting');
  await expect(pane(page).getByRole('status', { name: 'Round trips' })).toContainText(
    '1 answered, 1 waiting, 0 without answer, round trip: median',
  );

  await answer(undefined, 'first');
  await expect(cell(page, 1, 2)).toHaveAccessibleName('plant/reply, without the correlation data');
  await ask('0a03');
  await expect(rows(page)).toHaveCount(3);
  await pane(page)
    .getByRole('textbox', { name: 'Seconds after which a request counts as unanswered' })
    .fill('0.1');
  await expect(cell(page, 0, 3)).toHaveText('no answer');
  await pane(page).getByRole('combobox', { name: 'State of the requests' }).selectOption('Without answer');
  await expect(rows(page)).toHaveCount(1);
  await pane(page).getByRole('combobox', { name: 'State of the requests' }).selectOption('All');

  await cell(page, 1, 1).dblclick();
  await expect(screen.message(page)).toContainText('second');
  await cell(page, 1, 1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show the request' }).click();
  await expect(screen.message(page)).toContainText('speed?');
  expect(await seriousViolations(page)).toEqual([]);
});

test('pairs of topics tie what devices answer without MQTT 5, and what is published here', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'line/#')]);
  await ready(page, 1);
  await page.getByRole('tab', { name: 'Requests' }).click();
  await expect(pane(page).getByText('No request yet.')).toBeVisible();
  await pane(page).getByRole('button', { name: 'Topic pairs' }).click();
  const request = pane(page).getByRole('textbox', { name: 'Request topic 1' });
  const response = pane(page).getByRole('textbox', { name: 'Answer topic 1' });
  await request.fill('line/+/set');
  await response.fill('line/+/+/state');
  await expect(pane(page).getByText('The response topic has more +')).toBeVisible();
  await response.fill('line/+/state');
  await expect(pane(page).getByText('The response topic has more +')).toHaveCount(0);
  expect(await seriousViolations(page)).toEqual([]);

  const publish = screen.publish(page);
  await publish.getByRole('textbox', { name: 'Topic', exact: true }).fill('line/7/set');
  await publish.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(cell(page, 0, 2)).toHaveAccessibleName('line/7/state');
  await device.publish('line/8/state', 'other');
  await device.publish('line/7/state', 'on');
  await expect(cell(page, 0, 3)).toHaveText(/^\d+(\.\d)? m?s$/);
  await expect(cell(page, 0, 4)).toHaveText('Topics');
  // The broker's copy of what was published here is no second request.
  await expect(rows(page)).toHaveCount(1);

  await device.publish('line/9/set', 'on');
  await expect(rows(page)).toHaveCount(2);
  await pane(page).getByRole('textbox', { name: 'Topic of request or answer' }).fill('line/9');
  await expect(rows(page)).toHaveCount(1);
  // The pairs are kept.
  await page.reload();
  await page.getByRole('tab', { name: 'Requests' }).click();
  await expect(rows(page)).toHaveCount(2);
});

test('a request is sent from here, and its answer waited for on a topic of its own', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  const asked = await device.listen('oracle/ask');
  await page.getByRole('tab', { name: 'Requests' }).click();
  await pane(page).getByRole('button', { name: 'New request' }).click();
  const form = pane(page).getByRole('form', { name: 'New request' });
  const outcome = form.getByRole('status', { name: 'Outcome of the request' });
  await form.getByRole('textbox', { name: 'Topic', exact: true }).fill('oracle/ask');
  const waiting = asked.length;
  await form.getByRole('button', { name: 'Send request' }).click();
  await expect.poll(() => asked.length).toBe(waiting + 1);
  const { responseTopic = '', correlationData } = asked.at(-1)?.properties ?? {};
  expect(responseTopic).toMatch(/^topicscope\//);
  // Without the correlation data it is no answer.
  await device.publish(responseTopic, 'for somebody else');
  await device.publish(responseTopic, '42', {
    properties: { correlationData: correlationData ?? Buffer.alloc(0) },
  });
  await expect(outcome).toHaveText(/^Answered after .*: 42$/);

  await form.getByRole('textbox', { name: 'Topic', exact: true }).fill('oracle/nobody');
  await form.getByRole('button', { name: 'Send request' }).click();
  await expect(outcome).toContainText('Nobody is subscribed');
  await form.getByRole('textbox', { name: 'Topic', exact: true }).fill('oracle/ask');
  await form.getByRole('textbox', { name: 'Within, s' }).fill('0.3');
  await form.getByRole('button', { name: 'Send request' }).click();
  await expect(outcome).toHaveText('No answer came in time.');
  expect(await seriousViolations(page)).toEqual([]);
});
