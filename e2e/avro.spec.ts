import type { Page } from '@playwright/test';
import avsc from 'avsc';
import { canonicalForm, fingerprint } from '#app/payload/avro/fingerprint.ts';
import { readAvroSchema } from '#app/payload/avro/read-schema.ts';
import { singleObject } from '#app/payload/avro/single-object.ts';
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

const reading = {
  type: 'record',
  name: 'Reading',
  namespace: 'plant',
  fields: [
    { name: 'serial', type: 'long' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'temp', type: 'double' },
    { name: 'unit', type: ['null', 'string'], default: null },
  ],
};
const alarm = { type: 'record', name: 'plant.Alarm', fields: [{ name: 'text', type: 'string' }] };
const file = JSON.stringify([alarm, reading]);
const mark = fingerprint(
  canonicalForm(
    readAvroSchema([{ path: 'a', text: JSON.stringify(reading) }]).roots[0] ?? { kind: 'null' },
  ) ?? '',
);
const encoded = (temp: number) =>
  avsc.Type.forSchema(reading as avsc.Schema, { wrapUnions: true }).toBuffer({
    serial: 4503599627370497,
    at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    temp,
    unit: { string: '°C' },
  });

const pane = (page: Page) => page.getByRole('region', { name: 'Rules', exact: true });
const form = (page: Page) => pane(page).getByRole('form');
const schemas = (page: Page) => pane(page).getByRole('list', { name: 'Schemas of this connection' });
const show = (page: Page, tab: string) => page.getByRole('tab', { name: tab, exact: true }).click();
const viewAs = (page: Page) => screen.message(page).getByRole('combobox', { name: 'View as' });

test('Avro names its schema, is read as soon as that is there, and by rule where it does not', async ({
  launch,
}) => {
  const { page } = await launch();
  await connect(page, { name: 'Plant', port: broker.ports.mqtt });
  await subscribe(page, 'p/#');
  await other.publish('p/named', singleObject(mark, encoded(21.5)), { retain: true });
  await other.publish('p/framed', Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), encoded(80)]), {
    retain: true,
  });

  // Without the schema: which one it is, and the bytes.
  await expect(screen.streamRow(page, 'p/named')).toContainText(`⟨Avro, schema 0x${mark}, `);
  await screen.streamRow(page, 'p/named').click();
  await expect(viewAs(page)).toHaveAccessibleDescription('Auto: Avro');
  await expect(screen.message(page)).toContainText(
    `by the schema with the fingerprint 0x${mark}, which is not among the schemas of this connection.`,
  );
  await expect(screen.message(page).getByRole('grid', { name: 'Value' })).toBeVisible();

  await show(page, 'Rules');
  const picker = pane(page).getByLabel('Schema files');
  await picker.setInputFiles({
    name: 'broken.avsc',
    mimeType: 'application/json',
    buffer: Buffer.from('{"type":"record","name":"A",\n"fields":[{"name":"b","type":"Bee"}]}'),
  });
  await expect(schemas(page)).toContainText(
    'broken.avsc, line 2, column 30: There is no type “Bee” in the files of this schema.',
  );
  await pane(page).getByRole('button', { name: 'Remove the schema broken' }).click();
  await picker.setInputFiles({ name: 'plant.avsc', mimeType: 'application/json', buffer: Buffer.from(file) });
  await expect(schemas(page)).toContainText('3 message types');

  // No rule is needed for a payload that names its schema.
  await expect.poll(() => valueText(page)).toContain('"temp": 21.5');
  expect(await valueText(page)).toContain('"at": "2026-01-02T03:04:05.006Z"');
  await expect(viewAs(page)).toHaveAccessibleDescription('Auto: Avro: Reading');
  await expect(screen.message(page)).not.toContainText('fingerprint');

  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await form(page).getByRole('textbox', { name: 'Topic filter' }).fill('p/framed');
  await form(page).getByRole('combobox', { name: 'View', exact: true }).selectOption('Avro');
  await form(page).getByRole('combobox', { name: 'Message type' }).fill('read');
  await page.getByRole('option', { name: 'plant.Reading' }).click();
  expect(await seriousViolations(page)).toEqual([]);
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(schemas(page)).toContainText('used by 1 rule');

  await show(page, 'Messages');
  const line = '{"serial":4503599627370497,"at":"2026-01-02T03:04:05.006Z","temp":';
  await expect(screen.streamRow(page, 'p/named')).toContainText(`${line}21.5,"unit":"°C"}`);
  await expect(screen.streamRow(page, 'p/framed')).toContainText(`${line}80,"unit":"°C"}`);
  await screen.streamRow(page, 'p/framed').click();
  await expect(screen.message(page)).toContainText('Framed for a schema registry (Confluent): schema 7.');
  await expect.poll(() => valueText(page)).toContain('"temp": 80');
});
