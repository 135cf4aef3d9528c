import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { expect, test } from './support/app.ts';
import { seriousViolations } from './support/axe.ts';
import type { TestCertificates } from './support/certificates.ts';
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts';
import { fillForm, screen } from './support/screen.ts';

const run = promisify(execFile);
let broker: Mosquitto;
let certificates: TestCertificates;
test.beforeAll(async () => {
  broker = await startMosquitto();
  if (broker.certificates === undefined) {
    throw new Error('The broker has no certificates.');
  }
  certificates = broker.certificates;
});
test.afterAll(() => broker.stop());

const zoneOf = (form: Locator) => form.getByRole('region', { name: 'Drop certificates' });
/** A line of what a drop brought, by the file. */
const row = (form: Locator, fileName: string) =>
  form.getByRole('list', { name: 'Found in the files' }).getByRole('listitem').filter({ hasText: fileName });
/** What a slot shows of a stored file. */
const stored = (form: Locator, fileName: string) => form.getByRole('group', { name: fileName, exact: true });

/** The form for a broker that wants a client certificate, at the tab where they are dropped. */
async function openSecurity(page: Page, name: string): Promise<Locator> {
  await fillForm(page, { name, protocol: 'mqtts', port: broker.ports.mqttsClientCertificate });
  const form = screen.form(page);
  await form.getByRole('tab', { name: 'Security' }).click();
  return form;
}

async function connectFrom(page: Page, form: Locator): Promise<void> {
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
}

/** Lets go of files above the drop zone, as from a file manager. */
async function dropFiles(
  page: Page,
  form: Locator,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const content = Object.entries(files).map(([name, bytes]) => ({ name, bytes: [...bytes] }));
  const dataTransfer = await page.evaluateHandle((dropped) => {
    const data = new DataTransfer();
    for (const { name, bytes } of dropped) {
      data.items.add(new File([new Uint8Array(bytes)], name));
    }
    return data;
  }, content);
  const zone = zoneOf(form).getByTestId('certificate-drop');
  await zone.dispatchEvent('dragover', { dataTransfer });
  await expect(zone).toHaveAttribute('data-accept', 'true');
  await zone.dispatchEvent('drop', { dataTransfer });
  await expect(zone).not.toHaveAttribute('data-accept');
}

const choose = (form: Locator, ...paths: string[]) =>
  zoneOf(form).getByLabel('Files to sort').setInputFiles(paths);

/** A file of a test in the folder of the certificates, which goes with them. */
async function made(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(certificates.directory, name);
  await writeFile(path, content);
  return path;
}

test('a PFX asks for its passphrase, fills all places and connects', async ({ app }) => {
  const { page } = app;
  const { ca, client, directory } = certificates;
  const pfx = join(directory, 'client.pfx');
  await run('openssl', [
    ...['pkcs12', '-export', '-in', client.certificateFile, '-inkey', client.keyFile],
    ...['-certfile', ca.certificateFile, '-passout', 'pass:open sesame', '-out', pfx],
  ]);
  const form = await openSecurity(page, 'From a PFX');
  const zone = zoneOf(form);
  await choose(form, pfx);
  await expect(row(form, 'client.pfx')).toContainText('Locked');
  const passphrase = zone.getByRole('textbox', { name: 'Passphrase of client.pfx' });
  await expect(passphrase).toBeFocused();
  await passphrase.fill('wrong');
  await passphrase.press('Enter');
  await expect(zone.getByText('This passphrase does not open it.')).toBeVisible();
  await passphrase.fill('open sesame');
  await passphrase.press('Enter');
  const found = zone.getByRole('list', { name: 'Found in the files' });
  await expect(found.getByText('Private key')).toBeVisible();
  await expect(passphrase).toBeHidden();
  await expect(form.getByText('Key and certificate belong together')).toBeVisible();
  await connectFrom(page, form);
});

test('the zip that AWS hands out is sorted as it is', async ({ app }) => {
  const { page } = app;
  const { ca, client } = certificates;
  const publicKey = await run('openssl', ['pkey', '-in', client.keyFile, '-pubout']);
  const text = (content: string) => new TextEncoder().encode(content);
  const id = '3f9c0d-';
  const zip = zipSync({
    [`${id}certificate.pem.crt`]: text(client.certificate),
    [`${id}private.pem.key`]: text(client.key),
    [`${id}public.pem.key`]: text(publicKey.stdout),
    'AmazonRootCA1.pem': text(ca.certificate),
    'README.md': text('# Connect your device'),
  });
  const form = await openSecurity(page, 'From AWS');
  await dropFiles(page, form, { 'connect_device_package.zip': zip });
  await expect(row(form, 'certificate.pem.crt')).toContainText('Client certificate');
  await expect(row(form, 'private.pem.key')).toContainText('Client key');
  await expect(row(form, 'AmazonRootCA1.pem')).toContainText('CA certificate');
  await expect(row(form, 'public.pem.key')).toContainText('Not used');
  await expect(row(form, 'README.md')).toContainText('Not recognised');
  await expect(form.getByText('3 placed, 2 not')).toBeVisible();
  await expect(form.getByText('Key and certificate belong together')).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await connectFrom(page, form);
});

