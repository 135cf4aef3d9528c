import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'vite';
import { createServerHost } from '../main/server/host.ts';
import { parseCommandLine } from '../main/services/command-line.ts';
import { projectRoot } from './run.ts';

/**
 * The server host with hot reload of the screen: Vite serves the page and passes the WebSocket on to an engine that
 * runs from source. Vite's refresh runtime needs an inline script, so that the page has no Content-Security-Policy here;
 * the built app always has it.
 */
const parsed = parseCommandLine(process.argv.slice(2));
if (parsed.kind !== 'run') {
  process.stderr.write(
    `${parsed.kind === 'error' ? parsed.message : 'Usage: npm run dev [-- --demo] [--data-dir DIR]'}\n`,
  );
  process.exit(2);
}
const { options } = parsed;
const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'topicscope-dev-')));
const port = options.port ?? 5173;
const origin = `http://127.0.0.1:${port}`;
const host = await createServerHost({ dataDirectory, extraOrigins: [origin] });
const vite = await createServer({
  configFile: join(projectRoot, 'renderer/vite.config.ts'),
  server: {
    host: '127.0.0.1',
    port,
    strictPort: true,
    proxy: { '/contract': { target: new URL(host.url).origin, ws: true } },
  },
  clearScreen: false,
});
await vite.listen();
if (options.demo) {
  await host.engine.openDemo();
}
process.stdout.write(
  `Engine data: ${dataDirectory}\nTopicscope is running at ${origin}/#token=${host.token}\n`,
);
