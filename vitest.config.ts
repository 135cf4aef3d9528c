import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{app,main,renderer,tools,bench,e2e}/**/*.test.{ts,tsx}'],
    // Two cores: more files at once only make the timed integration tests slower.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A second, as it is by default, is passed now and then on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
  },
});
