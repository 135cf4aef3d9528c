import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { connect, publish, screen, subscribe } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Packets', exact: true });
const grid = (page: Page) => page.getByRole('grid', { name: 'Packets', exact: true });
/** Rows of packets of a type; those of marks hold sentences. */
const rows = (page: Page, type: string) =>
  grid(page)
    .locator('[data-index]')
    .filter({ has: page.getByRole('gridcell', { name: type, exact: true }) });
const fields = (page: Page) => page.getByRole('listbox', { name: 'Fields' });
const bytes = (page: Page) => page.getByRole('region', { name: 'Bytes' });
const roundTrip = /^\+?\d+(\.\d)? m?s$/;

test('every packet both ways, its fields beside its bytes, deliveries tied together, the password hidden', async ({
  app: { page, clipboard },
}) => {
  await connect(page, {
    name: 'Line',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('textbox', { name: 'Username' }).fill('operator');
      await form.getByLabel('Password', { exact: true }).fill('PaSsWoRd');
    },
  });
  await page.getByRole('tab', { name: 'Packets', exact: true }).click();
  await expect(grid(page)).toContainText('Recording begins within the connection.');
  await expect(pane(page).getByRole('status', { name: 'Keep alive' })).toContainText(
    /Keep alive \d+ s: next PINGREQ/,
  );
  // From CONNECT on.
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(rows(page, 'DISCONNECT')).toHaveCount(1);
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(rows(page, 'CONNACK')).toHaveCount(1);
  await expect(rows(page, 'CONNECT').getByRole('gridcell').last()).toHaveText(roundTrip);
  await rows(page, 'CONNECT').click();
  await expect(fields(page).getByRole('option', { name: /^User name/ })).toContainText('operator');
  await fields(page)
    .getByRole('option', { name: /^Password/ })
    .click();
  await expect(fields(page).getByRole('option', { name: /^Password/ })).toContainText('hidden, 8 bytes');
  await expect(bytes(page).locator('[data-marked]').first()).toBeVisible();
  await expect(bytes(page)).not.toContainText('PaSs');
  await pane(page).getByRole('button', { name: 'Copy as hex' }).click();
  expect(await clipboard()).toMatch(/^10 [0-9a-f\s]+2a 2a 2a 2a\s+2a/);
  await pane(page).getByRole('button', { name: 'Copy as text' }).click();
  expect(await clipboard()).toContain('Password: hidden, 8 bytes');

  await screen.subscriptions(page).getByRole('combobox', { name: 'QoS' }).first().selectOption('2');
  await subscribe(page, 'line/+/exact');
  await expect(rows(page, 'SUBACK')).toHaveCount(1);
  await pane(page).getByRole('button', { name: 'Clear' }).click();
  await expect(rows(page, 'SUBACK')).toHaveCount(0);

  // Sent at QoS 2, and received back at QoS 2.
  await publish(page, 'line/1/exact', 'once', { qos: '2' });
  await expect(rows(page, 'PUBCOMP')).toHaveCount(2);
  const sent = rows(page, 'PUBLISH').filter({ has: page.getByRole('gridcell', { name: 'sent' }) });
  await expect(sent.getByRole('gridcell').last()).toHaveText(roundTrip);
  await sent.click();
  const exchange = pane(page).getByRole('list', { name: 'Exchange' });
  await expect(exchange.getByRole('button')).toHaveText(['PUBLISH', 'PUBREC', 'PUBREL', 'PUBCOMP']);
  await fields(page)
    .getByRole('option', { name: /^Topic/ })
    .click();
  await expect(bytes(page).locator('[data-marked][data-at="2"]').first()).toHaveText('00');
  await fields(page).press('End');
  await expect(fields(page).getByRole('option', { name: 'Payload once' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await exchange.getByRole('button', { name: 'PUBREL' }).click();
  await expect(pane(page).getByRole('heading', { name: /^PUBREL sent/ })).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);

  // What comes at QoS 0 and 1, filters, and the pause.
  await device.publish('line/2/exact', 'at once', { qos: 0 });
  await device.publish('line/3/exact', 'with an answer', { qos: 1 });
  const acknowledged = rows(page, 'PUBACK');
  await expect(acknowledged).toHaveCount(1);
  await expect(acknowledged.getByRole('gridcell').last()).toHaveText(roundTrip);
  await pane(page).getByRole('combobox', { name: 'Packet type' }).selectOption('PUBLISH');
  await pane(page).getByRole('combobox', { name: 'Direction' }).selectOption('Received');
  await expect(grid(page).locator('[data-index]').filter({ hasText: 'QoS' })).toHaveCount(3);
  await pane(page).getByRole('textbox', { name: 'Topic or summary of packets' }).fill('LINE/3');
  await expect(grid(page).locator('[data-index]')).toHaveCount(1);
  await pane(page).getByRole('textbox', { name: 'Topic or summary of packets' }).fill('');
  await pane(page).getByRole('button', { name: 'Pause' }).click();
  await device.publish('line/3/exact', 'unheard', { qos: 1 });
  await pane(page).getByRole('button', { name: 'Resume' }).click();
  await expect(grid(page)).toContainText('Nothing was recorded for');
  await expect(grid(page).locator('[data-index]').filter({ hasText: 'QoS' })).toHaveCount(3);
});

test('keep alive is seen, the recording survives a lost connection, and problems are found', async ({
  app: { page },
}) => {
  await connect(page, {
    name: 'Keep',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('tab', { name: 'Advanced' }).click();
      await form.getByRole('textbox', { name: 'Keep alive' }).fill('2');
    },
  });
  await page.getByRole('tab', { name: 'Packets', exact: true }).click();
  await expect(grid(page)).toContainText('Recording begins within the connection.');
  await expect(rows(page, 'PINGREQ').first().getByRole('gridcell').last()).toHaveText(roundTrip);
  await expect(rows(page, 'PINGRESP').first()).toBeVisible();
  await expect(pane(page).getByRole('status', { name: 'Keep alive' })).toContainText(
    /^Keep alive 2 s: .*last round trip \d/,
  );
  await pane(page).getByRole('button', { name: 'Clear' }).click();
  const from = broker.log().length;
  await broker.restart();
  await broker.waitForLog(/New client connected/, from);
  await expect(rows(page, 'CONNACK')).toHaveCount(1, { timeout: 20_000 });
  await expect(grid(page)).toContainText('The connection is closed.');
  await expect(grid(page)).toContainText('Connected with MQTT 5.0');
  // What was kept stays while another tab is shown.
  await page.getByRole('tab', { name: 'Messages', exact: true }).click();
  await page.getByRole('tab', { name: 'Packets', exact: true }).click();
  await expect(rows(page, 'CONNACK')).toHaveCount(1);
  await expect(grid(page)).toContainText('Nothing was recorded for');
  await pane(page).getByRole('button', { name: 'Only problems' }).click();
  await expect(rows(page, 'CONNACK')).toHaveCount(0);
});

