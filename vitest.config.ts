import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/support/closing-line.js';

export default defineConfig({
  resolve: {
    // Vite would give our own files graphql's "module" build (index.mjs) while every package loads the CommonJS
    // one, and graphql refuses schemas that come from another copy of itself.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // waiting ends with what is waited for; the limit is for what never comes, also on a busy machine
    expect: { poll: { timeout: 10_000 } },
    // Several tests start processes of their own; two workers are what two cores carry.
    maxWorkers: 2,
    reporters: ['default', new ClosingLineReporter()],
  },
});
