import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
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

const pane = (page: Page) => page.getByRole('region', { name: 'Library', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, name: string) =>
  pane(page)
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name, exact: true }) });
const names = async (page: Page) =>
  (await pane(page).getByRole('rowheader').allInnerTexts()).map((name) => name.trim());

test('a message is saved, sent by one click and by its key, moved, shared and removed', async ({
  launch,
}) => {
  const heard = await other.listen('lib/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('lib/pump/set');
  await typeInto(page, screen.publish(page).getByRole('textbox', { name: /^Payload/ }), 'on {{seq}}');
  await choose(screen.publish(page), 'QoS', '1');
  await publishTopic(page).press('ControlOrMeta+s');
  await dialog(page).getByRole('textbox', { name: 'Name' }).fill('Pump on');
  await dialog(page).getByRole('combobox', { name: 'Folder' }).fill('Pumps');
  // Checked as it would be filled in now, unless it is to go as it stands.
  const fills = dialog(page).getByRole('checkbox', { name: 'Fill in {{…}}' });
  await expect(fills).toBeChecked();
  await expect(dialog(page).getByText('4 bytes')).toBeVisible();
  await fills.uncheck();
  await expect(dialog(page).getByText('10 bytes')).toBeVisible();
  await fills.check();
  await choose(dialog(page), 'Key', 'alt+shift+1');
  await dialog(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);

  await row(page, 'Pump on').getByRole('button', { name: 'Send Pump on' }).click();
  await expect(row(page, 'Pump on').getByRole('status')).toContainText(/Acknowledged, \d/);
  await expect.poll(() => heard.map(({ payload }) => payload.toString())).toEqual(['on 1']);
  expect(heard[0]?.qos).toBe(1);
  // Its key sends it whichever tab is shown.
  await page.getByRole('tab', { name: 'Messages', exact: true }).click();
  await page.keyboard.press('Alt+Shift+1');
  await expect.poll(() => heard.length).toBe(2);
  await page.getByRole('tab', { name: 'Library', exact: true }).click();

  await row(page, 'Pump on').getByRole('button', { name: 'More about Pump on' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect.poll(() => names(page)).toEqual(['Pumps', 'Pump on', 'Pump on (copy)']);
  await row(page, 'Pump on (copy)').getByRole('button', { name: 'Send Pump on (copy)' }).press('Alt+ArrowUp');
  await expect.poll(() => names(page)).toEqual(['Pumps', 'Pump on (copy)', 'Pump on']);
  await row(page, 'Pump on').dragTo(row(page, 'Pump on (copy)'));
  await expect.poll(() => names(page)).toEqual(['Pumps', 'Pump on', 'Pump on (copy)']);

  await publishTopic(page).fill('lib/other');
  await row(page, 'Pump on').getByRole('button', { name: 'Pump on', exact: true }).click();
  await expect(publishTopic(page)).toHaveValue('lib/pump/set');
  await row(page, 'Pump on (copy)').getByRole('button', { name: 'More about Pump on (copy)' }).click();
  await page.getByRole('menuitem', { name: 'Share with all connections' }).click();
  await expect(pane(page).getByRole('table', { name: 'All connections' })).toContainText('Pump on (copy)');
  await row(page, 'Pump on').getByRole('button', { name: 'More about Pump on' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(row(page, 'Pump on')).toHaveCount(0);
  // Its key goes to another one meanwhile: what comes back does without.
  await row(page, 'Pump on (copy)').getByRole('button', { name: 'More about Pump on (copy)' }).click();
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  await choose(dialog(page), 'Key', 'alt+shift+1');
  await dialog(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Pump on')).toBeVisible();
  await expect(screen.notice(page, '“Pump on” is without its key Alt+Shift+1')).toBeVisible();
  await expect(pane(page).locator('kbd', { hasText: '1' })).toHaveCount(1);
  // A key that is held is one press.
  const count = heard.length;
  await page.getByRole('tab', { name: 'Messages', exact: true }).click();
  await page.keyboard.down('Alt');
  await page.keyboard.down('Shift');
  for (let press = 0; press < 5; press++) {
    await page.keyboard.down('1');
  }
  await page.keyboard.up('1');
  await page.keyboard.up('Shift');
  await page.keyboard.up('Alt');
  await publishTopic(page).fill('lib/after');
  await publishTopic(page).press('ControlOrMeta+Enter');
  await expect.poll(() => heard.at(-1)?.topic).toBe('lib/after');
  expect(heard.length).toBe(count + 2);
});

test('messages come from mosquitto_pub lines and a file, and go into one; production wants a hold', async ({
  app,
}) => {
  const heard = await other.listen('lib/#');
  const before = heard.length;
  const { page } = app;
  await connect(page, {
    name: 'Production',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Production: each publish is held'),
  });
  await page.getByRole('tab', { name: 'Library', exact: true }).click();
  const menu = () => pane(page).getByRole('button', { name: 'More about the library' }).click();
  await menu();
  await page.getByRole('menuitem', { name: 'Import…' }).click();
  await dialog(page)
    .getByRole('textbox', { name: 'Text to import' })
    .fill(`mosquitto_pub -h x -t lib/valve -m '{"open": true}' -q 1 -r\nmosquitto_pub -t lib/file -f a.bin`);
  await dialog(page).getByRole('button', { name: 'Look' }).click();
  await expect(dialog(page).getByText('1 message found:')).toBeVisible();
  await expect(dialog(page).getByText(/payload is in the file a\.bin/)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Import 1 message' }).click();
  const hold = row(page, 'lib/valve').getByRole('button', { name: 'Hold to send lib/valve' });
  await hold.click();
  await hold.click({ delay: 1300 });
  await expect
    .poll(() => heard.slice(before).map(({ topic, payload }) => `${topic} ${payload}`))
    .toEqual(['lib/valve {"open": true}']);

  const download = page.waitForEvent('download');
  await menu();
  await page.getByRole('menuitem', { name: 'Export those of this connection' }).click();
  const path = await (await download).path();
  await menu();
  await page.getByRole('menuitem', { name: 'Import…' }).click();
  await dialog(page).locator('input[type=file]').setInputFiles(path);
  await expect(dialog(page).getByText('1 message found:')).toBeVisible();
  await choose(dialog(page), 'Import for', 'shared');
  await dialog(page).getByRole('button', { name: 'Import 1 message' }).click();
  await expect(pane(page).getByRole('table', { name: 'All connections' })).toContainText('lib/valve');
});
