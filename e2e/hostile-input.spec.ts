import { connectAsync } from 'mqtt';
import { startDemoBroker } from '../main/demo/demo-broker.ts';
import { expect, test } from './support/app.ts';
import { connect, readLedger, screen, subscribe, valueText } from './support/screen.ts';

const roots = [
  'html',
  'terminal',
  'bidi',
  'zero',
  'utf8',
  'long',
  'json',
  'xml',
  'case',
  '/hostile',
] as const;

test('hostile topics and payloads are shown as what they are', async ({ app }) => {
  // The embedded broker: Mosquitto itself refuses topics with control characters, others do not.
  const broker = await startDemoBroker();
  const { page } = app;
  const { port } = broker;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));

  await connect(page, { name: 'Hostile', port, version: '3.1.1' });
  for (const root of roots) {
    await subscribe(page, `${root}/#`);
  }
  const html = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const hostile: readonly (readonly [topic: string, payload: string | Uint8Array])[] = [
    [`html/${html.replaceAll('/', '∕')}`, html],
    ['terminal/\u001b[31mred', '\u001b]0;title\u0007\u001b[2J'],
    ['bidi/abc\u202Egpj.exe', 'safe\u202Etxt'],
    ['zero/\u200Bwidth', 'a\u200Bb'],
    ['/hostile//b', 'empty segments'],
    ['case/Topic', '1'],
    ['case/topic', '2'],
    ['utf8/broken', new Uint8Array([0xff, 0xfe, 0x41, 0xc3, 0x28])],
    [`long/${'x'.repeat(65_000)}`, 'a topic of 65,005 characters'],
    ['json/deep', '['.repeat(5000)],
    ['xml/bomb', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'],
  ];
  const publisher = await connectAsync({ host: '127.0.0.1', port, protocolVersion: 4 });
  for (const [topic, payload] of hostile) {
    await publisher.publishAsync(topic, typeof payload === 'string' ? payload : Buffer.from(payload), {
      qos: 1,
    });
  }
  await publisher.endAsync();
  await expect.poll(async () => (await readLedger(page)).received).toBeGreaterThanOrEqual(hostile.length);
  expect((await readLedger(page)).failed).toBe(0);

  // Every root can be opened and every message looked at; nothing runs, nothing throws.
  for (const root of roots.slice(0, 8)) {
    await screen.topic(page, root).click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(screen.message(page)).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
  }
  await screen.topic(page, 'html').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => valueText(page)).toContain('<script>alert(2)</script>');
  expect(await page.locator('img[src=x]').count()).toBe(0);

  // The right-to-left override is shown, not obeyed, and the empty segment has a name.
  await screen.topic(page, 'bidi').click();
  await page.keyboard.press('ArrowRight');
  await expect(
    screen
      .tree(page)
      .getByText(/U\+202E/)
      .first(),
  ).toBeVisible();
  await expect(screen.topic(page, '(empty)')).toBeVisible();
  await screen.topic(page, 'case').click();
  await page.keyboard.press('ArrowRight');
  await expect(screen.topic(page, 'Topic')).toBeVisible();
  await expect(screen.topic(page, 'topic')).toBeVisible();

  expect(dialogs).toEqual([]);
  expect(errors).toEqual([]);
  await broker.close();
});
