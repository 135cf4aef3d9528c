import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { endOnSignals, report } from '../main/server/end-on-signals.ts';
import { createServerHost } from '../main/server/host.ts';
import { exitCodeOf, openAtStart } from '../main/server/open-at-start.ts';
import { type CommandLine, parseCommandLine } from '../main/services/command-line.ts';
import { freePort } from './free-port.ts';
import { projectRoot } from './run.ts';

const USAGE = `Usage: npm run dev [-- [--demo] [--port N] [--data-dir DIR] [URL]]

The server host with hot reload of the screen. As with npm start, URL opens and connects a temporary profile, and
--demo the demo broker. Without --data-dir the data is kept in a temporary folder, which goes with the process.
`;
const DEFAULT_PORT = 5173;

/** What to undo at the end, the last first. */
const cleanUp: (() => Promise<unknown>)[] = [];

/**
 * Vite serves the page and passes the WebSocket on to an engine that runs from source. Vite's refresh runtime needs
 * an inline script, so that the page has no Content-Security-Policy here; the built app always has it.
 */
async function develop(options: CommandLine): Promise<void> {
  endOnSignals(close);
  const dataDirectory = options.dataDirectory ?? (await temporaryDirectory());
  const port = options.port === 0 ? await freePort() : (options.port ?? DEFAULT_PORT);
  const origin = `http://127.0.0.1:${port}`;
  const host = await createServerHost({ dataDirectory, extraOrigins: [origin] });
  cleanUp.push(() => host.close());
  const vite = await createPageServer(port, new URL(host.url).origin);
  cleanUp.push(() => vite.close());
  await vite.listen();
  await openAtStart(host.engine, options);
  process.stdout.write(
    `Engine data: ${dataDirectory}\nTopicscope is running at ${origin}/#token=${host.token}\n`,
  );
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'topicscope-dev-'));
  cleanUp.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function createPageServer(port: number, engine: string): Promise<ViteDevServer> {
  const ours = process.listeners('SIGTERM');
  const vite = await createServer({
    configFile: join(projectRoot, 'renderer/vite.config.ts'),
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      proxy: { '/contract': { target: engine, ws: true } },
    },
    clearScreen: false,
  });
  // Vite would end the process by itself, before the engine has closed.
  for (const listener of process.listeners('SIGTERM')) {
    if (!ours.includes(listener)) {
      process.off('SIGTERM', listener);
    }
  }
  return vite;
}

async function close(): Promise<void> {
  for (let undo = cleanUp.pop(); undo !== undefined; undo = cleanUp.pop()) {
    await undo();
  }
}

/** Options of the app that mean nothing here. */
function findUnsupported(options: CommandLine): string | undefined {
  const unsupported = {
    '--desktop': options.host === 'desktop',
    '--host': options.address !== undefined,
    '--access-password-file': options.accessPasswordFile !== undefined,
    '--tls-cert': options.tlsCert !== undefined,
  };
  return Object.entries(unsupported).find(([, isGiven]) => isGiven)?.[0];
}

const parsed = parseCommandLine(process.argv.slice(2));
const unsupported = parsed.kind === 'run' ? findUnsupported(parsed.options) : undefined;
if (parsed.kind === 'error' || unsupported !== undefined) {
  const problem = parsed.kind === 'error' ? parsed.message : `${unsupported} is not for npm run dev.`;
  process.stderr.write(`topicscope: ${problem} See npm run dev -- --help.\n`);
  process.exitCode = 2;
} else if (parsed.kind === 'run') {
  try {
    await develop(parsed.options);
  } catch (error) {
    report(error);
    await close();
    process.exit(exitCodeOf(error));
  }
} else {
  process.stdout.write(USAGE);
}
