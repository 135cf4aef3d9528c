import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './support/app.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { fillForm, screen } from './support/screen.ts';

const run = promisify(execFile);
let broker: Mosquitto;
test.beforeAll(async () => {
  broker = await startMosquitto();
});
test.afterAll(() => broker.stop());

test('a PFX asks for its passphrase, fills all places and connects', async ({ app }) => {
  const { page } = app;
  const { certificates } = broker;
  if (certificates === undefined) {
    throw new Error('The broker has no certificates.');
  }
  const { ca, client, directory } = certificates;
  const pfx = join(directory, 'client.pfx');
  await run('openssl', [
    ...['pkcs12', '-export', '-in', client.certificateFile, '-inkey', client.keyFile],
    ...['-certfile', ca.certificateFile, '-passout', 'pass:open sesame', '-out', pfx],
  ]);
  await fillForm(page, {
    name: 'From a PFX',
    protocol: 'mqtts',
    port: broker.ports.mqttsClientCertificate,
  });
  const form = screen.form(page);
  await form.getByRole('tab', { name: 'Security' }).click();
  const zone = form.getByRole('region', { name: 'Drop certificates' });
  await zone.getByLabel('Files to sort').setInputFiles(pfx);
  const passphrase = zone.getByRole('textbox', { name: 'Passphrase of client.pfx' });
  await passphrase.fill('wrong');
  await passphrase.press('Enter');
  await expect(zone.getByText('This passphrase does not open it.')).toBeVisible();
  await passphrase.fill('open sesame');
  await passphrase.press('Enter');
  const found = zone.getByRole('list', { name: 'Found in the files' });
  await expect(found.getByText('Private key')).toBeVisible();
  await expect(passphrase).toBeHidden();
  await expect(form.getByText('Key and certificate belong together')).toBeVisible();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
});
