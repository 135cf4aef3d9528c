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

const pane = (page: Page) => page.getByRole('region', { name: 'Search' });
const results = (page: Page) =>
  pane(page).getByRole('grid', { name: 'Search results' }).locator('[data-index]');
const field = (page: Page) => pane(page).getByRole('textbox', { name: 'Search for' });
const openSearch = (page: Page) =>
  page.getByRole('tablist', { name: 'Views' }).getByRole('tab', { name: 'Search' }).click();

test('text is found in what is kept and in what comes, opened and marked', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 's/#')]);
  await ready(page, 1);
  await other.publish('s/one', 'the Pump is on');
  await other.publish('s/two', 'nothing here');
  await other.publish('s/pump', 'topic only');
  await openSearch(page);
  await field(page).fill('pump');
  await expect(results(page)).toHaveCount(2);
  await expect(pane(page).getByRole('status', { name: 'Search state' })).toHaveText(
    '2 results, new ones join',
  );
  await expect(results(page).nth(1).locator('mark')).toHaveText('Pump');

  await other.publish('s/three', 'pumps: 2');
  await expect(results(page)).toHaveCount(3);
  await pane(page).getByRole('checkbox', { name: 'Whole word' }).check();
  await expect(results(page)).toHaveCount(2);
  await pane(page).getByRole('checkbox', { name: 'Match case' }).check();
  await field(page).fill('Pump');
  await expect(results(page)).toHaveCount(1);

  await field(page).press('F3');
  await expect(screen.message(page)).toContainText('s/one');
  await expect(screen.message(page).locator('[class*="found"]').first()).toHaveText('Pump');
  await page.getByRole('tab', { name: 'Messages' }).click();
  await expect(screen.streamRow(page, 'the Pump is on')).toHaveAttribute('aria-selected', 'true');
});

test('regular expressions, fields and topic filters narrow a search, and it is saved', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'f/#')]);
  await ready(page, 1);
  await other.publish('f/a', '{"temp":31,"at":{"zone":"north"}}');
  await other.publish('f/b', '{"temp":29,"at":{"zone":"north"}}');
  await other.publish('f/c', `${'a'.repeat(60)}!`);
  await openSearch(page);
  await pane(page).getByRole('button', { name: 'More conditions' }).click();
  await pane(page)
    .getByRole('textbox', { name: 'Fields, such as temp > 30' })
    .fill('temp > 30 and at.zone = north');
  await expect(results(page)).toHaveCount(1);
  await expect(results(page)).toContainText('f/a');
  await pane(page).getByRole('button', { name: 'Saved searches' }).click();
  await page.getByRole('menuitem', { name: 'Save this search' }).click();
  await pane(page).getByRole('textbox', { name: 'Fields, such as temp > 30' }).fill('');
  await pane(page).getByRole('textbox', { name: 'Topic filter of the search' }).fill('f/+');
  await expect(results(page)).toHaveCount(3);

  await pane(page).getByRole('checkbox', { name: 'Regular expression' }).check();
  await field(page).fill('"temp":\\d{2}');
  await expect(results(page)).toHaveCount(2);
  await field(page).fill('^(a+)+$');
  await expect(pane(page)).toContainText('This regular expression takes too long, and was stopped.');
  await field(page).fill('a!$');
  await expect(results(page)).toHaveCount(1);
  await expect(seriousViolations(page)).resolves.toEqual([]);

  await pane(page).getByRole('button', { name: 'Saved searches' }).click();
  await page.getByRole('menuitem', { name: 'temp > 30 and at.zone = north' }).click();
  await expect(results(page)).toHaveCount(1);
  await expect(results(page)).toContainText('f/a');
});
