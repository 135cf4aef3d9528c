import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, connect, publishTopic, ready, screen, subscribe, valueText } from './support/screen.ts';

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

const viewAs = (page: Page) => screen.message(page).getByRole('combobox', { name: 'View as' });
const notes = (page: Page) => screen.message(page).getByRole('status', { name: 'Notes on the value' });
const hexGrid = (page: Page) => screen.message(page).getByRole('grid', { name: 'Value' });
const open = (page: Page, value: string) => screen.streamRow(page, value).first().click();

test('every view; the chosen one stays with its topic over a reload', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Views', port: broker.ports.mqtt });
  await subscribe(page, 'v/#');
  await other.publish('v/json', '{"b":127.0,"a":[1]}');
  await other.publish('v/xml', '<a><b>1</b></a>');
  await other.publish('v/broken', '{"first":1,\n"second":}');
  await other.publish('v/open', '<a><b></a>');
  await open(page, '127.0');
  await expect.poll(() => valueText(page)).toBe('{\n  "b": 127.0,\n  "a": [\n    1\n  ]\n}');
  await viewAs(page).selectOption('Text');
  await expect.poll(() => valueText(page)).toBe('{"b":127.0,"a":[1]}');
  await viewAs(page).selectOption('Base64');
  await expect.poll(() => valueText(page)).toBe(Buffer.from('{"b":127.0,"a":[1]}').toString('base64'));
  await viewAs(page).selectOption('XML');
  await expect(notes(page)).toContainText('Not valid XML');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page).getByRole('gridcell').first()).toHaveText('7b');

  await open(page, '<b>1</b>');
  await expect(viewAs(page)).toHaveValue('auto');
  await expect.poll(() => valueText(page)).toBe('<a>\n  <b>1</b>\n</a>');
  await open(page, '"second"');
  await expect(notes(page)).toContainText(/Not valid JSON: A value is missing.*line 4, column 1/);
  await notes(page).getByRole('button', { name: 'line 4, column 1' }).click();
  await open(page, '<a><b></a>');
  await expect(notes(page)).toContainText(/Not valid XML: .*line \d/);

  await page.reload();
  await open(page, '127.0');
  await expect(viewAs(page)).toHaveValue('hex');
  await expect(hexGrid(page).getByRole('gridcell').nth(1)).toHaveText('22');
  await viewAs(page).selectOption('JSON');
  await expect.poll(() => valueText(page)).toContain('"b": 127.0');
});

