import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Each test starts an Electron of its own; two cores carry one at a time.
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
});
