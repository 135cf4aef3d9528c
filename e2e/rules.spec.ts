import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, connect, ready, screen, valueText } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Rules', exact: true });
const form = (page: Page) => pane(page).getByRole('form');
const rows = (page: Page) =>
  pane(page).getByRole('table', { name: 'Rules in their order' }).locator('tbody tr');
const show = (page: Page, tab: string) => page.getByRole('tab', { name: tab, exact: true }).click();

interface NewRule {
  readonly filter: string;
  readonly view?: string;
  readonly template?: string;
  readonly label?: string;
  readonly unit?: string;
  readonly color?: string;
  readonly mute?: boolean;
}

async function addRule(page: Page, rule: NewRule): Promise<void> {
  await show(page, 'Rules');
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await form(page).getByRole('textbox', { name: 'Topic filter' }).fill(rule.filter);
  if (rule.view !== undefined) {
    await form(page).getByRole('combobox', { name: 'View' }).selectOption(rule.view);
  }
  if (rule.template !== undefined) {
    await form(page).getByRole('textbox', { name: 'Template' }).fill(rule.template);
  }
  await form(page)
    .getByRole('textbox', { name: 'Label' })
    .fill(rule.label ?? '');
  await form(page)
    .getByRole('textbox', { name: 'Unit' })
    .fill(rule.unit ?? '');
  if (rule.color !== undefined) {
    await form(page).getByRole('radio', { name: rule.color }).check();
  }
  await form(page)
    .getByRole('checkbox', { name: 'Mute' })
    .setChecked(rule.mute ?? false);
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form(page)).toHaveCount(0);
}

test('rules label, colour, convert and mute, and are tested while they are typed', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'plant/#')]);
  await ready(page, 1);
  await other.publish('plant/oven/temp', '21.4');
  await other.publish('plant/oven/state', 'on');
  await other.publish('plant/press/temp', '80');
  await expect(screen.streamRow(page, 'plant/')).toHaveCount(3);

  await show(page, 'Rules');
  await expect(pane(page)).toContainText('The first rule that matches a topic counts.');
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  const filter = form(page).getByRole('textbox', { name: 'Topic filter' });
  const tested = form(page).getByRole('status', { name: 'Test of the filter' });
  await filter.fill('plant/#/temp');
  await expect(form(page)).toContainText('The wildcard # must be the whole last level');
  await filter.fill('plant/+/temp');
  await expect(tested).toContainText('2 known topics match. For example plant/oven/temp');
  await other.publish('plant/mill/temp', '5');
  await expect(tested).toContainText('3 known topics match.');
  expect(await seriousViolations(page)).toEqual([]);
  await filter.press('Escape');

  await addRule(page, { filter: 'plant/+/temp', label: 'Heat', unit: '°C', color: 'red' });
  await addRule(page, { filter: 'plant/#', view: 'Hex' });
  await addRule(page, { filter: 'plant/press/#', mute: true });
  await expect(rows(page).nth(0)).toContainText('3 topics');
  await expect(rows(page).nth(1)).toContainText('1 of 4 topics');
  await expect(rows(page).nth(2)).toContainText('0 of 1 topic');
  expect(await seriousViolations(page)).toEqual([]);

  await show(page, 'Messages');
  await expect(screen.streamRow(page, 'plant/oven/temp')).toContainText('21.4 °C');
  await expect(screen.streamRow(page, 'plant/oven/temp')).toContainText('Heat');
  await expect(screen.streamRow(page, 'plant/oven/state')).toContainText('6f 6e');
  await expect(screen.streamRow(page, 'plant/')).toHaveCount(4);

  // The muting rule goes to the top by keyboard; then it takes its topic from the others.
  await show(page, 'Rules');
  const handle = pane(page).getByRole('button', { name: /^Move rule 3 of 3/ });
  await handle.press('ArrowUp');
  await expect(rows(page).nth(1)).toContainText('plant/press/#');
  await expect(pane(page).getByRole('button', { name: /^Move rule 2 of 3/ })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(rows(page).nth(0)).toContainText('plant/press/#');
  await expect(rows(page).nth(1)).toContainText('2 of 3 topics');
  await show(page, 'Messages');
  await expect(screen.streamRow(page, 'plant/')).toHaveCount(3);
  await expect(screen.streamRow(page, 'plant/press')).toHaveCount(0);

  // And back to the bottom by mouse.
  await show(page, 'Rules');
  await rows(page)
    .nth(0)
    .dragTo(rows(page).nth(2), { targetPosition: { x: 60, y: 20 } });
  await expect(rows(page).nth(2)).toContainText('plant/press/#');
  await pane(page).getByRole('button', { name: 'Remove rule plant/+/temp' }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page).nth(0)).toContainText('plant/+/temp');
});

