import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient, type ReceivedMessage } from './support/other-client.ts';
import {
  brokerUrl,
  choose,
  publish,
  publishTopic,
  ready,
  screen,
  typeInto,
  valueText,
} from './support/screen.ts';

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({
    listeners: ['mqtt'],
    // Anyone may read all; nothing may be written below locked.
    acl: ['topic read #', 'topic write out/#', 'topic write kept/#'].join('\n'),
  });
  other = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

const pane = screen.publish;
const payload = (page: Page) => pane(page).getByRole('textbox', { name: /^Payload/ });
const outcome = (page: Page) => pane(page).getByRole('status').filter({ hasText: /\S/ });
const refusal = (page: Page) => pane(page).getByRole('alert').filter({ hasText: 'Nothing was' });
/** The newest message of a topic that the other client got. */
const newest = (heard: readonly ReceivedMessage[], topic: string) =>
  heard.findLast((message) => message.topic === topic);
const hexOf = (heard: readonly ReceivedMessage[], topic: string) =>
  newest(heard, topic)?.payload.toString('hex');

test('every format arrives byte for byte; every QoS tells its outcome', async ({ launch }) => {
  const heard = await other.listen('out/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('out/format');
  for (const [format, text, hex] of [
    ['text', 'Grüße', Buffer.from('Grüße').toString('hex')],
    ['json', '{"n": 1.0}', Buffer.from('{"n": 1.0}').toString('hex')],
    ['xml', '<a b="1"/>', Buffer.from('<a b="1"/>').toString('hex')],
    ['hex', '00 ff 1B', '00ff1b'],
    ['base64', 'AP8b', '00ff1b'],
    ['yaml', 'a: 1', Buffer.from('a: 1').toString('hex')],
    ['cbor', '{"t": 1.5, "raw": h\'0a\'}', 'a26174f93e0063726177410a'],
    ['msgpack', '{"n": 300, "ok": true}', '82a16ecd012ca26f6bc3'],
  ] as const) {
    await choose(pane(page), 'Format', format);
    await typeInto(page, payload(page), text);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => hexOf(heard, 'out/format'), { message: format }).toBe(hex);
  }
  await expect(outcome(page)).toContainText(/^Sent \d\d:\d\d:\d\d/);

  const count = heard.length;
  for (const [format, text, problem] of [
    ['hex', '0a zz', '“z” is not a hex digit (character 4).'],
    ['hex', '0a b', '“b” stands alone: a byte has two digits (character 4).'],
    ['base64', 'A*', '“*” is not a Base64 character (character 2).'],
    ['json', '{"a":}', 'Not valid JSON: A value is missing after the “:” (character 6).'],
    ['xml', '<a>', 'Not well-formed XML: The text ends here, but <a> is not closed'],
  ] as const) {
    await choose(pane(page), 'Format', format);
    await typeInto(page, payload(page), text);
    await pane(page).getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(refusal(page)).toBeVisible();
    await expect(pane(page).getByText(problem).first()).toBeVisible();
  }
  expect(heard).toHaveLength(count);

  await pane(page)
    .locator('input[type=file][aria-label="Payload from a file"]')
    .setInputFiles({
      name: 'image.bin',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('fe00fd', 'hex'),
    });
  await expect(pane(page).getByText('image.bin')).toBeVisible();
  await choose(pane(page), 'QoS', '1');
  await publishTopic(page).press('ControlOrMeta+Enter');
  await expect.poll(() => hexOf(heard, 'out/format')).toBe('fe00fd');
  await expect(outcome(page)).toContainText(/Acknowledged: Success \(0x00\) in \d/);
  // The text behind the file is not what is seen: it is neither saved nor repeated; a program has the file's bytes.
  const more = (item: string) =>
    pane(page)
      .getByRole('button', { name: 'More about publishing' })
      .click()
      .then(() => page.getByRole('menuitem', { name: item }).click());
  for (const item of ['Save to library…', 'Repeat…']) {
    await more(item);
    await expect(screen.notice(page, /payload in Publish is the file “image\.bin”/)).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
  }
  await more('Copy as program…');
  await choose(page.getByRole('dialog'), 'Language or tool', 'paho');
  await expect(page.getByRole('region', { name: 'Program' })).toContainText('b"\\xfe\\x00\\xfd"');
  await page.keyboard.press('Escape');
  await pane(page).getByRole('button', { name: 'Remove the file' }).click();
  await choose(pane(page), 'Format', 'text');
  await publish(page, 'out/two', 'exactly once', { qos: '2' });
  await expect.poll(() => newest(heard, 'out/two')?.qos).toBe(2);
  await expect(outcome(page)).toContainText(/Acknowledged: Success \(0x00\) in \d/);
  const steps = pane(page).getByRole('list', { name: 'Steps of QoS 2' }).getByRole('listitem');
  await expect(steps).toHaveText([/^PUBLISH/, /PUBREC \d.*ms$/, /^PUBREL/, /PUBCOMP \d.*ms$/]);

  // Keys that are held are one press.
  await publishTopic(page).fill('out/held');
  await page.keyboard.down('ControlOrMeta');
  for (let repeat = 0; repeat < 5; repeat++) {
    await page.keyboard.down('Enter');
  }
  await page.keyboard.up('Enter');
  await page.keyboard.up('ControlOrMeta');
  await publish(page, 'out/after', 'last');
  await expect.poll(() => newest(heard, 'out/after')).toBeDefined();
  expect(heard.filter(({ topic }) => topic === 'out/held')).toHaveLength(1);
});