test('cert.pem without chain.pem is named, refused by the broker, and mended by dropping the chain', async ({
  app,
}) => {
  const { page } = app;
  const { ca, serverWithIntermediate, serverWithoutIntermediate } = certificates;
  const chained = serverWithIntermediate.certificate;
  const form = await openSecurity(page, 'Without its chain');
  await choose(
    form,
    await made('cert.pem', serverWithoutIntermediate.certificate),
    await made('privkey.pem', serverWithoutIntermediate.key),
    ca.certificateFile,
  );
  const missing = form.getByText(/The issuer of “cert.pem” \(CN=Topicscope Test Intermediate\) is missing/);
  await expect(missing).toContainText('drop chain.pem or fullchain.pem as well');
  await expect(missing).toHaveCount(1);
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('dialog').getByText(/^Not connected after/)).toBeVisible();
  await page.keyboard.press('Escape');

  await choose(form, await made('chain.pem', chained.slice(chained.lastIndexOf('-----BEGIN'))));
  await expect(row(form, 'chain.pem')).toContainText('Client certificate');
  await expect(missing).toBeHidden();
  await expect(stored(form, 'cert.pem')).toContainText('CN=Topicscope Test Intermediate');
  await connectFrom(page, form);
});

test('the certificate of a broker is known, and whether it is for this host', async ({ app }) => {
  const { page } = app;
  const { ca, wrongHost, selfSigned } = certificates;
  const form = await openSecurity(page, 'Another host');
  await choose(form, wrongHost.certificateFile);
  const line = row(form, 'wrong-host.pem');
  await expect(line).toContainText('Not used');
  await expect(line).toContainText('drop the CA certificate that issued it (CN=Topicscope Test CA) instead');
  await expect(line).toContainText('is not for “127.0.0.1” but for DNS:other.example: correct the host');
  await choose(form, wrongHost.certificateFile, ca.certificateFile);
  await expect(line).toContainText('not needed: the CA certificate that issued it is here');

  // One that is trusted by itself stands among the CAs, and is judged against the host that is typed.
  await choose(form, selfSigned.certificateFile);
  await expect(row(form, 'self-signed.pem')).toContainText('CA certificate');
  const wrong = form.getByText(/“self-signed.pem” is not for/);
  await expect(wrong).toHaveCount(0);
  await form.getByRole('tab', { name: 'General' }).click();
  await form.getByRole('textbox', { name: 'Host' }).fill('broker.example');
  await form.getByRole('tab', { name: 'Security' }).click();
  await expect(wrong).toContainText('is not for “broker.example” but for DNS:localhost');
});

test('an encrypted key asks for its passphrase on drop, beside the stored one', async ({ app }) => {
  const { page } = app;
  const { ca, client, encryptedKey, unrelatedKey, passphrase } = certificates;
  const form = await openSecurity(page, 'Encrypted key');
  // A key is there already: its passphrase has a field of its own.
  await choose(form, await made('old.key', unrelatedKey));
  await expect(form.getByRole('textbox', { name: 'Passphrase', exact: true })).toBeVisible();
  await choose(form, client.certificateFile, await made('device.key', encryptedKey), ca.certificateFile);
  const field = form.getByRole('textbox', { name: 'Passphrase of device.key' });
  await field.fill(passphrase);
  await zoneOf(form).getByRole('button', { name: 'Open', exact: true }).click();
  await expect(field).toBeHidden();
  await expect(row(form, 'device.key')).toContainText('Client key');
  await expect(form.getByText('Key and certificate belong together')).toBeVisible();
  await expect(stored(form, 'ca.pem')).toHaveCount(1);
  await connectFrom(page, form);
});

test('a key of another certificate is named once, and replaced by the right one', async ({ app }) => {
  const { page } = app;
  const { ca, client, unrelatedKey } = certificates;
  const form = await openSecurity(page, 'Wrong key');
  await choose(form, client.certificateFile, ca.certificateFile, await made('wrong.key', unrelatedKey));
  const advice = form.getByText('“wrong.key” does not belong to “client.pem”');
  await expect(advice).toBeVisible();
  await expect(advice).toHaveCount(1);
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'does not belong to “client.pem”' });
  await notice.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
  await form.getByRole('tab', { name: 'Security' }).click();
  await expect(advice).toBeVisible();
  await stored(form, 'wrong.key').getByLabel('Replacement of wrong.key').setInputFiles(client.keyFile);
  await expect(form.getByText('“client.key” takes the place of “wrong.key”')).toBeVisible();
  await expect(advice).toBeHidden();
  await expect(stored(form, 'wrong.key')).toHaveCount(0);
  await connectFrom(page, form);
});

