import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { connect, screen, subscribe, valueText } from './support/screen.ts';

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

const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
const viewAs = (page: Page) => screen.message(page).getByRole('combobox', { name: 'View as' });
const notes = (page: Page) => screen.message(page).getByRole('status', { name: 'Notes on the value' });
const hexGrid = (page: Page) => screen.message(page).getByRole('grid', { name: 'Value' });
const open = (page: Page, value: string) => screen.streamRow(page, value).first().click();

test('CBOR and MessagePack are recognised, exact, and as bytes on request', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Binary', port: broker.ports.mqtt });
  await subscribe(page, 'c/#');
  await other.publish('c/cbor', hex('a3 6474656d70 f94d60 63726177 420a1b 616e 1bffffffffffffffff'));
  await other.publish('c/msgpack', hex('81 a161 92 01 c0'));
  await open(page, '"temp": 21.5');
  await expect
    .poll(() => valueText(page))
    .toBe('{\n  "temp": 21.5,\n  "raw": h\'0a1b\',\n  "n": 18446744073709551615\n}');
  await expect(notes(page)).toContainText('CBOR diagnostic notation');
  await open(page, 'c/msgpack');
  await expect.poll(() => valueText(page)).toBe('{\n  "a": [\n    1,\n    null\n  ]\n}');
  await viewAs(page).selectOption('CBOR');
  await expect(notes(page)).toContainText('Not valid CBOR');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page).getByRole('gridcell').first()).toHaveText('81');
});

test('a packed payload is unpacked first, says so, and is there as it came', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Packed', port: broker.ports.mqtt });
  await subscribe(page, 'z/#');
  await other.publish('z/gzip', gzipSync('{"a":1}'));
  await open(page, '1f 8b 08');
  await expect.poll(() => valueText(page)).toBe('{\n  "a": 1\n}');
  await expect(notes(page)).toContainText('gzip → JSON');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page).getByRole('gridcell').first()).toHaveText('1f');
});

test('JSON lines are shown a record a line, and the line that is none is named', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Lines', port: broker.ports.mqtt });
  await subscribe(page, 'l/#');
  await other.publish('l/log', '{"level":1}\n{"level":2.50}\n{"level":}\n');
  await open(page, 'level');
  await expect.poll(() => valueText(page)).toBe('{"level":1}\n{"level":2.50}\n{"level":}\n');
  await expect(notes(page)).toContainText('3 records, one a line.');
  await expect(notes(page)).toContainText('1 line of them not JSON.');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page).getByRole('gridcell').first()).toHaveText('7b');
});

test('the data inspector reads the selected bytes as numbers and times, in both byte orders', async ({
  app,
}) => {
  const { page } = app;
  await connect(page, { name: 'Bytes', port: broker.ports.mqtt });
  await subscribe(page, 'b/#');
  await other.publish('b/raw', hex('01 00 65920080 41ab3333 ff'));
  await open(page, '01 00 65');
  await viewAs(page).selectOption('Hex');
  await screen.message(page).getByRole('button', { name: 'Data inspector' }).click();
  const table = screen.message(page).getByRole('table', { name: 'Data inspector' });
  const reads = (name: string) => table.getByRole('row', { name: new RegExp(`^${name} `) }).getByRole('cell');
  await expect(reads('uint16')).toHaveText(['1', '256']);
  await hexGrid(page).getByRole('gridcell').nth(2).click();
  await expect(reads('Unix time, s').last()).toHaveText('2024-01-01T00:00:00.000Z');
  // A selection is read as it is, and no further.
  await hexGrid(page).press('Shift+ArrowRight');
  await expect(reads('uint32')).toHaveText('–');
  await expect(reads('uint16')).toHaveText(['37477', '26002']);
});

test('images are drawn and nothing in them runs; a damaged one is named', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Images', port: broker.ports.mqtt });
  await subscribe(page, 'i/#');
  const picture = screen.message(page).getByRole('img', { name: 'Payload' });
  const caption = screen.message(page).getByRole('figure');
  await other.publish(
    'i/png',
    hex(
      '89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000001049444154789c6338212707410c701600410006193c4541960000000049454e44ae426082',
    ),
  );
  await page.getByRole('tree', { name: 'Topics' }).getByRole('treeitem').first().click();
  await page.keyboard.press('*');
  await screen.topic(page, 'png').click();
  await expect(picture).toBeVisible();
  await expect(caption).toContainText('PNG · 3 × 2 pixels');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>document.title = 'hit'; parent.document.title = 'hit';</script><image href="http://127.0.0.1:9/x.png"/><rect width="40" height="20" fill="green"/></svg>`;
  await other.publish('i/svg', svg);
  await screen.topic(page, 'svg').click();
  await expect(picture).toBeVisible();
  await expect(caption).toContainText('SVG · 40 × 20 pixels');
  expect(await page.title()).not.toBe('hit');
  expect(await seriousViolations(page)).toEqual([]);
  await viewAs(page).selectOption('XML');
  await expect.poll(() => valueText(page)).toContain('<script>');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page).getByRole('gridcell').first()).toHaveText('3c');
  await other.publish('i/cut', hex('89504e470d0a1a0a0000000d49484452'));
  await screen.topic(page, 'cut').click();
  await expect(screen.message(page).getByText('The image is damaged, or not complete.')).toBeVisible();
});

test('other charsets, YAML, brotli, Base64 and packed images are read, and the bytes stay in reach', async ({
  app,
}) => {
  const { page } = app;
  await connect(page, { name: 'Texts', port: broker.ports.mqtt });
  await subscribe(page, 't/#');
  const german = 'Die Tür ist geöffnet, die Lüftung läuft. Außentemperatur 21 Grad.';
  await other.publish('t/latin', Uint8Array.from(Buffer.from(german, 'latin1')));
  await open(page, 't/latin');
  await expect.poll(() => valueText(page)).toBe(german);
  await expect(notes(page)).toContainText('read as Western (Windows-1252), a guess');
  await viewAs(page).selectOption('Text, Cyrillic (Windows-1251)');
  await expect.poll(() => valueText(page)).toContain('Die Tьr');

  await other.publish(
    't/utf16',
    Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from('{"é":1}', 'utf16le')]),
  );
  await open(page, 't/utf16');
  await expect.poll(() => valueText(page)).toBe('{\n  "é": 1\n}');
  await expect(notes(page)).toContainText('UTF-16 LE → JSON');

  await other.publish('t/yaml', 'a: 1\nb: [1, 2\nc: 3');
  await open(page, 't/yaml');
  await viewAs(page).selectOption('YAML');
  await expect(notes(page)).toContainText('Not valid YAML');
  await expect(notes(page).getByRole('button', { name: 'line 3, column 1' })).toBeVisible();

  await other.publish('t/brotli', brotliCompressSync(`{"values":[${'21.5,'.repeat(60)}0]}`));
  await open(page, 't/brotli');
  await expect(notes(page)).toContainText('brotli → JSON');
  await viewAs(page).selectOption('Hex');
  await expect(hexGrid(page)).toBeVisible();

  await other.publish('t/base64', Buffer.from('{"temp":21.5}').toString('base64'));
  await open(page, 't/base64');
  await viewAs(page).selectOption('From Base64');
  await expect.poll(() => valueText(page)).toBe('{\n  "temp": 21.5\n}');

  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>';
  await other.publish('t/image', gzipSync(svg));
  await open(page, 't/image');
  await expect(screen.message(page).getByRole('figure')).toContainText('40 × 30 pixels');
  await expect(notes(page)).toContainText('gzip → Image');
});
