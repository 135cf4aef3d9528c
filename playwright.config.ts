import { defineConfig } from '@playwright/test';
import type { AppOptions } from './e2e/support/app.ts';
import { electronBinary } from './tools/electron-binary.ts';

/** Desktop runs where Electron's binary and a display are; the same specs, written once. */
const canRunDesktop =
  electronBinary() !== undefined &&
  (process.platform !== 'linux' ||
    process.env.DISPLAY !== undefined ||
    process.env.WAYLAND_DISPLAY !== undefined);

export default defineConfig<AppOptions>({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Two cores: one journey at a time has them to itself, as a user's has.
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'server', use: { hostKind: 'server' } },
    ...(canRunDesktop ? [{ name: 'desktop', use: { hostKind: 'desktop' as const } }] : []),
  ],
});
