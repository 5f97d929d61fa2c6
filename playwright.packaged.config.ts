/** For `npm run package -- --check`, which makes what these tests need and names it in GEOSTREAM_INSTALLED. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/packaged',
  testMatch: '**/*.packaged.ts',
  outputDir: 'test-results/packaged',
  timeout: 240_000,
  expect: { timeout: 40_000 },
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['./tests/reporting/playwrightFailures.ts']],
});
