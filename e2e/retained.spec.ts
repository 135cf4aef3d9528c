import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, choose, connect, ready, screen } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Retained', exact: true });
const rows = (page: Page) => page.getByRole('grid', { name: 'Retained messages' }).locator('[data-index]');
const row = (page: Page, topic: string) =>
  rows(page).filter({ has: page.getByRole('gridcell', { name: topic, exact: true }) });
const progress = (page: Page) => pane(page).getByRole('status', { name: 'Progress' });
const selection = (page: Page) => pane(page).getByRole('status', { name: 'Selection' });
const keep = (topic: string, payload: string | Uint8Array, options = {}) =>
  other.publish(topic, payload, { retain: true, ...options });

async function load(page: Page, filter: string): Promise<void> {
  await page.getByRole('tab', { name: 'Retained' }).click();
  await pane(page).getByRole('textbox', { name: 'Topic filter to load' }).fill(filter);
  await pane(page).getByRole('button', { name: 'Load', exact: true }).click();
  await expect(pane(page).getByRole('status', { name: 'Loaded list' })).toContainText(
    `under ${filter}, as the broker had it at`,
  );
}

/** What a fresh client is sent. */
async function kept(filter: string): Promise<readonly string[]> {
  const client = await connectOther(broker.ports.mqtt);
  const messages = await client.listen(filter);
  await new Promise((resolve) => setTimeout(resolve, 250));
  await client.end();
  return [...messages]
    .filter(({ retain }) => retain)
    .map(({ topic, qos, payload, properties }) =>
      [topic, qos, payload.toString('hex'), properties.contentType ?? ''].join(' '),
    )
    .sort();
}

const press = (scope: Locator, name: string | RegExp) => scope.getByRole('button', { name }).click();

test('retained messages are listed, narrowed, selected, cleared after a preview, and brought back', async ({
  launch,
}) => {
  for (let index = 0; index < 40; index += 1) {
    await keep(`hall/shelf-${String(index).padStart(2, '0')}/level`, `{"level": ${index}}`);
  }
  await keep('hall/blob', new Uint8Array([0, 255, 7]), { qos: 2, properties: { contentType: 'x/blob' } });
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'other/#')]);
  await ready(page, 1);
  const before = await kept('hall/#');
  await load(page, 'hall/#');
  await expect(pane(page).getByText('41', { exact: true })).toBeVisible();
  await expect(row(page, 'hall/blob')).toContainText('3 B');
  // Neither the session's subscriptions nor its log know of it.
  await expect(screen.subscriptions(page).getByText(/granted/)).toHaveCount(1);
  expect(await screen.ledger(page).innerText()).toMatch(/\b0\b/);
  await expect(screen.topic(page, 'hall')).toHaveCount(0);

  await pane(page).getByRole('textbox', { name: 'Filter by topic' }).fill('hall/+/level');
  await expect(page.getByRole('grid', { name: 'Retained messages' })).toHaveAttribute('aria-rowcount', '41');
  await pane(page).getByRole('textbox', { name: 'Search topic or payload' }).fill('LEVEL": 3');
  await expect(rows(page)).toHaveCount(11);
  await row(page, 'hall/shelf-30/level').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(selection(page)).toContainText('3 messages selected, 39 B');
  await row(page, 'hall/shelf-03/level').click({ modifiers: ['ControlOrMeta'] });
  await row(page, 'hall/shelf-31/level').click({ modifiers: ['ControlOrMeta'] });
  await expect(selection(page)).toContainText('3 messages selected');
  await expect(row(page, 'hall/shelf-31/level')).toHaveAttribute('aria-selected', 'false');

  await press(pane(page), 'Clear selected…');
  const dialog = page.getByRole('dialog', { name: 'Clear 3 retained messages?' });
  await expect(dialog.getByRole('list', { name: 'Topics' }).getByRole('listitem')).toHaveText([
    'hall/shelf-30/level',
    'hall/shelf-32/level',
    'hall/shelf-03/level',
  ]);
  expect(await kept('hall/#')).toEqual(before);
  await press(dialog, 'Clear 3 messages');
  await expect(progress(page)).toContainText('Cleared 3 messages');
  await expect(progress(page)).toContainText('Verified at the broker.');
  expect(await kept('hall/#')).toEqual(before.filter((line) => !/shelf-(30|32|03)/.test(line)));
  await expect(rows(page)).toHaveCount(8);

  await press(pane(page), 'Clear “Search topic or payload”');
  await press(pane(page), 'Clear “Filter by topic”');
  await expect(page.getByRole('grid', { name: 'Retained messages' })).toHaveAttribute('aria-rowcount', '39');
  await page.getByRole('grid', { name: 'Retained messages' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(selection(page)).toContainText('38 messages selected');
  await press(pane(page), 'Clear selected…');
  const all = page.getByRole('dialog', { name: 'Clear 38 retained messages?' });
  await expect(all.getByText('and 18 more')).toBeVisible();
  await all.getByRole('textbox', { name: 'Messages per second' }).fill('10');
  await press(all, 'Clear 38 messages');
  await expect(progress(page)).toContainText(/Clearing [1-9]\d* of 38/);
  await press(pane(page), 'Cancel');
  await expect(progress(page)).toContainText(/^Cancelled\. Cleared \d+ messages? .* were not touched\.$/);
  const left = await kept('hall/#');
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(38);

  // Step by step, the newest first.
  await press(pane(page), /^Undo: bring back \d+ messages?$/);
  await expect(progress(page)).toContainText(`Brought back ${38 - left.length} message`);
  await press(pane(page), 'Undo: bring back 3 messages');
  await expect(progress(page)).toContainText('Brought back 3 messages');
  expect(await kept('hall/#')).toEqual(before);
});

