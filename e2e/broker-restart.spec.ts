import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { mosquittoPub } from './support/mosquitto-clients.ts';
import { connect, readLedger, screen, subscribe } from './support/screen.ts';

test('a broker that is killed and restarted costs nothing on screen', async ({ app }) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  const { mqtt: port } = broker.ports;
  await connect(page, { name: 'Restarted', port });
  await subscribe(page, 'plant/#');
  for (let index = 1; index <= 5; index++) {
    await mosquittoPub({ port, topic: 'plant/a', payload: `before ${index}` });
  }
  await expect(screen.stream(page).getByText('before 5')).toBeVisible();

  await broker.kill();
  await expect(screen.status(page)).toContainText(/reconnect|waiting|again in/i);
  await expect(screen.stream(page).getByText('before 5')).toBeVisible();
  await expect(screen.topic(page, 'plant')).toBeVisible();
  // The loss is marked in the stream at once, and how long it was when it is over.
  await expect(screen.stream(page).getByText(/Connection lost: /)).toBeVisible();

  await broker.restart();
  await expect(screen.status(page)).toContainText('Connected', { timeout: 20_000 });
  await mosquittoPub({ port, topic: 'plant/a', payload: 'after' });
  await expect(screen.stream(page).getByText('after', { exact: true })).toBeVisible();
  await expect(screen.stream(page).getByText('before 5')).toBeVisible();
  await expect(screen.stream(page).getByText(/No connection for .*s: /)).toBeVisible();
  expect((await readLedger(page)).received).toBe(6);
  await broker.stop();
});

test('disconnect answers while the broker is away, and connect works again', async ({ app }) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  await connect(page, { name: 'Away', port: broker.ports.mqtt });
  await broker.kill();
  await expect(screen.status(page)).toContainText(/reconnect|waiting|again in/i);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(screen.status(page)).toContainText('Not connected');
  await broker.restart();
  await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expect(screen.status(page)).toContainText('Connected');
  await broker.stop();
});
