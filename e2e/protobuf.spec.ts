import type { Page } from '@playwright/test';
import protobuf from 'protobufjs';
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

const units = 'syntax = "proto3"; package plant; enum Unit { NONE = 0; CELSIUS = 1; }';
const readings = `syntax = "proto3"; package plant;
${'import'} "units.proto";
message Alarm { string text = 1; }
message Reading { uint64 serial = 1; float temp = 2; Unit unit = 3; repeated sint32 steps = 4; }`;

const root = new protobuf.Root();
for (const text of [units, readings]) {
  protobuf.parse(text, root, { keepCase: true });
}
const encoded = (temp: number) => {
  const type = root.lookupType('plant.Reading');
  const value = { serial: '18446744073709551615', temp, unit: 1, steps: [1, -2] };
  return Uint8Array.from(type.encode(type.fromObject(value)).finish());
};

const pane = (page: Page) => page.getByRole('region', { name: 'Rules', exact: true });
const form = (page: Page) => pane(page).getByRole('form');
const schemas = (page: Page) => pane(page).getByRole('list', { name: 'Schemas of this connection' });
const show = (page: Page, tab: string) => page.getByRole('tab', { name: tab, exact: true }).click();
const viewAs = (page: Page) => screen.message(page).getByRole('combobox', { name: 'View as' });

/** Drops files onto the pane. */
async function drop(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(all)) {
      data.items.add(new File([text], name));
    }
    return data;
  }, files);
  const target = pane(page).getByRole('region', { name: 'Schemas', exact: true });
  await target.dispatchEvent('dragover', { dataTransfer: transfer });
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

test('Protobuf is read by a schema that was dropped, charted, and stays with the connection', async ({
  launch,
}) => {
  // From the first byte to a restart, with two scans for accessibility.
  test.slow();
  const { page, restart } = await launch();
  await connect(page, { name: 'Plant', port: broker.ports.mqtt });
  await subscribe(page, 'p/#');
  await other.publish('p/oven', encoded(21.4), { retain: true });
  await screen.streamRow(page, 'p/oven').click();

  // Without a schema: what is on the wire.
  await viewAs(page).selectOption('Protobuf');
  await expect.poll(() => valueText(page)).toContain('2: 0x41ab3333  # float 21.4');
  await viewAs(page).selectOption('Auto');

  // A file that lacks another one says which; together they are a schema.
  await show(page, 'Rules');
  await drop(page, { 'readings.proto': readings });
  await expect(schemas(page)).toContainText(
    'readings.proto imports “units.proto”, which is not among the files.',
  );
  await pane(page).getByRole('button', { name: 'Remove the schema readings' }).click();
  await expect(schemas(page)).toHaveCount(0);
  // A later removal is the one that is undone.
  await screen.notice(page, 'readings').getByRole('button', { name: 'Close' }).click();
  await drop(page, { 'readings.proto': readings, 'units.proto': units });
  await expect(schemas(page)).toContainText('2 message types');
  expect(await seriousViolations(page)).toEqual([]);

  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await form(page).getByRole('textbox', { name: 'Topic filter' }).fill('p/+');
  await form(page).getByRole('combobox', { name: 'View', exact: true }).selectOption('Protobuf');
  await expect(form(page).getByRole('combobox', { name: 'Schema' })).toHaveValue(/./);
  const type = form(page).getByRole('combobox', { name: 'Message type' });
  await type.fill('read');
  await page.getByRole('option', { name: 'plant.Reading' }).click();
  await expect(form(page).getByRole('region', { name: 'Preview of the view' })).toContainText('"temp": 21.4');
  expect(await seriousViolations(page)).toEqual([]);
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(schemas(page)).toContainText('used by 1 rule');

  await show(page, 'Messages');
  await expect(screen.streamRow(page, 'p/oven')).toContainText(
    '{"serial":18446744073709551615,"temp":21.4,"unit":"CELSIUS"',
  );
  await expect.poll(() => valueText(page)).toContain('"serial": 18446744073709551615');
  await expect(viewAs(page)).toHaveAccessibleDescription('Auto: Protobuf: Reading');
  await screen.message(page).getByRole('button', { name: 'Chart a number' }).click();
  await page.getByRole('menuitem', { name: /^temp/ }).click();
  await other.publish('p/oven', encoded(22), { retain: true });
  await expect(screen.message(page).getByRole('img', { name: /p\/oven temp/ })).toBeVisible();

  // Gone, the schema leaves the bytes; it is asked for first, and can be brought back.
  await show(page, 'Rules');
  await pane(page).getByRole('button', { name: 'Remove the schema readings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(pane(page)).toContainText(
    'The schema that the rule names is not there. Messages are shown as bytes.',
  );
  await page.getByRole('tab', { name: 'Value', exact: true }).click();
  await expect(screen.message(page).getByRole('grid', { name: 'Value' })).toBeVisible();
  await expect(screen.message(page)).toContainText('The schema that the rule names is not there.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => valueText(page)).toContain('"temp": 2');

  const again = await restart();
  const saved = again.page.getByRole('tree', { name: 'Saved connections' });
  await saved.getByRole('treeitem', { name: /Plant/ }).dblclick();
  await expect(screen.status(again.page)).toContainText('Connected');
  await expect(screen.streamRow(again.page, 'p/oven')).toContainText('"temp":22,"unit":"CELSIUS"');
});
