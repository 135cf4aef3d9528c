import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import {
  brokerUrl,
  publish,
  ready,
  screen,
  streamValues,
  treeSegments,
  valueText,
} from './support/screen.ts';

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

const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const slider = (page: Page) => timeline(page).getByRole('slider', { name: 'Time' });
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('the tree, the stream and the inspector are shown as they were, and live again', async ({ launch }) => {
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'tl/#')]);
  await ready(page, 1);
  // Rounds with time between them, so that a place on the bar means one of them.
  await other.publish('tl/temp', 'first');
  await pause(700);
  await other.publish('tl/temp', 'second');
  await other.publish('tl/door', 'open');
  await pause(700);
  await other.publish('tl/temp', 'third');
  await expect(screen.streamRow(page, 'third')).toBeVisible();
  await screen.tree(page).focus();
  await page.keyboard.press('ArrowRight');
  await screen.topic(page, 'temp').click();
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: third, 3 messages');

  await page.keyboard.press('Alt+T');
  await expect(slider(page)).toHaveAttribute('aria-valuetext', 'Live');
  await slider(page).focus();
  // One message back: the third had not come yet.
  await page.keyboard.press('ArrowLeft');
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: second, 2 messages');
  await expect(screen.topic(page, 'door')).toHaveAccessibleName('door: open, 1 message');
  await expect(timeline(page)).toContainText(/As of \d\d:\d\d:\d\d\.\d{3}/);
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d\.\d{3}$/);
  await expect.poll(() => streamValues(page)).toEqual(['first', 'second', 'open']);
  await expect.poll(() => valueText(page)).toBe('second');
  expect(await seriousViolations(page)).toEqual([]);

  // The beginning: one topic, its first value.
  await page.keyboard.press('Home');
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: first, 1 message');
  expect(await treeSegments(page)).toEqual(['tl', 'temp']);
  await expect.poll(() => valueText(page)).toBe('first');

  // What comes and goes meanwhile does not move it.
  await publish(page, 'tl/set', 'by hand');
  await other.publish('tl/temp', 'fourth');
  await expect(timeline(page)).toContainText('6 newer messages');
  const fourthAt = Date.now();
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: first, 1 message');

  // Dragged from the beginning on, and back to the present by the button.
  const box = await slider(page).boundingBox();
  if (box === null) {
    throw new Error('The slider has no place.');
  }
  const middle = box.y + box.height / 2;
  // Where the drag ends must be later than the fourth.
  await expect
    .poll(async () => {
      const [from, to] = await Promise.all(
        ['aria-valuemin', 'aria-valuemax'].map(async (name) => Number(await slider(page).getAttribute(name))),
      );
      return (to ?? 0) - ((to ?? 0) - (from ?? 0)) * (14 / box.width) > fourthAt;
    })
    .toBe(true);
  await page.mouse.move(box.x + 1, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 12, middle, { steps: 8 });
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: fourth, 4 messages');
  await page.mouse.move(box.x + 2, middle, { steps: 8 });
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: first, 1 message');
  await page.mouse.up();
  await timeline(page).getByRole('button', { name: 'Return to live' }).click();
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: fourth, 4 messages');
  await expect(slider(page)).toHaveAttribute('aria-valuetext', 'Live');
  await expect.poll(() => valueText(page)).toBe('fourth');

  // Escape does the same, and so does hiding the bar.
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: first, 1 message');
  await page.keyboard.press('Escape');
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: fourth, 4 messages');
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: first, 1 message');
  await timeline(page).getByRole('button', { name: 'Hide the timeline' }).click();
  await expect(timeline(page)).toBeHidden();
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: fourth, 4 messages');

  // A message says which moment is meant, too, and a part of the time can be looked at closely.
  await screen.streamRow(page, 'second').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show the tree as of this message' }).click();
  await expect(screen.topic(page, 'temp')).toHaveAccessibleName('temp: second, 2 messages');
  expect(await treeSegments(page)).toEqual(['tl', 'temp']);
  await slider(page).focus();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowRight');
  await expect(screen.topic(page, 'door')).toHaveAccessibleName('door: open, 1 message');
  await timeline(page).getByRole('button', { name: 'Show the whole time' }).click();
  await expect(timeline(page).getByRole('button', { name: 'Show the whole time' })).toBeHidden();
});
