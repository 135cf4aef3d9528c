import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The preload script: one CommonJS file, since a sandboxed preload can't be a module. */
export default defineConfig({
  root,
  publicDir: false,
  build: {
    outDir: 'dist/preload',
    emptyOutDir: true,
    target: 'node24',
    ssr: true,
    minify: false,
    rolldownOptions: {
      input: { preload: 'main/desktop/preload.ts' },
      external: ['electron'],
      output: { entryFileNames: '[name].cjs', format: 'cjs' },
    },
  },
  ssr: { noExternal: true, external: ['electron'], target: 'node' },
});
