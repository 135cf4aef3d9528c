import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, ready, screen } from './support/screen.ts';

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

async function save(page: Page, format: string): Promise<Buffer> {
  await screen
    .streamPane(page)
    .getByRole('button', { name: 'Export the messages that pass the filters' })
    .click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: format, exact: true }).click();
  return readFile(await (await download).path());
}

test('what passes the filters is saved as JSON lines, CSV and raw files', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'x/#')]);
  await ready(page, 1);
  await other.publish('x/text', 'grüße, "you"');
  await other.publish('x/bytes', Buffer.from([0, 255, 1]));
  await other.publish('x/other', 'left out');
  await expect(screen.streamRow(page, 'left out')).toBeVisible();
  await screen.streamPane(page).getByRole('textbox', { name: 'Filter by topic' }).fill('x/text');
  await expect(screen.stream(page).locator('[data-index]')).toHaveCount(1);
  const one = (await save(page, 'JSON lines')).toString().trimEnd().split('\n');
  expect(one.map((line) => JSON.parse(line))).toMatchObject([{ topic: 'x/text', payload: 'grüße, "you"' }]);

  await screen.streamPane(page).getByRole('textbox', { name: 'Filter by topic' }).fill('');
  await expect(screen.stream(page).locator('[data-index]')).toHaveCount(3);
  const all = (await save(page, 'JSON lines'))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(all).toHaveLength(3);
  expect(all[1]).toMatchObject({ topic: 'x/bytes', payloadBase64: 'AP8B' });
  const csv = (await save(page, 'CSV')).toString();
  expect(csv.split('\r\n')[0]).toBe('sequence,time,direction,topic,qos,retain,size,encoding,payload');
  expect(csv).toContain('x/text,0,false,14,text,"grüße, ""you"""');
  const zip = await save(page, 'Raw payloads (ZIP)');
  expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
  expect(zip.includes(Buffer.from([0, 255, 1]))).toBe(true);
});

test('a message is copied as JSON and as text', async ({ launch }) => {
  const { page, clipboard } = await launch([brokerUrl(broker.ports.mqtt, 'c/#')]);
  await ready(page, 1);
  await other.publish('c/a', "it's 21 °C");
  const copied = async (item: string) => {
    await screen.streamRow(page, '21 °C').click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
    await expect(screen.notice(page, /^Copied/).first()).toBeVisible();
    return clipboard();
  };
  expect(await copied('Copy as text')).toBe("it's 21 °C");
  await expect.poll(async () => JSON.parse(await copied('Copy as JSON'))).toMatchObject({ topic: 'c/a' });
});
