import { readFile } from 'node:fs/promises';
import { fail } from '#app/contract/failure.ts';
import { appVersion } from '../services/app-version.ts';
import { type CommandLine, HELP, parseCommandLine } from '../services/command-line.ts';
import { defaultDataDirectory } from '../services/data-directory.ts';
import { endOnSignals, report } from './end-on-signals.ts';
import { createServerHost, type ServerHost } from './host.ts';
import { exitCodeOf, openAtStart } from './open-at-start.ts';
import { openBrowser } from './open-browser.ts';

/** Characters that an access password has at least. */
const MIN_PASSWORD = 8;

async function main(): Promise<void> {
  // A packaged Electron app has no script in its arguments.
  const isPackaged = process.versions.electron !== undefined && !('defaultApp' in process);
  const parsed = parseCommandLine(process.argv.slice(isPackaged ? 1 : 2));
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`${appVersion()}\n`);
      return;
    case 'error':
      process.stderr.write(`topicscope: ${parsed.message} See --help.\n`);
      process.exitCode = 2;
      return;
    case 'run':
      await run(parsed.options);
  }
}

async function run(options: CommandLine): Promise<void> {
  const host = await createServerHost({
    dataDirectory: options.dataDirectory ?? defaultDataDirectory(),
    address: options.address,
    port: options.port,
    accessPassword: await readPassword(options.accessPasswordFile),
    tls: await readTls(options.tlsCert, options.tlsKey),
  });
  endOnSignals(() => host.close());
  endOnUncaught(host);
  // Opened before the line is printed, so that the first page finds its session; failures show in its state.
  try {
    await openAtStart(host.engine, options);
  } catch (error) {
    await host.close();
    throw error;
  }
  process.stdout.write(`Topicscope is running at ${host.url}\n`);
  if (options.open) {
    openBrowser(host.url);
  }
}

/** An error of our own ends the process, loudly, but brokers and files are left in order. */
function endOnUncaught(host: ServerHost): void {
  process.on('uncaughtException', (error) => {
    report(error);
    host.engine.logger.log('error', 'Uncaught', { error });
    process.exitCode = 1;
    host.close().finally(() => process.exit(1));
  });
}

async function readPassword(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) {
    return undefined;
  }
  const password = (await readOption('--access-password-file', path)).replace(/\r?\n$/, '');
  if (password.length < MIN_PASSWORD) {
    throw fail(
      'server.password',
      `The access password has fewer than ${MIN_PASSWORD} characters.`,
      `Put a longer one into ${path}.`,
    );
  }
  return password;
}

async function readTls(cert: string | undefined, key: string | undefined) {
  return cert === undefined || key === undefined
    ? undefined
    : { cert: await readOption('--tls-cert', cert), key: await readOption('--tls-key', key) };
}

async function readOption(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw fail(
      'server.option',
      `The file of ${option} can’t be read.`,
      'Check its path and who may read it.',
      detail,
    );
  }
}

main().catch((error: unknown) => {
  report(error);
  process.exitCode = exitCodeOf(error);
});