test('a snapshot goes to a file and back, bytes, QoS and properties', async ({ launch }, info) => {
  await keep('snap/binary', new Uint8Array([0, 1, 254, 255]), { qos: 2, properties: { contentType: 'x/y' } });
  await keep('snap/text', 'grüezi', { qos: 0 });
  const before = await kept('snap/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await load(page, 'snap/#');
  const download = page.waitForEvent('download');
  await press(pane(page), 'Save snapshot of the shown messages');
  const file = info.outputPath('snapshot.jsonl');
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^retained-.*\.jsonl$/);
  await saved.saveAs(file);
  expect((await readFile(file, 'utf8')).split('\n')[0]).toContain(
    '"format":"topicscope-retained","version":1',
  );

  await keep('snap/binary', '');
  await keep('snap/text', 'changed');
  const changed = await kept('snap/#');
  await pane(page).getByLabel('Snapshot file').setInputFiles(file);
  const dialog = page.getByRole('dialog', { name: 'Restore 2 retained messages?' });
  await expect(dialog.getByText(/2 topics of them have messages that are replaced/)).toBeVisible();
  expect(await kept('snap/#')).toEqual(changed);
  await press(dialog, 'Restore 2 messages');
  await expect(progress(page)).toContainText('Restored 2 messages');
  expect(await kept('snap/#')).toEqual(before);
  await press(pane(page), 'Undo: take back 2 messages');
  await expect(progress(page)).toContainText('Brought back 2 messages');
  expect(await kept('snap/#')).toEqual(changed);

  await pane(page)
    .getByLabel('Snapshot file')
    .setInputFiles({ name: 'x.jsonl', mimeType: 'text/plain', buffer: Buffer.from('{"format":"else"}') });
  await expect(screen.notice(page, 'This is not a snapshot of retained messages.').first()).toBeVisible();
});

test('a read-only connection lists and clears nothing; a production one wants the button held', async ({
  launch,
}) => {
  await keep('guarded/a', 'stays');
  const watched = await launch();
  await connect(watched.page, {
    name: 'Watched',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Read-only: nothing is published'),
  });
  await load(watched.page, 'guarded/#');
  await row(watched.page, 'guarded/a').click();
  await expect(selection(watched.page)).toContainText('1 message selected');
  await expect(pane(watched.page).getByText('Read-only: nothing is cleared or restored.')).toBeVisible();
  await expect(
    pane(watched.page).getByRole('button', { name: /Clear selected|Restore a snapshot/ }),
  ).toHaveCount(0);
  await watched.close();

  const live = await launch([], `${watched.dataDirectory}-live`);
  const { page } = live;
  await connect(page, {
    name: 'Live',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Production: each publish is held'),
  });
  await load(page, 'guarded/#');
  await row(page, 'guarded/a').click();
  await press(pane(page), 'Clear selected…');
  const button = page.getByRole('dialog').getByRole('button', { name: 'Clear 1 message' });
  await button.click();
  await page.waitForTimeout(1200);
  expect((await kept('guarded/#')).length).toBe(1);
  await button.click({ delay: 1300 });
  await expect(progress(page)).toContainText('Cleared 1 message');
  expect(await kept('guarded/#')).toEqual([]);
  await pane(page).getByRole('button', { name: 'Undo: bring back 1 message' }).click({ delay: 1300 });
  await expect(progress(page)).toContainText('Brought back 1 message');
  expect((await kept('guarded/#')).length).toBe(1);
});