test('what can’t be used is recognised, said once, with the way out', async ({ app }) => {
  const { page } = app;
  const { client, directory } = certificates;
  const csr = await run('openssl', ['req', '-new', '-key', client.keyFile, '-subj', '/CN=x']);
  const publicKey = await run('openssl', ['pkey', '-in', client.keyFile, '-pubout']);
  const form = await openSecurity(page, 'Of no use');
  await dropFiles(page, form, {
    'store.jks': Uint8Array.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]),
    'request.csr': new TextEncoder().encode(csr.stdout),
    'client.pub': new TextEncoder().encode(publicKey.stdout),
    'id_rsa.pub': new TextEncoder().encode('ssh-rsa AAAA joe'),
    'one.txt': new TextEncoder().encode('hello'),
    'two.txt': new TextEncoder().encode('hello'),
  });
  for (const [file, kind, wayOut] of [
    ['store.jks', 'Key store', 'keytool -importkeystore'],
    ['request.csr', 'Certificate request', 'drop the certificate that your authority answered it with'],
    ['client.pub', 'Public key', 'drop the private one'],
    ['id_rsa.pub', 'Public key', 'TLS needs the certificate and its private key'],
    ['one.txt, two.txt', 'Not recognised', 'it takes PEM and DER files'],
  ] as const) {
    await expect(row(form, file)).toContainText(kind);
    await expect(row(form, file)).toContainText('Not used');
    await expect(form.getByText(wayOut)).toHaveCount(1);
  }
  await expect(form.getByText('0 placed, 6 not')).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await zoneOf(form).getByRole('button', { name: 'Close the list' }).click();
  await expect(form.getByText('Found in the files')).toBeHidden();

  // A slot does not swallow what it can't take either.
  await form
    .locator('input[type=file][aria-label="Client certificate"]')
    .setInputFiles(join(directory, 'client.csr'));
  await expect(row(form, 'client.csr')).toContainText('Certificate request');
});

test('a folder is looked into, with the folders in it', async ({ app }) => {
  const { page } = app;
  const { ca, client, directory } = certificates;
  const kit = join(directory, 'kit');
  await mkdir(join(kit, 'private'), { recursive: true });
  await writeFile(join(kit, 'client.pem'), client.certificate);
  await writeFile(join(kit, 'private/client.key'), client.key);
  await writeFile(join(kit, 'ca.pem'), ca.certificate);
  await writeFile(join(kit, '.DS_Store'), 'litter');
  const form = await openSecurity(page, 'From a folder');
  const chooser = page.waitForEvent('filechooser');
  await zoneOf(form).getByRole('button', { name: 'Choose folder' }).click();
  await (await chooser).setFiles(kit);
  await expect(row(form, 'kit/private/client.key')).toContainText('Client key');
  await expect(form.getByText('3 placed', { exact: true })).toBeVisible();
  await connectFrom(page, form);
});

test('stored certificates can be viewed, exported and replaced', async ({ app }) => {
  const { page } = app;
  const { ca, client, otherCa, server } = certificates;
  const form = await openSecurity(page, 'Kept');
  await choose(form, otherCa.certificateFile, client.certificateFile, client.keyFile);
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
  await form.getByRole('tab', { name: 'Security' }).click();

  const certificate = stored(form, 'client.pem');
  await certificate.getByText('Details').click();
  const { stdout } = await run('openssl', [
    ...['x509', '-in', client.certificateFile, '-noout', '-fingerprint', '-sha256'],
  ]);
  for (const fact of [
    'CN=client, O=Topicscope',
    'CN=Topicscope Test CA',
    'TLS client',
    stdout.trim().replace(/^.*=/, ''),
  ]) {
    await expect(certificate).toContainText(fact);
  }
  await expect(certificate).toContainText(/Valid until\s*\d{4}-\d\d-\d\d, \d+ days left/);
  await expect(stored(form, 'client.key')).toContainText('Private key, EC prime256v1');

  const saved = page.waitForEvent('download');
  await certificate.getByRole('button', { name: 'Export client.pem' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('client.pem');
  const text = await readFile(await file.path(), 'utf8');
  expect(text.replace(/\s/g, '')).toBe(
    client.certificate.slice(client.certificate.indexOf('-----BEGIN')).replace(/\s/g, ''),
  );
  await expect(stored(form, 'client.key').getByRole('button', { name: /^Export/ })).toHaveCount(0);

  const old = stored(form, basename(otherCa.certificateFile));
  await expect(old.getByRole('button', { name: 'Replace other-ca.pem' })).toBeVisible();
  await old.getByLabel(/^Replacement of/).setInputFiles(ca.certificateFile);
  await expect(form.getByText(/“ca.pem” takes the place of “other-ca.pem”/)).toBeVisible();
  await expect(old).toHaveCount(0);
  // The broker's own certificate is none, and does not take the place of the client's.
  await form.locator('input[type=file][aria-label="CA certificate"]').setInputFiles(server.certificateFile);
  await expect(row(form, 'server.pem')).toContainText('not needed');
  await connectFrom(page, form);
});
