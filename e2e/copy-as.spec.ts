import { execFileSync } from 'node:child_process';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { choose, connect, publishTopic, screen, subscribe, typeInto } from './support/screen.ts';

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'], passwords: { joe: 'pa ss' } });
  other = await connectOther(broker.ports.mqtt, 5, { username: 'joe', password: 'pa ss' });
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

test('a message and a connection are copied as programs; the password only when it is asked for', async ({
  app,
}) => {
  const { page } = app;
  await connect(page, {
    name: 'Copied',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('textbox', { name: 'Username' }).fill('joe');
      await form.getByLabel('Password', { exact: true }).fill('pa ss');
    },
  });
  await subscribe(page, 'c/#');
  await publishTopic(page).fill('c/a');
  await typeInto(page, screen.publish(page).getByRole('textbox', { name: /^Payload/ }), "it's 21 °C");
  await screen.publish(page).getByRole('button', { name: 'More about publishing' }).click();
  await page.getByRole('menuitem', { name: 'Copy as program…' }).click();
  const dialog = page.getByRole('dialog');
  const program = dialog.getByRole('region', { name: 'Program' });
  await choose(dialog, 'Language or tool', 'mosquitto');
  await expect(program).toContainText('mosquitto_pub');
  await expect(program).toContainText('YOUR_PASSWORD');
  await expect(program).not.toContainText('pa ss');
  await dialog.getByRole('checkbox', { name: 'With the password' }).check();
  await expect(program).toContainText("-P 'pa ss'");
  // The command does what the composer would.
  const heard = await other.listen('c/#');
  execFileSync('/bin/sh', ['-c', await program.innerText()]);
  await expect
    .poll(() => heard.map(({ topic, payload }) => `${topic} ${payload}`))
    .toEqual(["c/a it's 21 °C"]);
  await choose(dialog, 'Shell', 'powershell');
  await expect(program).toContainText("-P 'pa ss'");
  await expect(program).toContainText("FromBase64String('aXQncyAyMSDCsEM=')");
  await choose(dialog, 'Shell', 'cmd');
  await expect(program).toContainText('-P "pa ss"');
  await choose(dialog, 'Language or tool', 'arduino');
  await expect(program).toContainText('#include <PubSubClient.h>');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('mqtt_client.ino');
  await page.keyboard.press('Escape');

  await screen.streamRow(page, '21 °C').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy as program…' }).click();
  await choose(dialog, 'Language or tool', 'paho');
  await expect(program).toContainText('client.publish("c/a"');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(() => app.clipboard()).toContain('import paho.mqtt.client');

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('copy connection as');
  await page.keyboard.press('Enter');
  await expect(program).toContainText('client.subscribe("c/#"');
});

test('what is copied is what is chosen, also while its program is on its way', async ({ app, hostKind }) => {
  test.skip(hostKind === 'desktop', 'the answers of the engine are delayed on their way through a WebSocket');
  const { page } = app;
  let delay = 0;
  await page.routeWebSocket(/.*/, (socket) => {
    const engine = socket.connectToServer();
    engine.onMessage((frame) => void setTimeout(() => socket.send(frame), delay));
  });
  await page.reload();
  await connect(page, {
    name: 'Slow',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('textbox', { name: 'Username' }).fill('joe');
      await form.getByLabel('Password', { exact: true }).fill('pa ss');
    },
  });
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('copy connection as');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const program = dialog.getByRole('region', { name: 'Program' });
  await choose(dialog, 'Language or tool', 'paho');
  await expect(program).toContainText('import paho.mqtt.client');
  delay = 1500;
  await choose(dialog, 'Language or tool', 'mqttjs');
  for (const name of ['Copy', 'Save']) {
    await expect(dialog.getByRole('button', { name, exact: true })).toBeDisabled();
  }
  await expect(program).toContainText('import paho.mqtt.client');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(() => app.clipboard()).toContain("from 'mqtt'");
});
