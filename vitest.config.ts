import { defineConfig } from 'vitest/config';
import { assembly } from './scripts/setup/assembly.ts';

export default defineConfig({
  plugins: [assembly(import.meta.dirname)],
  test: {
    include: ['unit', 'integration', 'differential', 'conformance'].map((part) => `tests/${part}/**/*.test.ts`),
    environment: 'node',
    reporters: ['default', './tests/reporting/vitestFailures.ts'],
    // Only what hangs is meant to meet these: machines are shared, and a passing test does not wait for them.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    // Two cores, and integration tests that start processes: more workers only make each other late.
    maxWorkers: 2,
  },
});
