import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, connect, ready, screen, subscribe } from './support/screen.ts';

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

const tab = (page: Page, name: string) => screen.message(page).getByRole('tab', { name, exact: true });
const chart = (page: Page, number: number) =>
  screen.message(page).getByRole('region', { name: `Chart ${number}`, exact: true });
/** The figures of one line: last, min, max, mean, count. */
const figures = (page: Page, number: number, line: string) =>
  chart(page, number).getByRole('row').filter({ hasText: line }).getByRole('cell');

test('a number of JSON is drawn from what is kept and goes on live; zoom, pause, figures, PNG and CSV', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'c/#')]);
  await ready(page, 1);
  for (let n = 1; n <= 20; n += 1) {
    await other.publish('c/press', `{"temp":${n},"unit":"C"}`);
  }
  await screen.streamRow(page, '"temp":20').click();
  // One number only: one click.
  await screen.message(page).getByRole('button', { name: 'Chart a number' }).click();
  await expect(tab(page, 'Chart')).toHaveAttribute('aria-selected', 'true');
  await expect(figures(page, 1, 'temp')).toHaveText(['20', '1', '20', '10.5', '20', '']);
  await expect(chart(page, 1).getByRole('status')).toHaveText('Live');
  await other.publish('c/press', '{"temp":50,"unit":"C"}');
  await expect(figures(page, 1, 'temp').first()).toHaveText('50');

  // Paused, it stays as it is.
  await chart(page, 1).getByRole('button', { name: 'Pause chart' }).click();
  await other.publish('c/press', '{"temp":70,"unit":"C"}');
  await expect(screen.streamRow(page, '"temp":70')).toBeVisible();
  await expect(figures(page, 1, 'temp').nth(4)).toHaveText('21');
  await chart(page, 1).getByRole('button', { name: 'Resume chart' }).click();
  await expect(figures(page, 1, 'temp').nth(4)).toHaveText('22');

  // Dragging zooms in, the keyboard pans, a double click goes back.
  const plot = chart(page, 1).getByRole('img', { name: /^Chart 1: c\/press temp$/ });
  const box = await plot.boundingBox();
  if (box === null) {
    throw new Error('the plot is not on screen');
  }
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(chart(page, 1).getByRole('status')).toHaveText(/ to /);
  const zoomed = await chart(page, 1).getByRole('status').textContent();
  await plot.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(chart(page, 1).getByRole('status')).not.toHaveText(zoomed ?? '');
  await plot.dblclick();
  await expect(chart(page, 1).getByRole('status')).toHaveText('Live');

  const csv = page.waitForEvent('download');
  await chart(page, 1).getByRole('button', { name: 'Save points as CSV' }).click();
  const lines = (await readFile(await (await csv).path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toBe('time,topic,field,value');
  expect(lines).toHaveLength(23);
  expect(lines[22]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,"c\/press","temp",70$/);
  const png = page.waitForEvent('download');
  await chart(page, 1).getByRole('button', { name: 'Save chart as PNG' }).click();
  const image = await readFile(await (await png).path());
  expect(image.subarray(1, 4).toString()).toBe('PNG');
  expect(image.length).toBeGreaterThan(2000);
});

test('several lines, several charts, size and rate; kept with the connection over a reload', async ({
  app,
}) => {
  // Looks through the whole page for barriers on its way.
  test.slow();
  const { page } = app;
  await connect(page, { name: 'Charts', port: broker.ports.mqtt });
  await subscribe(page, 'm/#');
  await other.publish('m/a', '{"volts":230.5,"amps":{"in":4}}');
  await other.publish('m/plain', '21.4 °C');
  await screen.streamRow(page, 'volts').click();
  await screen.message(page).getByRole('button', { name: 'Chart a number' }).click();
  await page.getByRole('menuitem', { name: /^volts/ }).click();
  await expect(figures(page, 1, 'volts').first()).toHaveText('230.5');
  await tab(page, 'Fields').click();
  await screen.message(page).getByRole('button', { name: 'Add amps.in to chart 1' }).click();
  await expect(figures(page, 1, 'amps.in').first()).toHaveText('4');

  await screen.streamRow(page, '21.4').click();
  await screen.message(page).getByRole('button', { name: 'Chart a number' }).click();
  await expect(figures(page, 1, 'm/plain').first()).toHaveText('21.4');
  await expect(figures(page, 2, 'volts').first()).toHaveText('230.5');
  await tab(page, 'Fields').click();
  await screen.message(page).getByRole('button', { name: 'Chart size' }).click();
  await expect(figures(page, 1, 'bytes').first()).toHaveText('8');
  expect(await seriousViolations(page)).toEqual([]);

  await page.reload();
  await screen.streamRow(page, '21.4').click();
  await tab(page, 'Chart').click();
  await expect(figures(page, 3, 'amps.in').first()).toHaveText('4');
  await other.publish('m/a', '{"volts":231,"amps":{"in":5}}');
  await expect(figures(page, 3, 'amps.in').first()).toHaveText('5');
  await chart(page, 3).getByRole('button', { name: 'Remove m/a amps.in' }).click();
  await expect(chart(page, 3).getByRole('row')).toHaveCount(2);
  await chart(page, 1).getByRole('button', { name: 'Remove chart' }).click();
  await expect(chart(page, 3)).toHaveCount(0);
});

test('the number beside which one presses is drawn, of JSON in the value and of XML', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'x/#')]);
  await ready(page, 1);
  await other.publish('x/json', '{"at":{"zone":"a","levels":[3,8]},"n":12}');
  await other.publish('x/xml', '<plant><line><temp unit="C">21.5</temp></line></plant>');
  await screen.streamRow(page, 'levels').click();
  await expect(screen.message(page).locator('.view-line')).toHaveCount(10);
  const buttons = screen.message(page).locator('.margin-view-overlays [class*="_number_"]');
  await expect(buttons).toHaveCount(3);
  await buttons.nth(1).click();
  await expect(figures(page, 1, 'at.levels[1]').first()).toHaveText('8');

  await screen.streamRow(page, '<plant>').click();
  await screen.message(page).getByRole('button', { name: 'Chart a number' }).click();
  await expect(figures(page, 1, '/plant/line/temp').first()).toHaveText('21.5');
});
