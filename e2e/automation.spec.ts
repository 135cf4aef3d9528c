import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
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

const pane = (page: Page) => page.getByRole('region', { name: 'Automation', exact: true });
const form = (page: Page) => pane(page).getByRole('form');
const row = (page: Page, name: string) =>
  pane(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
const open = (page: Page) => page.getByRole('tab', { name: 'Automation', exact: true }).click();

test('a message of the composer is repeated, paused, resumed and stopped', async ({ launch }) => {
  const heard = await other.listen('tick/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await publishTopic(page).fill('tick/a');
  await typeInto(page, screen.publish(page).getByRole('textbox', { name: /^Payload/ }), 'n={{seq}}');
  await screen.publish(page).getByRole('button', { name: 'More about publishing' }).click();
  await page.getByRole('menuitem', { name: 'Repeat…' }).click();

  await expect(form(page).getByRole('textbox', { name: 'Topic' })).toHaveValue('tick/a');
  await form(page).getByRole('textbox', { name: 'Name' }).fill('Heartbeat');
  await form(page).getByRole('textbox', { name: 'Interval' }).fill('50 ms');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await row(page, 'Heartbeat').getByRole('button', { name: 'Start Heartbeat' }).click();

  await expect.poll(() => heard.length).toBeGreaterThan(5);
  expect(heard.slice(0, 3).map(({ payload }) => payload.toString())).toEqual(['n=1', 'n=2', 'n=3']);
  await expect(row(page, 'Heartbeat')).toContainText('Running');
  await expect(row(page, 'Heartbeat')).toContainText(/\d\/s/);
  await row(page, 'Heartbeat').getByRole('button', { name: 'Pause Heartbeat' }).click();
  await expect(row(page, 'Heartbeat')).toContainText('Paused');
  expect(await seriousViolations(page)).toEqual([]);
  const atPause = heard.length;
  await row(page, 'Heartbeat').getByRole('button', { name: 'Resume Heartbeat' }).click();
  await expect.poll(() => heard.length).toBeGreaterThan(atPause + 3);
  await row(page, 'Heartbeat').getByRole('button', { name: 'Stop Heartbeat' }).click();
  await expect(row(page, 'Heartbeat')).toContainText('Stopped');

  // It is kept with the profile, and ends by its count when that is set.
  await row(page, 'Heartbeat').getByRole('button', { name: 'Edit Heartbeat' }).click();
  await form(page).getByRole('textbox', { name: 'Count' }).fill('4');
  // A time that is none stays to be seen, and is not saved as another one.
  const interval = form(page).getByRole('textbox', { name: 'Interval' });
  await interval.fill('soon');
  await form(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(interval).toBeFocused();
  await expect(interval).toHaveValue('soon');
  await interval.fill('50 ms');
  // Nor is what is half changed given up for another job.
  await pane(page).getByRole('button', { name: 'Add job' }).click();
  await expect(page.getByText('“Heartbeat” is still being edited.')).toBeVisible();
  await form(page).getByRole('button', { name: 'Save', exact: true }).click();
  const before = heard.length;
  await row(page, 'Heartbeat').getByRole('button', { name: 'Start again Heartbeat' }).click();
  await expect(row(page, 'Heartbeat')).toContainText('Done');
  await expect(row(page, 'Heartbeat')).toContainText('4 of 4');
  await expect.poll(() => heard.length).toBe(before + 4);
  await row(page, 'Heartbeat').getByRole('button', { name: 'Remove Heartbeat' }).click();
  await expect(pane(page).getByText('No job yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'Heartbeat')).toBeVisible();
});

test('a sequence comes in its order; the rows of a file are sent, and bad ones named', async ({ launch }) => {
  const heard = await other.listen('steps/#');
  const { page } = await launch([brokerUrl(broker.ports.mqtt)]);
  await ready(page, 0);
  await open(page);
  await pane(page).getByRole('button', { name: 'Add job' }).click();
  await form(page).getByRole('textbox', { name: 'Name' }).fill('Start up');
  await choose(form(page), 'What it does', 'sequence');
  for (const [index, topic] of ['steps/power', 'steps/valve'].entries()) {
    if (index > 0) {
      await form(page).getByRole('button', { name: 'Add step' }).click();
    }
    const step = `Step ${index + 1}`;
    await form(page)
      .getByRole('textbox', { name: `${step} after` })
      .fill('20 ms');
    await form(page)
      .getByRole('textbox', { name: `${step} topic` })
      .fill(topic);
    await typeInto(
      page,
      form(page).getByRole('textbox', { name: new RegExp(`^${step} payload`) }),
      `on ${index}`,
    );
  }
  await form(page).getByRole('textbox', { name: 'Rounds', exact: true }).fill('2');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await row(page, 'Start up').getByRole('button', { name: 'Start Start up' }).click();
  await expect(row(page, 'Start up')).toContainText('Done');
  await expect
    .poll(() => heard.map(({ topic }) => topic).filter((topic) => topic.startsWith('steps/')))
    .toEqual(['steps/power', 'steps/valve', 'steps/power', 'steps/valve']);

  await pane(page).getByRole('button', { name: 'Add job' }).click();
  await form(page).getByRole('textbox', { name: 'Name' }).fill('Replay');
  await choose(form(page), 'What it does', 'rows');
  await form(page).getByRole('textbox', { name: 'Interval' }).fill('5 ms');
  await form(page).getByRole('textbox', { name: 'Topic' }).fill('steps/row/{{id}}');
  await typeInto(page, form(page).getByRole('textbox', { name: /^Payload/ }), 't={{temp}}');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  const chooser = page.waitForEvent('filechooser');
  await row(page, 'Replay').getByRole('button', { name: 'Start Replay' }).click();
  await (await chooser).setFiles({
    name: 'rows.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('id,temp\n1,20.5\n2,21\n3\n4,22\n'),
  });
  await expect(row(page, 'Replay')).toContainText('Done');
  await expect
    .poll(() =>
      heard
        .filter(({ topic }) => topic.startsWith('steps/row'))
        .map(({ topic, payload }) => `${topic} ${payload}`),
    )
    .toEqual(['steps/row/1 t=20.5', 'steps/row/2 t=21', 'steps/row/4 t=22']);
  await expect(pane(page).getByText('Line 4: It has not as many columns as the first line.')).toBeVisible();
});

test('on a production connection a job starts when its button is held, and all stop from the palette', async ({
  app,
}) => {
  const all = await other.listen('held/#');
  const heard = () => all.filter(({ topic }) => topic.startsWith('held/'));
  const { page } = app;
  await connect(page, {
    name: 'Production',
    port: broker.ports.mqtt,
    more: (profile) => choose(profile, 'Guard', 'Production: each publish is held'),
  });
  await open(page);
  await pane(page).getByRole('button', { name: 'Add job' }).click();
  await form(page).getByRole('textbox', { name: 'Name' }).fill('Beat');
  await form(page).getByRole('textbox', { name: 'Topic' }).fill('held/a');
  await form(page).getByRole('textbox', { name: 'Interval' }).fill('20 ms');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  const hold = row(page, 'Beat').getByRole('button', { name: 'Hold: Start Beat' });
  await hold.click();
  await expect(row(page, 'Beat')).not.toContainText('Running');
  expect(heard()).toEqual([]);
  await hold.click({ delay: 1300 });
  await expect.poll(() => heard().length).toBeGreaterThan(2);
  // Whichever tab is shown.
  await page.getByRole('tab', { name: 'Library', exact: true }).click();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('stop all jobs');
  await page.getByRole('dialog').getByText('Stop all jobs').click();
  await open(page);
  await expect(row(page, 'Beat')).toContainText('Stopped');
});
