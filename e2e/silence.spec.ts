import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { connectOther, type OtherClient } from './support/other-client.ts';
import { brokerUrl, ready, screen } from './support/screen.ts';

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

const pane = (page: Page) => page.getByRole('region', { name: 'Silence', exact: true });
const row = (page: Page, topic: string) =>
  page.getByRole('grid', { name: 'Silence of topics' }).locator('[data-index]').filter({ hasText: topic });
const cell = (page: Page, topic: string, column: number) =>
  row(page, topic).getByRole('gridcell').nth(column);

/** A device that sends ten times a second until it is told to stop. */
function sending(topic: string): { stop: () => Promise<void> } {
  let isStopped = false;
  const run = (async () => {
    for (let count = 0; !isStopped; count++) {
      await device.publish(topic, `${count}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    stop: () => {
      isStopped = true;
      return run;
    },
  };
}

test('a device that stops is quiet, and nothing is while nobody listens', async ({ launch }) => {
  await device.publish('hall/door', 'closed', { retain: true });
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'hall/#')]);
  await ready(page, 1);
  const pump = sending('hall/pump');
  const fan = sending('hall/fan');
  try {
    await page.getByRole('tab', { name: 'Silence' }).click();
    await expect(cell(page, 'pump', 1)).toHaveText('On time');
    await expect(cell(page, 'fan', 1)).toHaveText('On time');
    await expect(cell(page, 'pump', 4)).toHaveText(/^\d+(\.\d)? m?s$/);
    await expect(cell(page, 'door', 1)).toHaveText('Learning');
    await expect(cell(page, 'door', 3)).toHaveText('retained');

    await pump.stop();
    await expect(cell(page, 'pump', 1)).toHaveText('Quiet');
    await expect(cell(page, 'fan', 1)).toHaveText('On time');
    await expect(pane(page).getByRole('status', { name: 'Silence summary' })).toContainText(
      '1 quiet, 0 late, 1 on time, 1 learning',
    );
    await expect(row(page, 'pump')).toHaveAttribute('data-index', '0');
    await pane(page).getByRole('combobox', { name: 'State of the topics' }).selectOption('Quiet');
    await expect(row(page, 'hall')).toHaveCount(1);
    await cell(page, 'pump', 0).click();
    await expect(screen.message(page).getByTestId('message-topic')).toContainText('pump');
    await expect(screen.message(page).getByTestId('topic-rhythm')).toContainText('Quiet: ');
    await expect(screen.topic(page, 'pump')).toHaveAttribute('aria-selected', 'true');
    expect(await seriousViolations(page)).toEqual([]);

    await pane(page).getByRole('combobox', { name: 'State of the topics' }).selectOption('All topics');
    await pane(page).getByRole('textbox', { name: 'Topic or topic filter' }).fill('+/fan');
    await expect(row(page, 'hall')).toHaveCount(1);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect(pane(page).getByText('Not connected since')).toBeVisible();
    await expect(cell(page, 'fan', 1)).toHaveText('Not heard');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await ready(page, 1);
    await expect(cell(page, 'fan', 1)).toHaveText('On time');
  } finally {
    await pump.stop();
    await fan.stop();
  }
});
