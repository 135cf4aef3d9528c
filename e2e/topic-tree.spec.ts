import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, publishTopic, ready, screen, treeSegments } from './support/screen.ts';

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

async function sortBy(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Sort topics' }).click();
  await page.getByRole('menuitemradio', { name }).click();
  await page.keyboard.press('Escape');
}

test('sort by each key; rows keep their order under the pointer', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 's/#')]);
  await ready(page, 1);
  // Each topic a moment after the one before: what came in the same millisecond is equally recent.
  for (const [topic, count] of [
    ['s/a', 1],
    ['s/b', 3],
    ['s/c', 2],
  ] as const) {
    for (let index = 0; index < count; index += 1) {
      await other.publish(topic, 'x');
    }
    await expect(screen.streamRow(page, topic)).toHaveCount(count);
  }
  await screen.topic(page, 's').click();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'a', 'b', 'c']);
  await sortBy(page, 'Messages');
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'b', 'c', 'a']);
  await sortBy(page, 'Most recent');
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'c', 'b', 'a']);
  await sortBy(page, 'Ascending');
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'a', 'b', 'c']);
  const columns = page.getByRole('toolbar', { name: 'Columns' });
  await columns.getByRole('button', { name: 'Topic' }).click();
  await columns.getByRole('button', { name: 'Topic' }).click();
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'c', 'b', 'a']);

  await sortBy(page, 'Most recent');
  await screen.topic(page, 'a').hover();
  await expect(page.getByText('order frozen')).toBeVisible();
  await other.publish('s/a', 'newest of all');
  await expect(screen.topic(page, 'a')).toContainText('newest of all');
  expect(await treeSegments(page)).toEqual(['s', 'c', 'b', 'a']);
  await screen.ledger(page).hover();
  await expect.poll(() => treeSegments(page)).toEqual(['s', 'a', 'c', 'b']);

  await sortBy(page, 'Rate');
  // Where the menu was, the pointer may now be over the tree, and hold its order.
  await screen.ledger(page).hover();
  const timer = setInterval(() => void other.publish('s/b', 'often', { qos: 0 }), 25);
  await expect.poll(async () => (await treeSegments(page))[1]).toBe('b');
  await expect(screen.topic(page, 'b')).toContainText(/\d+(\.\d)?\/s/);
  clearInterval(timer);
});

test('filter by text and by MQTT filter, expand and collapse below a node', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'f/#')]);
  await ready(page, 1);
  for (const topic of ['f/hall/lamp', 'f/hall/door', 'f/yard/lamp', 'f/yard/deep/er/Lamp2']) {
    await other.publish(topic, 'x');
  }
  await expect.poll(() => treeSegments(page)).toEqual(['f']);
  await screen.topic(page, 'f').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Expand all below' }).click();
  await expect
    .poll(() => treeSegments(page))
    .toEqual(['f', 'hall', 'door', 'lamp', 'yard', 'deep', 'er', 'Lamp2', 'lamp']);
  await screen.topic(page, 'yard').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Collapse all below' }).click();
  await expect.poll(() => treeSegments(page)).toEqual(['f', 'hall', 'door', 'lamp', 'yard']);

  const field = page.getByRole('textbox', { name: 'Filter topics' });
  await field.fill('lamp');
  await expect
    .poll(() => treeSegments(page))
    .toEqual(['f', 'hall', 'lamp', 'yard', 'deep', 'er', 'Lamp2', 'lamp']);
  await expect(page.getByTitle('3 topics match')).toBeVisible();
  await field.fill('f/+/lamp');
  await expect.poll(() => treeSegments(page)).toEqual(['f', 'hall', 'lamp', 'yard', 'lamp']);
  await field.fill('f/#/lamp');
  await expect(page.getByRole('alert').filter({ hasText: 'must be the whole last level' })).toBeVisible();
  await field.fill('nothing of it');
  await expect(page.getByText('No topic matches the filter.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).click();
  await expect.poll(() => treeSegments(page)).toEqual(['f', 'hall', 'door', 'lamp', 'yard']);
  await page.getByRole('button', { name: 'Collapse all topics' }).click();
  await expect.poll(() => treeSegments(page)).toEqual(['f']);
});

