import { expect, test } from './support/app.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { connectOther } from './support/other-client.ts';
import { choose, connect, screen, typeInto } from './support/screen.ts';

test('a rehearsal shows the last will arrive, puts everything back, and shows that DISCONNECT sends none', async ({
  app,
}) => {
  const broker = await startMosquitto({ listeners: ['mqtt'] });
  const { page } = app;
  const other = await connectOther(broker.ports.mqtt);
  await other.publish('clients/state', 'online', { retain: true });
  const heard = await other.listen('clients/state');
  await connect(page, {
    name: 'Rehearsed',
    port: broker.ports.mqtt,
    more: async (form) => {
      await form.getByRole('tab', { name: 'Last will' }).click();
      await form.getByRole('switch', { name: 'Send a last will' }).check({ force: true });
      await form.getByRole('textbox', { name: 'Will topic' }).fill('clients/state');
      await typeInto(page, form.getByRole('textbox', { name: /^Will payload/ }).first(), 'offline');
      await choose(form, 'Will QoS', '1');
      await form.getByRole('switch', { name: 'Will retain' }).check({ force: true });
    },
  });

  await screen.will(page).getByRole('button', { name: 'Rehearse' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rehearse the last will' });
  await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
  await expect(dialog.getByText('The last will arrived as it was set.')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('row', { name: /^Payload offline \(7 bytes\) offline/ })).toBeVisible();
  await expect(dialog.getByRole('row', { name: /^Retain retained retained/ })).toBeVisible();
  const restored = dialog.getByRole('region', { name: 'Put back' });
  await expect(restored).toContainText(
    'What was retained on clients/state before the rehearsal is there again.',
  );
  await expect(restored).toContainText('The connection is up again');
  await expect(screen.status(page)).toContainText('Connected');
  const live = () => heard.filter(({ retain }) => !retain).map(({ payload }) => payload.toString());
  await expect.poll(live).toEqual(['offline', 'online']);

  await choose(dialog, 'How the connection ends', 'Disconnect properly');
  await dialog.getByRole('button', { name: 'Rehearse again' }).click();
  await expect(dialog.getByText('No last will was sent, as it should be after a DISCONNECT.')).toBeVisible({
    timeout: 30_000,
  });
  await expect(restored).toContainText('The connection is up again');
  expect(live()).toEqual(['offline', 'online']);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(screen.will(page).getByText('No last will was sent')).toBeVisible();
  await expect(screen.will(page).getByText(/^Armed/)).toBeVisible();

  await other.end();
  await broker.stop();
});
