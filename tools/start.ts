import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CommandLine, HELP, parseCommandLine } from '../main/services/command-line.ts';
import { chooseHost } from './choose-host.ts';
import { electronBinary } from './electron-binary.ts';
import { fetchElectron } from './fetch-electron.ts';
import { isBuildStale } from './freshness.ts';
import { projectRoot } from './run.ts';

/** `npm start`: builds when needed, picks the host, says which and why, and hands the arguments on. */
async function start(args: readonly string[]): Promise<void> {
  const parsed = parseCommandLine(args);
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if (parsed.kind === 'error') {
    process.stderr.write(`topicscope: ${parsed.message} See --help.\n`);
    process.exitCode = 2;
    return;
  }
  if (isBuildStale(projectRoot)) {
    process.stderr.write('Building Topicscope ...\n');
    if (!buildApart()) {
      process.exitCode = 1;
      return;
    }
  }
  if (parsed.kind === 'version') {
    await startServer();
    return;
  }
  await startHost(parsed.options, args);
}

/** In a process of its own: the bundler's memory (over 1 GB) would stay with the server. Its output goes to our stderr. */
function buildApart(): boolean {
  const { status } = spawnSync(process.execPath, [join(projectRoot, 'tools', 'build.ts')], {
    cwd: projectRoot,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  return status === 0;
}

async function startHost(options: CommandLine, args: readonly string[]): Promise<void> {
  const { host, reason } = await chooseHost(options, {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    fetchElectron,
  });
  const binary = host === 'desktop' ? electronBinary() : undefined;
  process.stderr.write(
    host === 'desktop'
      ? `Starting the desktop app: ${reason}.\n`
      : `Starting the server, for a browser: ${reason}.\n`,
  );
  if (binary === undefined) {
    await startServer();
  } else {
    startDesktop(binary, args);
  }
}

/** In this process, so that signals, standard output and exit code are the server's own. */
async function startServer(): Promise<void> {
  await import(pathToFileURL(join(projectRoot, 'dist', 'main', 'server.js')).href);
}

function startDesktop(binary: string, args: readonly string[]): void {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(binary, [projectRoot, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`Electron did not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}

await start(process.argv.slice(2));
