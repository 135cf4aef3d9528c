import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
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

const tab = (page: Page, name: string) => screen.message(page).getByRole('tab', { name, exact: true });
const differences = (page: Page) => screen.message(page).getByRole('status', { name: 'Differences' });

test('any two messages of any topics are compared, side by side and inline', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'd/#')]);
  await ready(page, 1);
  await other.publish('d/one', '{"set":20,"mode":"auto"}');
  await other.publish('d/two', '{"set":25,"mode":"auto"}');
  await other.publish('d/two', '{"set":26,"mode":"manual"}');
  await screen.streamRow(page, '"set":20').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  await screen.streamRow(page, '"set":25').click();
  await expect(tab(page, 'Diff')).toHaveAttribute('aria-selected', 'true');
  await expect(differences(page)).toHaveText('1 place differs (as JSON)');
  await expect(screen.message(page)).toContainText('d/one');
  await screen.message(page).getByRole('button', { name: 'Show in one column' }).click();
  await expect(differences(page)).toHaveText('1 place differs (as JSON)');
  await screen.message(page).getByRole('button', { name: 'Show side by side' }).click();

  await screen.streamRow(page, '"set":26').click();
  await expect(differences(page)).toHaveText(/places? differs? \(as JSON\)/);
  // Back to the one before it on the topic, then this one for all others.
  await screen.message(page).getByRole('button', { name: 'Compare with the previous message again' }).click();
  await expect(screen.message(page).getByRole('combobox', { name: 'Compare with' })).toBeVisible();
  await screen.message(page).getByRole('button', { name: 'Compare with this message' }).click();
  await expect(screen.message(page)).toContainText('This is the message to compare with.');
  await screen.streamRow(page, '"set":20').click();
  await expect(differences(page)).toHaveText(/differs? \(as JSON\)/);
});

test('the history tells what changed field by field, and folds equal messages', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'f/#')]);
  await ready(page, 1);
  await other.publish('f/a', '{"temp":21.4,"unit":"C"}');
  for (let n = 0; n < 5; n += 1) {
    await other.publish('f/a', '{"temp":21.6,"err":"E7"}');
  }
  await screen.streamRow(page, '21.4').click();
  await tab(page, 'History').click();
  const history = screen.message(page).getByRole('listbox', { name: 'History' });
  await expect(history.getByRole('option')).toHaveCount(6);
  await expect(history.getByRole('option').first()).toContainText('no field changed');
  const changed = history.getByRole('option').nth(4);
  await expect(changed).toContainText('temp 21.4 → 21.6');
  await expect(changed).toContainText('err appeared: "E7"');
  await expect(changed).toContainText('unit gone');

  await screen.message(page).getByRole('button', { name: 'Fold equal messages' }).click();
  await expect(history.getByRole('option')).toHaveCount(2);
  await expect(history.getByRole('option').first()).toContainText('×5');
  await expect(screen.message(page)).toContainText('6 messages of this topic kept, folded to 2 rows');
  await other.publish('f/a', '{"temp":21.6,"err":"E7"}');
  await expect(history.getByRole('option').first()).toContainText('×6');
  await expect(history.getByRole('option', { selected: true })).toContainText('21.4');
  await screen.message(page).getByRole('button', { name: 'Show changes' }).click();
  await expect(history).not.toContainText('→');

  await history.getByRole('option').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  await expect(differences(page)).toHaveText(/differs? \(as JSON\)/);
});

test('the shape of a topic: types, presence, ranges, and what is odd about them', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 's/#')]);
  await ready(page, 1);
  for (let n = 1; n <= 9; n += 1) {
    await other.publish('s/a', `{"temp":${n},"ok":true}`);
  }
  await other.publish('s/a', '{"temp":"warm","err":7}');
  await screen.streamRow(page, 'warm').click();
  await tab(page, 'Fields').click();
  const row = (name: string) =>
    screen
      .message(page)
      .getByRole('table', { name: 'Fields' })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name }) });
  await expect(row('temp')).toContainText('number, text');
  await expect(row('temp')).toContainText('1 … 9');
  await expect(row('ok')).toContainText('missing');
  await expect(row('ok')).toContainText('90 %');
  await expect(row('err')).toContainText('new');
  await expect(screen.message(page).getByRole('status', { name: 'Shape' })).toHaveText(
    '3 fields in 10 messages',
  );
  expect(await seriousViolations(page)).toEqual([]);
  await other.publish('s/a', '{"temp":12,"ok":false}');
  await expect(row('temp')).toContainText('1 … 12');
  await expect(screen.message(page).getByRole('status', { name: 'Shape' })).toHaveText(
    '3 fields in 11 messages',
  );
});
