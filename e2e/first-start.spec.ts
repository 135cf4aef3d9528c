import { expect, test } from './support/app.ts';
import { publish, readLedger, screen, valueText } from './support/screen.ts';

test('first start leads to live demo data in one click', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('button', { name: 'New connection' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Demo broker' }).first().click();
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.status(page)).toContainText('3.1.1');

  await expect(screen.topic(page, 'plant')).toBeVisible();
  await screen.tree(page).focus();
  await screen.topic(page, 'plant').click();
  await page.keyboard.press('ArrowRight');
  await expect(screen.topic(page, 'weather')).toBeVisible();

  await screen.topic(page, 'weather').click();
  await expect.poll(() => valueText(page)).toContain('<temperature unit="C">');
  await expect(screen.stream(page).getByRole('row')).not.toHaveCount(0);
  await expect.poll(async () => (await readLedger(page)).received).toBeGreaterThan(20);
});

test('the demo starts connected from the command line', async ({ launch }) => {
  const { page } = await launch(['--demo']);
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.topic(page, '/house').or(screen.topic(page, '(empty)')).first()).toBeVisible();
});

test('numbers are shown as the device sent them', async ({ launch }) => {
  const { page } = await launch(['--demo']);
  await screen.topic(page, 'plant').click();
  await page.keyboard.press('ArrowRight');
  await screen.topic(page, 'info').click();
  await expect.poll(() => valueText(page)).toContain('12345678901234567890');
  expect(await valueText(page)).toContain('127.0');
});

test('a set command is answered by the plant', async ({ launch }) => {
  const { page } = await launch(['--demo']);
  await expect(screen.status(page)).toContainText('Connected');
  const stream = screen.stream(page);
  await page.getByRole('textbox', { name: 'Filter by topic' }).fill('plant/line1/valve/#');
  await publish(page, 'plant/line1/valve/set', '{"open":true,"by":"e2e"}');
  await expect(stream.getByRole('row', { name: /published.*valve\/set/ })).toBeVisible();
  await expect(stream.getByRole('row', { name: /received.*valve\/state.*"by":"e2e"/ }).first()).toBeVisible();
});