test('a binary payload: hex grid, copy, the raw bytes saved', async ({ launch }) => {
  const app = await launch([brokerUrl(broker.ports.mqtt, 'bin')]);
  const { page } = app;
  await ready(page, 1);
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);
  await other.publish('bin', bytes);
  await screen.topic(page, 'bin').click();
  const grid = hexGrid(page);
  await expect(grid.getByRole('row').first()).toContainText('00000000');
  await expect(grid.getByRole('gridcell').first()).toHaveText('ff');
  await grid.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(grid.getByRole('row').filter({ hasText: '000000f0' })).toBeVisible();
  await expect(grid.locator('[data-cursor][role="gridcell"]')).toHaveText('00');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ControlOrMeta+c');
  await expect.poll(() => app.clipboard()).toBe('01 00');

  const message = screen.message(page);
  await message.getByRole('button', { name: 'Copy value' }).click();
  await expect.poll(async () => (await app.clipboard()).slice(0, 8)).toBe('ff fe fd');
  const downloading = page.waitForEvent('download');
  await message.getByRole('button', { name: 'Save payload to a file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^bin-\d+\.bin$/);
  expect(Uint8Array.from(await readFile(await download.path()))).toEqual(bytes);
});

test('history, differences, properties; newest or pinned', async ({ launch }) => {
  await other.publish('h/kept', 'of old', { retain: true });
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'h/#')]);
  await ready(page, 1);
  const message = screen.message(page);
  await open(page, 'of old');
  await expect(message.getByText('Retained', { exact: true })).toBeVisible();

  await other.publish('h/a', '{"n":1,"same":true}');
  await other.publish('h/a', '{"n":2,"same":true}', {
    qos: 1,
    properties: {
      contentType: 'application/json',
      responseTopic: 'h/answer',
      correlationData: Buffer.from('17'),
      messageExpiryInterval: 90,
      payloadFormatIndicator: true,
      userProperties: { unit: 'kPa', site: ['north', 'south'] },
    },
  });
  await screen.topic(page, 'h').click();
  await page.keyboard.press('ArrowRight');
  await screen.topic(page, 'a').click();
  await expect(message.getByText('Newest', { exact: true })).toBeVisible();
  await expect(message.getByText('Retained', { exact: true })).toHaveCount(0);
  await expect.poll(() => valueText(page)).toContain('"n": 2');

  await message.getByRole('tab', { name: 'Properties' }).click();
  const rows = message.getByRole('tabpanel', { name: 'Properties' }).getByRole('row');
  for (const [name, value] of [
    ['Content type', 'application/json'],
    ['Message expiry', '90 s'],
    ['Correlation data', '31 37'],
    ['Payload format', 'UTF-8 text (1)'],
    ['unit', 'kPa'],
    ['site', 'north'],
    ['site', 'south'],
    ['Payload size', '19 bytes'],
  ] as const) {
    const row = rows.filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    await expect(row.filter({ hasText: value })).toBeVisible();
  }
  await rows.getByRole('button', { name: 'Use response topic in Publish' }).click();
  await expect(publishTopic(page)).toHaveValue('h/answer');

  await message.getByRole('tab', { name: 'Diff' }).click();
  await expect(message.getByRole('status', { name: 'Differences' })).toContainText(
    '1 place differs (as JSON)',
  );

  await message.getByRole('tab', { name: 'History' }).click();
  const history = message.getByRole('listbox', { name: 'History' });
  await expect(history.getByRole('option')).toHaveCount(2);
  await expect(history.getByRole('option').first()).toContainText('"n":2');
  await history.getByRole('option').nth(1).click();
  await message.getByRole('tab', { name: 'Value' }).click();
  await expect.poll(() => valueText(page)).toContain('"n": 1');

  // Pinned: the next message does not take its place until asked to.
  await other.publish('h/a', '{"n":3,"same":true}');
  await expect(screen.streamRow(page, '"n":3')).toBeVisible();
  expect(await valueText(page)).toContain('"n": 1');
  await message.getByRole('button', { name: 'Next message' }).click();
  await expect.poll(() => valueText(page)).toContain('"n": 2');
  await message.getByRole('button', { name: 'Follow newest' }).click();
  await expect.poll(() => valueText(page)).toContain('"n": 3');
  await other.publish('h/a', '{"n":4,"same":true}');
  await expect.poll(() => valueText(page)).toContain('"n": 4');
});

test('the tab stays from topic to topic, and the keyboard in a list that was clicked', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'k/#')]);
  await ready(page, 1);
  const message = screen.message(page);
  const hasFocus = (locator: Locator) => expect(locator).toBeFocused();
  for (let n = 1; n <= 60; n += 1) {
    await other.publish('k/many', `value ${n}`);
  }
  await other.publish('k/bytes', Buffer.alloc(20_000, 0xff));
  await screen.streamRow(page, 'value 60').click();
  await message.getByRole('tab', { name: 'History' }).click();
  const history = message.getByRole('listbox', { name: 'History' });
  await history.getByRole('option').nth(1).click();
  await page.keyboard.press('End');
  await expect(history.getByRole('option', { selected: true })).toHaveText(/value 1$/);
  await hasFocus(history);

  await screen.streamRow(page, 'k/bytes').click();
  await expect(message.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true');
  await expect(history.getByRole('option')).toHaveCount(1);
  await message.getByRole('tab', { name: 'Value' }).click();
  await hexGrid(page).getByRole('gridcell').nth(20).click();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(message).toContainText('(19,999)');
  await page.keyboard.press('ArrowLeft');
  await expect(message).toContainText('(19,998)');
  await hasFocus(hexGrid(page));
});
