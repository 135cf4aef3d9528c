import type { Locator, Page } from '@playwright/test';
import sparkplug from 'sparkplug-payload';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient, type ReceivedMessage } from './support/other-client.ts';
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

const pane = screen.publish;
const payload = (page: Page) => pane(page).getByRole('textbox', { name: 'Payload', exact: true });
const newest = (heard: readonly ReceivedMessage[], topic: string) =>
  heard.findLast((message) => message.topic === topic);

const readingProto = `syntax = "proto3"; package plant;
enum Unit { NONE = 0; CELSIUS = 1; }
message Reading { uint64 serial = 1; float temp = 2; Unit unit = 3; }`;

async function dropFile(page: Page, target: Locator, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    (file) => {
      const data = new DataTransfer();
      data.items.add(new File([file.text], file.name));
      return data;
    },
    { name, text },
  );
  await target.dispatchEvent('dragover', { dataTransfer });
  await target.dispatchEvent('drop', { dataTransfer });
}

function pasteInto(target: Locator, text: string): Promise<void> {
  return target.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** What the reference library (Eclipse Tahu) reads of the newest message of a topic. */
function metricsRead(heard: readonly ReceivedMessage[], topic: string) {
  const message = newest(heard, topic);
  const read = message && sparkplug.get('spBv1.0')?.decodePayload(message.payload);
  return read?.metrics?.map(({ name, type, value }) => ({ name, type, value }));
}

test('Sparkplug B is written as JSON, and what was received is edited and sent again', async ({ launch }) => {
  const topic = 'spBv1.0/plant/NBIRTH/edge';
  const heard = await other.listen('spBv1.0/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'spBv1.0/#')]);
  await ready(page, 1);
  await publishTopic(page).fill(topic);
  await page.keyboard.press('Escape');
  await choose(pane(page), 'Format', 'sparkplug');
  await typeInto(page, payload(page), '{"seq":0,"metrics":{"Speed":{"type":"Int8","value":200}}}');
  await expect(pane(page)).toContainText(
    'Metric “Speed”: “value” has to be a whole number from -128 to 127 (Int8)',
  );
  await typeInto(
    page,
    payload(page),
    '{"seq":0,"metrics":{"Speed":{"type":"Int8","value":-20,"alias":7},"Unit":{"type":"String","value":"{{seq 5}}"}}}',
  );
  await expect(pane(page).getByRole('note', { name: 'Bytes' })).toContainText('18 00');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect
    .poll(() => metricsRead(heard, topic))
    .toEqual([
      { name: 'Speed', type: 'Int8', value: -20 },
      { name: 'Unit', type: 'String', value: '5' },
    ]);

  await screen.streamRow(page, topic).first().click();
  await expect(screen.message(page)).toContainText('"Speed"');
  await screen.message(page).getByRole('button', { name: 'Use topic and value in Publish' }).click();
  await expect(pane(page).getByRole('combobox', { name: 'Format' })).toHaveValue('sparkplug');
  await expect(pane(page).getByRole('note', { name: 'Bytes' })).toContainText('18 00');
  await publishTopic(page).fill('spBv1.0/plant/NDATA/edge');
  await page.keyboard.press('Escape');
  await publishTopic(page).press('ControlOrMeta+Enter');
  // In data the alias stands for the name.
  await expect.poll(() => metricsRead(heard, 'spBv1.0/plant/NDATA/edge')?.[0]?.value).toBe(-20);
  expect(metricsRead(heard, 'spBv1.0/plant/NDATA/edge')?.[0]?.name ?? '').toBe('');

  // What may stand in braces is a click away, at the cursor.
  await typeInto(page, payload(page), '{"uuid":"","metrics":{}}');
  await payload(page).press('ControlOrMeta+Home');
  for (let step = 0; step < 9; step += 1) {
    await page.keyboard.press('ArrowRight');
  }
  await pane(page).getByRole('button', { name: 'Generators' }).click();
  await page.getByRole('menuitem', { name: /^\{\{uuid\}\}/ }).click();
  await expect(pane(page).getByRole('note', { name: 'Filled in' })).toHaveText(
    /^\{"uuid":"[\da-f-]{36}","metrics":\{\}\}$/,
  );
});

test('where a rule has a schema, its fields and values are completed, judged, and given as an example', async ({
  launch,
}) => {
  const heard = await other.listen('p/#');
  const { page } = await launch();
  await connect(page, { name: 'Plant', port: broker.ports.mqtt });
  await page.getByRole('tab', { name: 'Rules', exact: true }).click();
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  await dropFile(
    page,
    rules.getByRole('region', { name: 'Schemas', exact: true }),
    'reading.proto',
    readingProto,
  );
  await expect(rules.getByRole('list', { name: 'Schemas of this connection' })).toContainText('reading');
  await rules.getByRole('button', { name: 'Add rule' }).click();
  await rules.getByRole('textbox', { name: 'Topic filter' }).fill('p/#');
  await choose(rules, 'View', 'Protobuf');
  await rules.getByRole('button', { name: 'Add', exact: true }).click();
  await publishTopic(page).fill('p/oven');
  await page.keyboard.press('Escape');
  await choose(pane(page), 'Format', 'rule');

  await pane(page).getByRole('button', { name: 'Insert an example' }).click();
  await expect(pane(page).getByRole('code')).toContainText('"unit": "NONE"');
  await typeInto(page, payload(page), '{ "unit": ');
  await page.keyboard.press('ControlOrMeta+Space');
  await page.getByRole('option', { name: /CELSIUS/ }).click();
  await page.keyboard.type(', "te');
  await page.getByRole('option', { name: /^temp/ }).click();
  await page.keyboard.type('21.5 }');
  await expect(pane(page).getByRole('note', { name: 'Bytes' })).toHaveText('15 00 00 ac 41 18 01');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => newest(heard, 'p/oven')?.payload.toString('hex')).toBe('150000ac411801');

  await typeInto(page, payload(page), '{ "unit": "KELVIN" }');
  await expect(pane(page)).toContainText('“unit” has to be one of NONE, CELSIUS');
  await expect(pane(page).locator('.squiggly-error')).toBeVisible();
});

test('bytes are typed into a grid, in hex and as text, undone, pasted and sent', async ({ launch }) => {
  const heard = await other.listen('h/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  const grid = pane(page).getByRole('grid', { name: 'Payload' });
  const sent = async () => {
    const before = heard.length;
    await grid.press('ControlOrMeta+Enter');
    await expect.poll(() => heard.length).toBe(before + 1);
    return newest(heard, 'h/x')?.payload.toString('hex');
  };
  await publishTopic(page).fill('h/x');
  await page.keyboard.press('Escape');
  await choose(pane(page), 'Format', 'hex');
  await grid.focus();
  await page.keyboard.type('00ff 1b');
  expect(await sent()).toBe('00ff1b');

  // Overwritten, inserted, as characters, and taken back.
  await page.keyboard.press('Home');
  await page.keyboard.type('0a');
  await page.keyboard.press('Insert');
  await page.keyboard.type('0b');
  expect(await sent()).toBe('0a0bff1b');
  await page.keyboard.press('F2');
  await page.keyboard.type('Hi');
  expect(await sent()).toBe('0a0b4869ff1b');
  for (let step = 0; step < 3; step += 1) {
    await page.keyboard.press('ControlOrMeta+z');
  }
  expect(await sent()).toBe('0aff1b');

  // All of it is replaced by what is pasted; the text has it too.
  await page.keyboard.press('F2');
  await page.keyboard.press('ControlOrMeta+a');
  await expect(pane(page)).toContainText('0x2, 3 bytes');
  await pasteInto(grid, '00 01 02 03 04 05 06 07 08');
  expect(await sent()).toBe('000102030405060708');
  expect(await seriousViolations(page)).toEqual([]);
  await pane(page).getByRole('button', { name: 'Edit as text' }).click();
  await typeInto(page, payload(page), 'fe');
  await pane(page).getByRole('button', { name: 'Edit in a grid' }).click();
  expect(await sent()).toBe('fe');

  // A payload of 64 KiB is edited as quickly as a short one.
  await pasteInto(grid, '5a'.repeat(65_536));
  await grid.press('ControlOrMeta+End');
  await page.keyboard.type('0102030405060708');
  await expect(pane(page)).toContainText('0x10008');
  expect(await sent()).toMatch(/5a0102030405060708$/);
  expect(newest(heard, 'h/x')?.payload).toHaveLength(65_544);
});

test('a large file is published as it is, with its progress', async ({ launch }) => {
  const heard = await other.listen('f/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('f/large');
  await page.keyboard.press('Escape');
  const buffer = Buffer.alloc(40 * 1024 * 1024);
  for (let at = 0; at < buffer.length; at += 4096) {
    buffer.writeUInt32LE(at, at);
  }
  await pane(page)
    .locator('input[type=file][aria-label="Payload from a file"]')
    .setInputFiles({ name: 'firmware.bin', mimeType: 'application/octet-stream', buffer });
  await expect(pane(page)).toContainText('firmware.bin');
  await choose(pane(page), 'QoS', '1');
  // Seen while it goes: the bar is there for moments only.
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const bar = document.querySelector('[role="progressbar"]');
      seen.add(bar?.getAttribute('aria-valuenow') ?? '');
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await pane(page).getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(pane(page)).toContainText('Acknowledged: ', { timeout: 40_000 });
  // The broker's answer is there before the last of it is with the other client.
  await expect.poll(() => newest(heard, 'f/large')?.payload.equals(buffer)).toBe(true);
  const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
  expect(seen.filter((value) => Number(value) > 0 && Number(value) < 100).length).toBeGreaterThan(2);
});
