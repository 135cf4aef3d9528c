import { fileURLToPath } from 'node:url';
import { build as viteBuild } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The bundles of the product, in the order in which they are built. */
const configs = ['renderer/vite.config.ts', 'main/vite.config.ts', 'main/desktop/vite.config.ts'];

/** Builds renderer, engine, workers and preload into dist/. Throws when one of them fails. */
export async function build(logLevel: 'info' | 'warn' = 'warn'): Promise<void> {
  for (const config of configs) {
    await viteBuild({ configFile: `${root}${config}`, logLevel });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build('info');
}
