import { expect, test } from './support/app.ts';
import { freePorts } from './support/free-ports.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther } from './support/other-client.ts';
import {
  brokerUrl,
  connect,
  fillForm,
  type NewConnection,
  ready,
  screen,
  subscribe,
} from './support/screen.ts';
import { startScriptedBroker } from './support/scripted-broker.ts';

let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto({ listeners: ['mqtt'] });
});
test.afterAll(() => broker.stop());

test('profiles are edited, coloured, duplicated and put in order', async ({ app }) => {
  const { page } = app;
  const list = page.getByRole('tree', { name: 'Saved connections' });
  const names = () =>
    list
      .getByRole('treeitem')
      .evaluateAll((rows) =>
        rows.map((row) => /^[A-Z][a-z]+(?: \S+)?(?=mqtt)/.exec(row.textContent ?? '')?.[0]),
      );
  for (const name of ['Alpha', 'Beta']) {
    await fillForm(page, { name, port: 18_840 });
    await screen.form(page).getByRole('button', { name: 'Save' }).click();
    await expect(list.getByRole('treeitem', { name: new RegExp(`^${name}`) })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  }
  expect(await names()).toEqual(['Alpha', 'Beta']);

  const details = page.getByRole('region', { name: 'Connection', exact: true });
  await details.getByRole('button', { name: 'Edit' }).click();
  await screen.form(page).getByRole('textbox', { name: 'Name', exact: true }).fill('Gamma');
  await screen.form(page).getByRole('radio', { name: 'violet' }).check({ force: true });
  await screen.form(page).getByRole('button', { name: 'Save' }).click();
  await expect.poll(names).toEqual(['Alpha', 'Gamma']);

  await details.getByRole('button', { name: 'Duplicate' }).click();
  await expect(screen.form(page).getByRole('radio', { name: 'violet' })).toBeChecked();
  await screen.form(page).getByRole('textbox', { name: 'Name', exact: true }).fill('Delta');
  await screen.form(page).getByRole('button', { name: 'Save' }).click();
  await expect.poll(names).toEqual(['Alpha', 'Gamma', 'Delta']);

  await list.focus();
  await page.keyboard.press('Alt+Home');
  await expect.poll(names).toEqual(['Delta', 'Alpha', 'Gamma']);
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(names).toEqual(['Alpha', 'Delta', 'Gamma']);
  await list
    .getByRole('treeitem', { name: /^Gamma/ })
    .dragTo(list.getByRole('treeitem', { name: /^Alpha/ }), {
      targetPosition: { x: 20, y: 2 },
    });
  await expect.poll(names).toEqual(['Gamma', 'Alpha', 'Delta']);
  const again = await app.restart();
  await expect(
    again.page.getByRole('tree', { name: 'Saved connections' }).getByRole('treeitem').first(),
  ).toContainText('Gamma');
});

test('several connections at once; one from the command line stays temporary until it is kept', async ({
  launch,
}) => {
  const second = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'one/#')]);
  await ready(page, 1);
  await expect(screen.tabs(page).getByRole('button', { name: /temporary/ })).toBeVisible();
  await connect(page, { name: 'Second', port: second.ports.mqtt, version: '3.1.1' });
  await expect(screen.status(page)).toContainText('MQTT 3.1.1');
  await subscribe(page, 'two/#');

  const [first, other] = await Promise.all([
    connectOther(broker.ports.mqtt),
    connectOther(second.ports.mqtt),
  ]);
  await Promise.all([first.publish('one/a', 'to the first'), other.publish('two/a', 'to the second')]);
  await expect(screen.streamRow(page, 'to the second')).toBeVisible();
  await expect(screen.streamRow(page, 'to the first')).toHaveCount(0);
  await screen
    .tabs(page)
    .getByRole('button', { name: /temporary/ })
    .click();
  await expect(screen.streamRow(page, 'to the first')).toBeVisible();
  await expect(screen.streamRow(page, 'to the second')).toHaveCount(0);
  await expect(screen.topic(page, 'one')).toBeVisible();

  await page.getByRole('main').getByRole('button', { name: 'Keep in the list' }).click();
  await expect(screen.tabs(page).getByRole('button', { name: /temporary/ })).toHaveCount(0);
  await screen.tabs(page).getByRole('button', { name: 'Home' }).click();
  await expect(page.getByRole('tree', { name: 'Saved connections' }).getByRole('treeitem')).toHaveCount(2);
  await screen.tabs(page).getByRole('button', { name: 'Close Second' }).click();
  await expect(screen.notice(page, 'Closed “Second”.')).toBeVisible();
  await Promise.all([first.end(), other.end()]);
  await second.stop();
});

test('a refused connection says what happened and what to do', async ({ app }) => {
  const { page } = app;
  const locked = await startMosquitto({ listeners: ['mqtt'], passwords: { alice: 'right' } });
  // Knows no MQTT 5, as brokers of before 2019: return code 1, and the connection closed.
  const old = await startScriptedBroker({
    onPacket: ({ type, body }, connection) => {
      if (type === 1) {
        const isKnown = body[6] === 4;
        connection.send(0x20, 2, 0, isKnown ? 0 : 1);
        if (!isKnown) {
          connection.socket.end();
        }
      }
    },
  });
  const [closed = 0] = await freePorts(1);
  const wrongPassword: NewConnection['more'] = async (form) => {
    await form.getByRole('textbox', { name: 'Username' }).fill('alice');
    await form.getByLabel('Password', { exact: true }).fill('wrong');
  };
  for (const [wanted, message, hint] of [
    [
      { name: 'Five', port: locked.ports.mqtt, more: wrongPassword },
      /not (?:let|accept)/,
      /username|password/i,
    ],
    [
      { name: 'Four', port: locked.ports.mqtt, version: '3.1.1', more: wrongPassword },
      /not (?:let|accept)/,
      /username and (?:type the )?password/i,
    ],
    [{ name: 'Closed', port: closed }, /Nothing accepts connections/, /port is right/],
    [
      { name: 'Unknown', port: 1883, host: 'no-such-broker.invalid' },
      /was not found|did not answer|could not be looked up/,
      /spelling|online|network/,
    ],
    [{ name: 'Old', port: old.port }, /does not speak this version of MQTT/, /Choose MQTT 3\.1\.1/],
  ] as const satisfies readonly (readonly [NewConnection, RegExp, RegExp])[]) {
    await fillForm(page, wanted);
    await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
    const alert = page.getByRole('main').getByRole('alert').filter({ hasText: message });
    await expect(alert, wanted.name).toBeVisible();
    await expect(alert, wanted.name).toContainText(hint);
  }
  // And the way out that was named works.
  await page
    .getByRole('main')
    .getByRole('button', { name: 'Disconnect' })
    .or(screen.status(page).filter({ hasText: 'failed' }))
    .first()
    .waitFor();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Command' }).fill('Edit this connection');
  await page.keyboard.press('Enter');
  await screen.form(page).getByRole('combobox', { name: 'MQTT version' }).selectOption('3.1.1');
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
  await Promise.all([locked.stop(), old.stop()]);
});
