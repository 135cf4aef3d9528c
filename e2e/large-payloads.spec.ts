import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { connectOther } from './support/other-client.ts';
import { brokerUrl, readLedger, ready, screen, valueText } from './support/screen.ts';

test('a JSON of 5 MB and a binary of 20 MB open, show their ends, and are saved whole', async ({
  launch,
}) => {
  test.slow();
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const other = await connectOther(broker.ports.mqtt);
  const { page } = await launch([brokerUrl(broker.ports.mqtt, 'large/#')]);
  await ready(page, 1);
  const items = Array.from(
    { length: 90_000 },
    (_, index) => `{"id":${index},"value":${index}.50,"name":"sensor number ${index}"}`,
  );
  const json = `[${items.join(',')},"the very end"]`;
  expect(json.length).toBeGreaterThan(5_000_000);
  const binary = Buffer.alloc(20_000_000, 0xab);
  binary.set([0xde, 0xad, 0xbe, 0xef], binary.length - 4);
  await other.publish('large/json', json);
  await other.publish('large/binary', binary);
  await expect.poll(async () => (await readLedger(page)).received, { timeout: 30_000 }).toBe(2);

  const message = screen.message(page);
  await screen.streamRow(page, 'large/json').click();
  await expect.poll(() => valueText(page), { timeout: 20_000 }).toContain('"id": 0,');
  await message.getByRole('textbox', { name: 'Value' }).focus();
  await expect
    .poll(
      async () => {
        await page.keyboard.press('ControlOrMeta+End');
        return valueText(page);
      },
      { timeout: 20_000 },
    )
    .toContain('"the very end"');
  expect(await valueText(page)).toContain('"value": 89999.50,');

  await screen.streamRow(page, 'large/binary').click();
  const grid = message.getByRole('grid', { name: 'Value' });
  await expect(grid).toHaveAttribute('aria-rowcount', '1250000');
  await grid.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(grid.getByRole('row').filter({ hasText: '01312cf0' })).toContainText('deadbeef');

  const downloading = page.waitForEvent('download');
  await message.getByRole('button', { name: 'Save payload to a file' }).click();
  const saved = await readFile(await (await downloading).path());
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(hash(saved)).toBe(hash(binary));
  await other.end();
  await broker.stop();
});
