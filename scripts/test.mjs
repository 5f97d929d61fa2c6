/**
 * `npm test`: everything, or one part with a filter: `npm test -- unit|integration|conformance|e2e [filter…] [options]`.
 * A filter is a piece of a test file's path; options (from the first word that begins with a dash) go to the
 * runner, Vitest or Playwright. Ends with what failed and a table of what ran; fails when anything in it failed.
 * What failed is also left in tests/artifacts/failures, a file for each part.
 *
 * Each part sets up only what it needs: unit tests the npm packages; integration tests (those of tests/differential
 * are among them) also kcat and a build; conformance tests kcat and the clients for Python; end-to-end tests also
 * Electron and a screen.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureCodeCache } from './setup/codeCache.mjs';
import { root } from './setup/folders.mjs';
import { prepareElectron, preparePackages } from './setup/prepare.mjs';
import { runInForeground, wasInterrupted } from './setup/processes.mjs';
import { say } from './setup/progress.mjs';
import { runScript, SetupError } from './setup/setupError.mjs';
import { ensureSystemPackages } from './setup/systemPackages.mjs';
import { openWindowedEnvironment } from './setup/windowed.mjs';

const PARTS = ['unit', 'integration', 'conformance', 'e2e'];
const inCi = Boolean(process.env.CI);
const failuresFolder = join(root, 'tests', 'artifacts', 'failures');

/** @typedef {{ outcome: 'passed' | 'failed' | 'skipped', why?: string }} Result */

await runScript(async () => {
  const { parts, filters, options } = readArguments(process.argv.slice(2));
  await preparePackages();

  const steps = {
    unit: () => runVitest(['unit'], filters, options),
    build: () => ensureBuilt().then(() => ({ outcome: 'passed' })),
    integration: () => runWithPackages('integration', { kcat: true }, filters, options),
    conformance: () => runWithPackages('conformance', { kcat: true, python: true }, filters, options),
    e2e: () => runEndToEnd(filters, options),
  };
  const names = parts.flatMap((part) => (part === 'integration' ? ['build', part] : [part]));
  if (parts.includes('e2e') && !names.includes('build')) names.unshift('build');

  const rows = [];
  rmSync(failuresFolder, { recursive: true, force: true });
  for (const name of names) {
    if (wasInterrupted()) break;
    const began = Date.now();
    const built = rows.every((row) => row.name !== 'build' || row.outcome === 'passed');
    const result =
      name === 'e2e' && !built ? { outcome: 'failed', why: 'the build failed' } : await attempt(name, steps[name]);
    rows.push({ name, seconds: (Date.now() - began) / 1000, ...result });
  }
  say(`${failuresOf(rows)}\n${rows.map(formatRow).join('\n')}`);
  return wasInterrupted() || rows.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
});

function readArguments([part, ...rest]) {
  if (part === undefined) return { parts: PARTS, filters: [], options: [] };
  if (!PARTS.includes(part)) {
    throw new SetupError(
      `"${part}" is no part of the tests.\nUsage: npm test -- [${PARTS.join('|')} [filter…] [options]]`,
    );
  }
  const dash = rest.findIndex((word) => word.startsWith('-'));
  const split = dash === -1 ? rest.length : dash;
  return { parts: [part], filters: rest.slice(0, split), options: rest.slice(split) };
}

/** A set-up step that cannot go on fails its part, and the other parts still run. */
async function attempt(name, step) {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    return { outcome: 'failed', why: `${name} could not be set up; see above` };
  }
}

/** @returns {Promise<Result>} */
async function runVitest(folders, filters, options) {
  const files = testFiles(folders, filters);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  return outcomeOf(
    await runInForeground(process.execPath, [vitest, 'run', ...files, ...options], {
      cwd: root,
      env: { ...process.env, GEOSTREAM_FAILURES: failuresFile(folders[0]) },
    }),
  );
}

/** @returns {Promise<Result>} */
async function runWithPackages(part, needs, filters, options) {
  try {
    await ensureSystemPackages(needs);
  } catch (error) {
    if (inCi || !(error instanceof SetupError)) throw error;
    say(`\n${error.message}\nThe tests that need it will say so.`);
  }
  return runVitest(part === 'integration' ? ['integration', 'differential'] : [part], filters, options);
}

/** @returns {Promise<Result>} */
async function runEndToEnd(filters, options) {
  const electron = await prepareElectron();
  try {
    await ensureSystemPackages({ executable: electron.executable, screen: true, kcat: true });
  } catch (error) {
    if (inCi || !(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    return { outcome: 'skipped', why: 'no screen, or something missing from the system; the command is above' };
  }
  const windowed = await openWindowedEnvironment(electron);
  try {
    await ensureCodeCache(electron, windowed.env);
    const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    const args = [playwright, 'test', ...filters, ...options];
    const env = { ...windowed.env, GEOSTREAM_FAILURES: failuresFile('e2e') };
    return outcomeOf(await runInForeground(process.execPath, args, { cwd: root, env }));
  } finally {
    await windowed.close();
  }
}

/** Test files in these folders, each of which has one of the filters in its path; paths from the checkout's top. */
function testFiles(folders, filters) {
  const files = folders
    .flatMap((folder) =>
      readdirSync(join(root, 'tests', folder), { recursive: true }).map(
        (file) => `tests/${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => /\.test\.tsx?$/.test(file))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  if (files.length === 0)
    throw new SetupError(
      `There is no test file in ${folders.map((folder) => `tests/${folder}`).join(' and ')} for: ${filters.join(' ') || 'anything'}.`,
    );
  return files.sort();
}

/** Where the reporters in tests/reporting leave what failed in a part. */
function failuresFile(part) {
  return join(failuresFolder, `${part}.txt`);
}

function failuresOf(rows) {
  return rows
    .filter(({ name }) => existsSync(failuresFile(name)))
    .map(({ name }) => `\n${name}:\n${readFileSync(failuresFile(name), 'utf8')}`)
    .join('');
}

function outcomeOf(code) {
  return { outcome: code === 0 ? 'passed' : 'failed' };
}

function formatRow({ name, outcome, seconds, why }) {
  return `${name.padEnd(12)} ${outcome.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s${why ? `   ${why}` : ''}`;
}
