import { resolve } from 'node:path';
import { app, dialog } from 'electron';
import { toFailure } from '#app/contract/failure.ts';
import { type CommandLine, HELP, parseCommandLine } from '../services/command-line.ts';
import { defaultDataDirectory } from '../services/data-directory.ts';
import { handedArguments, ownArguments } from './arguments.ts';
import { DesktopApp, prepareApp } from './desktop-app.ts';

async function main(): Promise<void> {
  const args = ownArguments(process.argv, app.isPackaged);
  const parsed = parseCommandLine(args);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(HELP);
      app.exit(0);
      break;
    case 'version':
      process.stdout.write(`${app.getVersion()}\n`);
      app.exit(0);
      break;
    case 'error':
      process.stderr.write(`topicscope: ${parsed.message} See --help.\n`);
      app.exit(2);
      break;
    case 'run':
      if (parsed.options.host === 'server') {
        await runServer();
      } else {
        await runDesktop(parsed.options, args);
      }
  }
}

/** `topicscope --server` of the installed app: the other host's bundle lies beside this one; no window is made. */
async function runServer(): Promise<void> {
  app.dock?.hide();
  // Named through a variable: the two hosts share no code but what lies below both.
  const bundle = new URL('./server.js', import.meta.url).href;
  await import(bundle);
}

async function runDesktop(options: CommandLine, args: readonly string[]): Promise<void> {
  const dataDirectory = resolve(options.dataDirectory ?? defaultDataDirectory());
  prepareApp(dataDirectory);
  if (!app.requestSingleInstanceLock({ args })) {
    // The running app has been told and shows itself.
    app.exit(0);
    return;
  }
  await app.whenReady();
  try {
    const desktop = await DesktopApp.start(dataDirectory, options);
    app.on('second-instance', (_event, _argv, _directory, data) => {
      const handed = parseCommandLine(handedArguments(data));
      void (handed.kind === 'run' ? desktop.open(handed.options) : Promise.resolve()).then(() =>
        desktop.showWindow(),
      );
    });
  } catch (error) {
    const { message, hint, detail } = toFailure(error);
    dialog.showErrorBox('Topicscope could not start', [message, hint, detail].filter(Boolean).join('\n\n'));
    app.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`topicscope: ${toFailure(error).message} ${toFailure(error).detail ?? ''}\n`);
  app.exit(1);
});
