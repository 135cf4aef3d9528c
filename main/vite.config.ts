import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The engine's bundles, side by side in dist/main so that `worker-urls.ts` finds its workers. All dependencies are
 * bundled: the packaged app carries no node_modules. Electron and what Node brings stay imports.
 */
export default defineConfig({
  root,
  publicDir: false,
  // Some dependencies are CommonJS inside and ask where they are; in an ES module nobody tells them.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  build: {
    outDir: 'dist/main',
    emptyOutDir: true,
    target: 'node24',
    ssr: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        server: 'main/server/index.ts',
        desktop: 'main/desktop/index.ts',
        'session-worker': 'main/session/worker.ts',
        'diagnosis-worker': 'main/session/diagnosis/worker.ts',
        'readers-worker': 'main/readers/worker.ts',
        'scripts-worker': 'main/scripts/worker.ts',
      },
      external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js', format: 'es' },
    },
  },
  ssr: { noExternal: true, external: ['electron'], target: 'node' },
});
