import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The screen. Everything is a hashed file of its own (no inline scripts, no data: fonts), so that it runs under the
 * content security policy of both hosts; workers are modules served from the same origin.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: false,
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    // Monaco and its language workers are large by nature, and loaded lazily.
    chunkSizeWarningLimit: 6000,
  },
});