test('a pasted dump is taken apart in the same view', async ({ app: { page } }) => {
  await connect(page, { name: 'Dump', port: broker.ports.mqtt });
  await page.getByRole('tab', { name: 'Packets', exact: true }).click();
  await pane(page).getByRole('button', { name: 'Decode a hex dump…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Decode a hex dump' });
  const dump = dialog.getByRole('textbox', { name: 'Hex dump' });
  await dump.fill(
    [
      '0000   10 1c 00 04 4d 51 54 54  04 c2 00 3c 00 03 64 65   ....MQTT...<..de',
      '0010   76 00 03 6a 6f 65 00 06  70 65 6e 63 69 6c c0 00   v..joe..pencil..',
      '0020   36 09 00 03 61 2f 62 00  01 68 69                  6...a/b..hi',
    ].join('\n'),
  );
  const packets = dialog.getByRole('listbox', { name: 'Packets of the dump' });
  await expect(packets.getByRole('option')).toHaveCount(3);
  await expect(dialog.getByRole('option', { name: /^Password/ })).toContainText('hidden, 6 bytes');
  await expect(dialog.getByRole('region', { name: 'Bytes' })).not.toContainText('pencil');
  await packets.press('End');
  await expect(dialog.getByText('QoS 3 does not exist')).toContainText('MQTT 3.1.1 section 3.3.1.2');
  await expect(dialog.getByRole('option', { name: 'Topic a/b' })).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  // tcpdump -X, with the headers of IP and TCP.
  await dump.fill(
    [
      '12:00:00.000000 IP 10.0.0.2.1883 > 10.0.0.1.50000: Flags [P.], length 2',
      '\t0x0000:  4500 002a 0000 4000 4006 0000 0a00 0002  E..*..@.@.......',
      '\t0x0010:  0a00 0001 075b c350 0000 0001 0000 0001  .....[.P........',
      '\t0x0020:  5018 0200 0000 0000 d000                 P.........',
    ].join('\n'),
  );
  await expect(packets.getByRole('option')).toHaveCount(1);
  await expect(packets.getByRole('option')).toHaveText(/10\.0\.0\.2:1883 to 10\.0\.0\.1:50000.*PINGRESP/);
  await dump.fill('30 0g');
  await expect(dialog.getByRole('alert')).toContainText('“g” is no hex digit.');
});