test('MQTT 5 properties reach the receiver; a recent publish is recalled with them', async ({ launch }) => {
  const heard = await other.listen('out/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await pane(page).getByRole('button', { name: 'MQTT 5 properties' }).click();
  const field = (name: string) => pane(page).getByRole('textbox', { name, exact: true });
  await field('Content type').fill('text/plain');
  await field('Message expiry').fill('soon');
  await field('Response topic').fill('out/answer');
  await field('Correlation data').fill('request-17');
  await pane(page).getByRole('switch', { name: 'Payload is UTF-8 text' }).check({ force: true });
  await pane(page).getByRole('button', { name: 'Add property' }).click();
  await field('Name 1').fill('unit');
  await field('Value 1').fill('kPa');
  await publish(page, 'out/properties', 'with all', { qos: '1' });
  await expect(refusal(page)).toBeVisible();
  await expect(pane(page).getByText('A whole number of seconds')).toBeVisible();
  await field('Message expiry').fill('60');
  await pane(page).getByRole('button', { name: 'Publish', exact: true }).click();
  await expect.poll(() => newest(heard, 'out/properties')?.properties.contentType).toBe('text/plain');
  const { properties } = newest(heard, 'out/properties') ?? {};
  expect(properties?.messageExpiryInterval).toBeGreaterThan(50);
  expect(properties?.responseTopic).toBe('out/answer');
  expect(properties?.correlationData?.toString()).toBe('request-17');
  expect(properties?.payloadFormatIndicator).toBe(true);
  expect({ ...properties?.userProperties }).toEqual({ unit: 'kPa' });

  await publish(page, 'out/later', 'another', { qos: '0' });
  await expect(outcome(page)).toContainText('Sent');
  await field('Content type').fill('');
  await pane(page).getByRole('button', { name: 'Recent publishes' }).click();
  await page.getByRole('menuitem', { name: /out\/properties/ }).click();
  await expect(publishTopic(page)).toHaveValue('out/properties');
  await expect(field('Content type')).toHaveValue('text/plain');
  await expect(field('Value 1')).toHaveValue('kPa');
  await expect(pane(page).getByRole('combobox', { name: 'QoS' })).toHaveValue('1');
});

test('wildcards and stray blanks are caught; known topics are offered', async ({ launch }) => {
  const heard = await other.listen('out/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'out/#')]);
  await ready(page, 1);
  const count = heard.length;
  for (const [topic, problem] of [
    ['out/+/a', 'may not hold the wildcard +'],
    ['out/#', 'may not hold the wildcard #'],
    ['out/a ', 'ends with white space'],
    ['', 'needs at least one character'],
  ] as const) {
    await publish(page, topic, 'x');
    await expect(pane(page).getByText(problem).first()).toBeVisible();
    await expect(refusal(page)).toBeVisible();
  }
  expect(heard).toHaveLength(count);
  await other.publish('out/known/topic', 'x').catch(() => undefined);
  await expect(screen.topic(page, 'out')).toBeVisible();
  await publishTopic(page).fill('out/kn');
  await page.getByRole('option', { name: 'out/known/topic' }).click();
  await expect(publishTopic(page)).toHaveValue('out/known/topic');
});

test('clear a retained message and put it back; a refusal shows its reason code', async ({ launch }) => {
  await other.publish('kept/lamp', 'on', { retain: true });
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'kept/#')]);
  await ready(page, 1);
  await expect(screen.streamRow(page, 'on')).toBeVisible();
  const clear = async () => {
    await pane(page).getByRole('button', { name: 'More about publishing' }).click();
    await page.getByRole('menuitem', { name: 'Clear retained message' }).click();
  };
  const retained = async () => {
    const probe = await connectOther(broker.ports.mqtt);
    const heard = await probe.listen('kept/lamp');
    await probe.publish('kept/end', '');
    await probe.end();
    return heard.map((message) => message.payload.toString());
  };
  await publishTopic(page).fill('kept/lamp');
  await clear();
  await expect(outcome(page)).toContainText('Cleared the retained message of kept/lamp');
  expect(await retained()).toEqual([]);
  await outcome(page).getByRole('button', { name: 'Undo' }).click();
  await expect(outcome(page)).toContainText('Put the retained message of kept/lamp back');
  expect(await retained()).toEqual(['on']);
  // What is not known here can't be had back: it is asked first.
  await publishTopic(page).fill('kept/unknown');
  await clear();
  await expect(outcome(page)).toContainText('cannot be undone');
  await outcome(page).getByRole('button', { name: 'Cancel' }).click();

  await publish(page, 'locked/door', 'open', { qos: '1' });
  const alert = pane(page).getByRole('alert').filter({ hasText: /\S/ });
  await expect(alert).toContainText(/not allow|not authori/i);
  await alert.getByText('Details').click();
  await expect(alert).toContainText('0x87');
  // Retained at publish time, the message is shown as what was sent.
  await publishTopic(page).fill('kept/new');
  await pane(page).getByRole('switch', { name: 'Retain' }).check({ force: true });
  await typeInto(page, payload(page), 'stays');
  await pane(page).getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(screen.streamRow(page, 'stays').first()).toContainText('retain');
  await screen.streamRow(page, 'stays').first().click();
  await expect.poll(() => valueText(page)).toBe('stays');
});

