import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import {
  brokerUrl,
  connect,
  publish,
  readLedger,
  ready,
  screen,
  subscribe,
  subscriptionItem,
} from './support/screen.ts';
import { startScriptedBroker } from './support/scripted-broker.ts';

let broker: Mosquitto;
let other: OtherClient;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'], extra: ['sys_interval 1'] });
  other = await connectOther(broker.ports.mqtt);
});
test.afterAll(async () => {
  await other.end();
  await broker.stop();
});

test('the options of MQTT 5 hold at the broker', async ({ launch }) => {
  await other.publish('kept/none', 'old', { retain: true });
  await other.publish('kept/all', 'stored', { retain: true });
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  const pane = screen.subscriptions(page);
  await pane.getByRole('button', { name: 'Options' }).click();

  await pane.getByRole('checkbox', { name: 'No local' }).check();
  await subscribe(page, 'own/#');
  await pane.getByRole('checkbox', { name: 'Retain as published' }).uncheck();
  await subscribe(page, 'plain');
  await pane.getByRole('combobox', { name: 'Retain handling' }).selectOption('2');
  await subscribe(page, 'kept/none');
  await subscribe(page, 'marked');
  await subscribe(page, 'kept/all');

  await publish(page, 'own/a', 'mine', { qos: '1' });
  await expect(screen.publish(page).getByText(/acknowledged/i)).toBeVisible();
  await other.publish('own/a', 'theirs');
  await other.publish('marked', 'with its mark', { retain: true });
  await other.publish('plain', 'without', { retain: true });
  await other.publish('kept/none', 'new');

  await expect(screen.streamRow(page, 'new')).toHaveCount(1);
  await expect(screen.streamRow(page, 'theirs')).toHaveCount(1);
  // Sent once, and not come back.
  await expect(screen.streamRow(page, 'mine')).toHaveCount(1);
  await expect(screen.streamRow(page, 'mine')).toContainText('published');
  await expect(screen.streamRow(page, 'with its mark')).toContainText('retain');
  await expect(screen.streamRow(page, 'without')).not.toContainText('retain');
  await expect(screen.streamRow(page, 'stored')).toContainText('retain');
  await expect(screen.streamRow(page, 'old')).toHaveCount(0);
  await expect(subscriptionItem(page, 'kept/none')).toContainText('1 message');
  expect((await readLedger(page)).received).toBe(5);
});

test('what cannot be subscribed is refused with its reason, here or by the broker', async ({ launch }) => {
  const scripted = await startScriptedBroker({
    onPacket: ({ type, body }, connection) => {
      if (type === 1) {
        connection.send(0x20, 3, 0, 0, 0);
      } else if (type === 8) {
        connection.send(0x90, 4, body[0] ?? 0, body[1] ?? 0, 0, 0x87);
      }
    },
  });
  const { page } = await launch([brokerUrl(scripted.port)]);
  await ready(page, 0);
  const pane = screen.subscriptions(page);
  const field = pane.getByRole('textbox', { name: 'Topic filter' });
  for (const [filter, reason] of [
    ['a/#/b', 'must be the whole last level'],
    ['a+/b', 'must stand for a whole level'],
    ['$share//a', 'needs a group name'],
  ] as const) {
    await field.fill(filter);
    await expect(pane.getByText(reason)).toBeVisible();
    await field.press('Enter');
  }
  await expect(pane.getByRole('listitem')).toHaveCount(0);
  expect(scripted.connections[0]?.packets.some(({ type }) => type === 8)).toBe(false);

  await field.fill('secret/#');
  await field.press('Enter');
  const item = subscriptionItem(page, 'secret/#');
  await expect(item).toContainText('QoS 0 refused');
  await expect(item.getByRole('alert')).toContainText(/may not subscribe|not allow/);
  await field.fill('secret/#');
  await expect(pane.getByText('in the list already')).toBeVisible();
  await scripted.stop();
});

