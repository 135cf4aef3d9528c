import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, choose, connect, ready, typeInto } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Scripts', exact: true });
const source = (page: Page) => pane(page).getByRole('textbox', { name: /^Script/ });
const state = (page: Page) => pane(page).getByRole('status', { name: 'State of the script' });
const console_ = (page: Page) => pane(page).getByRole('list', { name: 'Console' });

async function write(page: Page, text: string): Promise<void> {
  await pane(page).getByRole('button', { name: 'New script' }).click();
  await page.getByRole('menuitem', { name: 'Empty' }).click();
  await expect(source(page)).toHaveValue('');
  await typeInto(page, source(page), text);
}

test('a script hears, publishes and checks; its commands are buttons; what is wrong is said with its line', async ({
  launch,
}) => {
  const heard = await device.listen('script/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await page.getByRole('tab', { name: 'Scripts', exact: true }).click();
  await write(
    page,
    [
      "await subscribe('ask/#');",
      "onMessage('ask/+', (message) => publish('script/' + message.json.n, 'heard ' + message.topic));",
      "onCommand('Ping', (argument) => { log('pinged ' + argument); publish('script/ping', { on: true }, { qos: 1 }); });",
      "check('numbers add up', () => expect(1 + 1).toBe(2));",
      "check('they do not', () => expect(1 + 1).toBe(3));",
      "log('ready');",
    ].join('\n'),
  );
  // What a script can use is offered while it is typed, with what it is for.
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\nonDis');
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('option', { name: /^onDisconnect/ })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  for (let index = 0; index < 6; index += 1) {
    await page.keyboard.press('Backspace');
  }
  await pane(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(state(page)).toHaveText('running');
  await expect(console_(page)).toContainText('ready');
  await expect(pane(page).getByRole('region', { name: 'Report' })).toContainText('1 passed, 1 failed');
  await expect(pane(page).getByRole('region', { name: 'Report' })).toContainText('line 5');
  await device.publish('ask/a', '{"n": 7}');
  await expect
    .poll(() => heard.map(({ topic, payload }) => `${topic} ${payload}`))
    .toEqual(['script/7 heard ask/a']);
  await pane(page).getByRole('textbox', { name: 'Argument of the commands' }).fill('twice');
  await pane(page).getByRole('button', { name: 'Ping' }).click();
  await expect.poll(() => heard.at(-1)?.payload.toString()).toBe('{"on":true}');
  await expect(console_(page)).toContainText('pinged twice');
  const saved = page.waitForEvent('download');
  await pane(page).getByRole('button', { name: 'Save the report as JUnit XML' }).click();
  const report = await readFile(await (await saved).path(), 'utf8');
  expect(report).toContain('tests="2" failures="1"');
  expect(await seriousViolations(page)).toEqual([]);
  await pane(page).getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(state(page)).toHaveText('stopped');
  const count = heard.length;
  await device.publish('ask/a', '{"n": 8}');

  // An endless loop ends by itself; nothing else stands still meanwhile.
  await write(page, 'const first = 1;\nfor (;;) {}');
  await pane(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(state(page)).toHaveText('failed', { timeout: 20_000 });
  await expect(pane(page).getByRole('alert')).toBeVisible();
  await write(page, '\nlog(typeof process, typeof require, typeof fetch);\nundefinedThing();');
  await pane(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(console_(page)).toContainText('undefined undefined undefined');
  await expect(pane(page).getByRole('alert')).toContainText('line 3');
  // Its report is that of a script that did not end well, though no check failed.
  const broken = pane(page).getByRole('region', { name: 'Report' });
  await expect(broken).toContainText('0 passed, 0 failed, ended by an error');
  const downloaded = page.waitForEvent('download');
  await broken.getByRole('button', { name: 'Save the report as JUnit XML' }).click();
  expect(await readFile(await (await downloaded).path(), 'utf8')).toContain('failures="0" errors="1"');
  expect(heard).toHaveLength(count);

  // What was typed is kept when another script is looked at.
  await write(
    page,
    "await subscribe('ask/b');\nconst answer = nextMessage('ask/b', 30);\nlog('asked');\nlog((await answer).text);",
  );
  const scripts = pane(page).getByRole('list', { name: 'Scripts of the connection' }).getByRole('button');
  await scripts.first().click();
  await expect(scripts.first()).toHaveAttribute('aria-current', 'true');
  await scripts.last().click();
  await pane(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(console_(page)).toContainText('asked');
  await device.publish('ask/b', 'typed and kept');
  await expect(console_(page)).toContainText('typed and kept');
});

test('a script hears on a read-only connection, and publishes nothing there', async ({ launch }) => {
  const heard = await device.listen('answer/#');
  const { page } = await launch([]);
  await connect(page, {
    name: 'Watched',
    port: broker.ports.mqtt,
    more: (form) => choose(form, 'Guard', 'Read-only: nothing is published'),
  });
  await page.getByRole('tab', { name: 'Scripts', exact: true }).click();
  await write(
    page,
    "await subscribe('see/#');\nonMessage('see/#', (m) => { log('saw ' + m.text); publish('answer/a', 'x'); });\nlog('ready');",
  );
  await pane(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(console_(page)).toContainText('ready');
  await device.publish('see/a', 'it');
  await expect(console_(page)).toContainText('saw it');
  await expect(console_(page)).toContainText('This connection is read-only');
  expect(heard.filter(({ topic }) => topic.startsWith('answer/'))).toEqual([]);
});