test('generators, several topics, and what a rule says are filled in, previewed and sent', async ({
  launch,
}) => {
  const heard = await other.listen('out/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'out/#')]);
  await ready(page, 1);
  await publishTopic(page).fill('out/line{1..3}/{a,b}');
  await expect(pane(page)).toContainText('6 topics: out/line1/a … out/line3/b');
  await choose(pane(page), 'Format', 'json');
  await choose(pane(page), 'QoS', '1');
  await typeInto(page, payload(page), '{"n": {{seq 10 5}}, "temp": {{random 20 20}}}');
  await expect(pane(page).getByRole('note', { name: 'Filled in' })).toHaveText('{"n": 10, "temp": 20}');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(outcome(page)).toContainText('Published 6 messages, acknowledged in');
  const values = () =>
    heard.filter(({ topic }) => topic.startsWith('out/line')).map(({ payload: bytes }) => bytes.toString());
  await expect.poll(values).toEqual([10, 15, 20, 25, 30, 35].map((n) => `{"n": ${n}, "temp": 20}`));

  // As it stands, where that is wanted; and a name that is none is pointed out.
  await publishTopic(page).fill('out/plain');
  await choose(pane(page), 'Format', 'text');
  await typeInto(page, payload(page), 'Hello {{name}}');
  await expect(pane(page)).toContainText('There is no generator and no variable “name”.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(refusal(page)).toBeVisible();
  await pane(page).getByRole('checkbox', { name: 'Fill in {{…}}' }).uncheck();
  await payload(page).focus();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => newest(heard, 'out/plain')?.payload.toString()).toBe('Hello {{name}}');

  // Bytes by the template of a rule; and a received message is edited and sent again by it.
  await page.getByRole('tab', { name: 'Rules', exact: true }).click();
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  await rules.getByRole('button', { name: 'Add rule' }).click();
  await rules.getByRole('textbox', { name: 'Topic filter' }).fill('out/node');
  await choose(rules, 'View', 'Template');
  await rules.getByRole('textbox', { name: 'Template' }).fill('u8 id; u16le temp');
  await rules.getByRole('button', { name: 'Add', exact: true }).click();
  await publishTopic(page).fill('out/node');
  await choose(pane(page), 'Format', 'By rule (Template)');
  await typeInto(page, payload(page), '{"id": 7, "temp": 305}');
  await expect(pane(page).getByRole('note', { name: 'Bytes' })).toHaveText('07 31 01');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => hexOf(heard, 'out/node')).toBe('073101');
  await page.getByRole('tab', { name: 'Messages', exact: true }).click();
  await screen.streamRow(page, 'out/node').first().click();
  await expect.poll(() => valueText(page)).toContain('"temp": 305');
  await screen.message(page).getByRole('button', { name: 'Use topic and value in Publish' }).click();
  await expect(pane(page).getByRole('combobox', { name: 'Format' })).toHaveValue('rule');
  await typeInto(page, payload(page), '{"id": 7, "temp": 306}');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect.poll(() => hexOf(heard, 'out/node')).toBe('073201');
});