test('the keyboard of the tree pattern, and what a topic is good for', async ({ launch }) => {
  await other.publish('k/beta/one', 'was kept', { retain: true });
  const app = await launch([brokerUrl(broker.ports.mqtt, 'k/#')]);
  const { page } = app;
  await ready(page, 1);
  for (const topic of ['k/alpha', 'k/alps', 'k/beta/two']) {
    await other.publish(topic, 'x');
  }
  const tree = screen.tree(page);
  const current = () =>
    tree.evaluate((element) => {
      const id = element.getAttribute('aria-activedescendant') ?? '';
      return (document.getElementById(id)?.getAttribute('aria-label') ?? '').split(/[:,]/)[0];
    });
  const press = async (key: string, expected: string) => {
    await page.keyboard.press(key);
    await expect.poll(current, { message: key }).toBe(expected);
  };
  await expect(screen.topic(page, 'k')).toBeVisible();
  await tree.focus();
  await press('Home', 'k');
  await expect(screen.topic(page, 'k')).toHaveAttribute('aria-expanded', 'false');
  await press('ArrowRight', 'k');
  await expect(screen.topic(page, 'alpha')).toHaveAttribute('aria-level', '2');
  await press('ArrowRight', 'alpha');
  await press('ArrowDown', 'alps');
  await press('End', 'beta');
  await press('Shift+ArrowRight', 'beta');
  await press('End', 'two');
  await press('ArrowUp', 'one');
  await press('ArrowLeft', 'beta');
  await press('ArrowLeft', 'beta');
  await expect(screen.topic(page, 'beta')).toHaveAttribute('aria-expanded', 'false');
  await press('*', 'beta');
  await expect(screen.topic(page, 'one')).toBeVisible();
  await page.keyboard.type('alp');
  await expect.poll(current).toBe('alpha');
  await page.keyboard.type('s');
  await expect.poll(current).toBe('alps');
  await page.keyboard.press('Enter');
  await expect(screen.message(page).getByTestId('message-topic')).toHaveAttribute('title', 'k/alps');

  // What was retained when it came says so; what came live does not.
  await expect(
    screen.tree(page).getByRole('treeitem', { name: /^one: was kept, 1 message, retained$/ }),
  ).toBeVisible();
  await expect(screen.tree(page).getByRole('treeitem', { name: /^two: x, 1 message$/ })).toBeVisible();

  await press('End', 'two');
  await page.keyboard.press('ControlOrMeta+c');
  await expect(screen.notice(page, 'Copied “k/beta/two”')).toBeVisible();
  expect(await app.clipboard()).toBe('k/beta/two');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Use topic in Publish' }).click();
  await expect(publishTopic(page)).toHaveValue('k/beta/two');
  await expect(publishTopic(page)).toBeFocused();
});

test('siblings are opened and typed names found far outside of the rows that are loaded', async ({
  launch,
}) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'w/#')]);
  await ready(page, 1);
  const count = 1200;
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      other.publish(`w/n${String(index).padStart(4, '0')}/leaf`, 'x', { qos: 0 }),
    ),
  );
  await other.publish('w/zebra/crossing', 'x');
  const tree = screen.tree(page);
  const current = () =>
    tree.evaluate((element) => {
      const id = element.getAttribute('aria-activedescendant') ?? '';
      return (document.getElementById(id)?.getAttribute('aria-label') ?? '').split(/[:,]/)[0];
    });
  await tree.focus();
  await page.keyboard.press('Home');
  await expect.poll(current).toBe('w');
  await page.keyboard.press('ArrowRight');
  await expect(screen.topic(page, 'n0000')).toHaveAttribute('aria-setsize', String(count + 1));
  await expect(screen.topic(page, 'zebra')).toHaveCount(0);

  // 1,200 rows below, in one word, typed fast.
  await page.keyboard.type('zeb');
  await expect.poll(current).toBe('zebra');
  await expect(screen.topic(page, 'zebra')).toBeInViewport();
  await expect(screen.topic(page, 'zebra')).toHaveAttribute('aria-selected', 'true');

  // And around the end, back to the top.
  await page.waitForTimeout(800);
  await page.keyboard.type('n0003');
  await expect.poll(current).toBe('n0003');

  await page.keyboard.press('*');
  await expect(screen.topic(page, 'n0003')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('End');
  await expect.poll(current).toBe('crossing');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(current).toBe('zebra');
  await page.keyboard.press('ArrowUp');
  await expect.poll(current).toBe('leaf');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(current).toBe(`n${count - 1}`);
});

test('deep levels with long names keep the numbers in their columns', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'deep/#')]);
  await ready(page, 1);
  await other.publish(`deep/${'a-very-long-segment-name/line1/'.repeat(10)}at-the-end`, '1');
  await screen.topic(page, 'deep').click();
  await page.keyboard.press('Shift+ArrowRight');
  const last = screen.topic(page, 'at-the-end');
  await expect(last).toBeVisible();
  const places = await screen
    .tree(page)
    .getByRole('treeitem')
    .evaluateAll((rows) => rows.map((row) => row.lastElementChild?.getBoundingClientRect().right));
  expect(new Set(places).size).toBe(1);
  const room = await screen.tree(page).evaluate((tree) => tree.getBoundingClientRect().right);
  expect(places[0]).toBeLessThanOrEqual(room);
});