test('a template reads bytes; a view chosen by hand wins; rules stay with the connection', async ({
  launch,
}) => {
  const { page, restart } = await launch();
  await connect(page, { name: 'Bytes', port: broker.ports.mqtt });
  await other.publish('node/1', Uint8Array.of(0x2a, 0x01, 0x41, 0xab, 0x33, 0x33), { retain: true });
  await screen.subscriptions(page).getByRole('textbox', { name: 'Topic filter' }).fill('node/#');
  await screen.subscriptions(page).getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(screen.streamRow(page, 'node/1')).toContainText('binary');

  await show(page, 'Rules');
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await form(page).getByRole('textbox', { name: 'Topic filter' }).fill('node/+');
  await form(page).getByRole('combobox', { name: 'View' }).selectOption('Template');
  const template = form(page).getByRole('textbox', { name: 'Template' });
  await template.fill('u16 id; f32be t');
  await expect(form(page)).toContainText('“u16” needs the order of its bytes: u16le or u16be (character 1).');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form(page)).toBeVisible();
  await template.fill('u16le id; f32be t');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form(page)).toHaveCount(0);

  await show(page, 'Messages');
  await expect(screen.streamRow(page, 'node/1')).toContainText('{"id":298,"t":21.4}');
  await screen.streamRow(page, 'node/1').click();
  await expect.poll(() => valueText(page)).toContain('"t": 21.4');
  const view = screen.message(page).getByRole('combobox', { name: 'View as' });
  await expect(view).toHaveAccessibleDescription('Auto: Template');
  await view.selectOption('Hex');
  await expect(screen.message(page).getByRole('grid', { name: 'Value' })).toBeVisible();
  await view.selectOption('Auto');
  await expect.poll(() => valueText(page)).toContain('"t": 21.4');

  // Another template shows the same message anew.
  await show(page, 'Rules');
  await pane(page).getByRole('button', { name: 'Edit rule node/+' }).click();
  await form(page).getByRole('textbox', { name: 'Template' }).fill('u16be big; bytes[*] rest');
  await form(page).getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => valueText(page)).toContain('"rest": "41ab3333"');

  const again = await restart();
  const saved = again.page.getByRole('tree', { name: 'Saved connections' });
  await saved.getByRole('treeitem', { name: /Bytes/ }).dblclick();
  await expect(screen.status(again.page)).toContainText('Connected');
  await expect(screen.streamRow(again.page, 'node/1')).toContainText('{"big":10753,"rest":"41ab3333"}');
});

test('a view is tried on a message while it is typed; charts, changes and searches then read by it', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'cell/#')]);
  await ready(page, 1);
  const temp = (value: number) => Uint8Array.of(7, value & 0xff, value >> 8);
  await other.publish('cell/1', temp(210));
  await expect(screen.streamRow(page, 'cell/1')).toContainText('binary');

  await show(page, 'Rules');
  await pane(page).getByRole('button', { name: 'Add rule' }).click();
  await form(page).getByRole('textbox', { name: 'Topic filter' }).fill('cell/+');
  await form(page).getByRole('combobox', { name: 'View' }).selectOption('Template');
  const template = form(page).getByRole('textbox', { name: 'Template' });
  const trial = form(page).getByRole('region', { name: 'Preview of the view' });
  await template.fill('u8 id; u16le temp');
  await expect(trial).toContainText('The newest message of cell/1');
  await expect(trial).toContainText('"temp": 210');
  await template.fill('u8 id; u16be temp');
  await expect(trial).toContainText('"temp": 53760');
  await template.fill('u8 id; u16le temp');
  await other.publish('cell/1', temp(305));
  await expect(trial).toContainText('"temp": 305');
  await form(page).getByRole('button', { name: 'Add', exact: true }).click();

  await show(page, 'Messages');
  await screen.streamRow(page, '305').click();
  const inspector = screen.message(page);
  await inspector.getByRole('tab', { name: 'History' }).click();
  await expect(inspector).toContainText('temp 210 → 305');

  await show(page, 'Search');
  const search = page.getByRole('region', { name: 'Search', exact: true });
  await search.getByRole('button', { name: 'More conditions' }).click();
  await search.getByRole('textbox', { name: 'Fields, such as temp > 30' }).fill('temp > 300');
  const results = search.getByRole('grid').locator('[data-index]');
  await expect(results).toHaveCount(1);
  await expect(results).toContainText('{"id":7,"temp":305}');

  await inspector.getByRole('tab', { name: 'Fields' }).click();
  await inspector.getByRole('button', { name: 'Chart temp' }).click();
  const chart = page.getByRole('region', { name: /^Chart 1/ });
  await expect(chart.getByRole('row').filter({ hasText: 'temp' }).getByRole('cell').first()).toBeVisible();
  await expect(chart).toContainText('305');
});

test('a topic is muted and shown again from the tree', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'noise/#')]);
  await ready(page, 1);
  await other.publish('noise/loud', '1');
  await other.publish('noise/calm', '2');
  await expect(screen.streamRow(page, 'noise/')).toHaveCount(2);
  await screen.topic(page, 'noise').click();
  await page.keyboard.press('ArrowRight');
  const loud = screen.topic(page, 'loud');
  await loud.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Mute in the stream' }).click();
  await expect(screen.streamRow(page, 'noise/')).toHaveCount(1);
  await expect(loud).toHaveAccessibleName(/, muted$/);
  await other.publish('noise/loud', '3');
  await expect(loud).toContainText('3');
  await expect(screen.streamRow(page, 'noise/')).toHaveCount(1);
  await loud.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Unmute in the stream' }).click();
  await expect(screen.streamRow(page, 'noise/')).toHaveCount(3);
  await expect(loud).not.toHaveAccessibleName(/muted/);
  await show(page, 'Rules');
  await expect(rows(page)).toHaveCount(0);
});