test('mute, switch off, edit, remove with undo; kept over a restart', async ({ app }) => {
  const { page } = app;
  await connect(page, { name: 'Kept', port: broker.ports.mqtt });
  await subscribe(page, 'm/a/#');
  await subscribe(page, 'm/b/#');
  const a = subscriptionItem(page, 'm/a/#');
  const b = subscriptionItem(page, 'm/b/#');
  await other.publish('m/a/1', 'a one');
  await other.publish('m/b/1', 'b one');
  await expect(a).toContainText('1 message');
  await expect(screen.streamRow(page, 'a one')).toBeVisible();

  await a.getByRole('button', { name: /^Mute/ }).click();
  await expect(screen.streamRow(page, 'a one')).toHaveCount(0);
  await other.publish('m/a/1', 'a two');
  await expect(a).toContainText('2 messages');
  await expect(screen.streamRow(page, 'b one')).toBeVisible();
  await expect(screen.streamRow(page, 'a two')).toHaveCount(0);
  await screen.streamPane(page).getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Show muted messages' }).click();
  await expect(screen.streamRow(page, 'a two')).toBeVisible();
  await page.keyboard.press('Escape');

  const from = broker.log().length;
  await b.getByRole('button', { name: /^Switch .* off$/ }).click();
  await expect(b).toContainText('off');
  await broker.waitForLog(/Received UNSUBSCRIBE/, from);
  await other.publish('m/b/1', 'b unheard');
  await b.getByRole('button', { name: /^Switch .* on$/ }).click();
  await expect(b).toContainText('granted');
  await other.publish('m/b/1', 'b heard');
  await expect(screen.streamRow(page, 'b heard')).toBeVisible();
  await expect(screen.streamRow(page, 'b unheard')).toHaveCount(0);

  await b.getByRole('button', { name: /^Edit/ }).click();
  const edited = screen
    .subscriptions(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: 'Save' }) });
  await edited.getByRole('combobox', { name: 'QoS' }).selectOption('1');
  await edited.getByRole('button', { name: 'Save' }).click();
  await expect(b).toContainText('QoS 1 granted');

  await b.getByRole('button', { name: /^Remove/ }).click();
  await expect(b).toHaveCount(0);
  await screen.notice(page, 'Unsubscribed from').getByRole('button', { name: 'Undo' }).click();
  await expect(b).toContainText('QoS 1 granted');

  const again = await app.restart();
  await again.page
    .getByRole('region', { name: 'Connection', exact: true })
    .getByRole('button', { name: 'Connect', exact: true })
    .click();
  await ready(again.page, 2);
  await expect(subscriptionItem(again.page, 'm/a/#')).toContainText('muted');
  await expect(subscriptionItem(again.page, 'm/b/#')).toContainText('QoS 1 granted');
  await again.close();
});

test('$SYS/# shows the broker, and a shared subscription shares its messages', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await screen.subscriptions(page).getByRole('button', { name: 'Subscribe to $SYS/#' }).click();
  await expect(subscriptionItem(page, '$SYS/#')).toContainText(/\d\d messages/);
  await expect(screen.topic(page, '$SYS')).toBeVisible();
  await subscriptionItem(page, '$SYS/#')
    .getByRole('button', { name: /^Remove/ })
    .click();

  await subscribe(page, '$share/crew/work/#');
  const shared = await other.listen('$share/crew/work/#');
  for (let index = 0; index < 10; index += 1) {
    await other.publish('work/item', `item ${index}`);
  }
  const item = subscriptionItem(page, '$share/crew/work/#');
  await expect
    .poll(async () => {
      const ours = Number(/(\d+) messages?/.exec(await item.innerText())?.[1]);
      const theirs = shared.filter(({ topic }) => topic === 'work/item').length;
      return ours > 0 && theirs > 0 ? ours + theirs : `${ours} and ${theirs}`;
    })
    .toBe(10);
});
