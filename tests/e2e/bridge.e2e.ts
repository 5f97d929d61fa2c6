/**
 * What a page that has been taken over may send over the bridge: every command with input of its shape, near it and
 * nowhere near, what is no command at all, too much, and many at once. tests/integration/ipc has the same at length, without
 * the window.
 */
import type { ElectronApplication, Page } from '@playwright/test';
import fc from 'fast-check';
import { type CommandName, commands } from '../../src/shared/contract';
import { hostileNames, rightInputs, wrongInputs } from '../integration/ipc/schemaInputs';
import { clearMap, counts, expect, test } from './app';

/** GEOSTREAM_SEED=n tries others. */
const SEED = Number(process.env.GEOSTREAM_SEED ?? 20_262);
/** Nothing that a command is given leads off this machine. */
const KNOWN = ['ships', 'built-in', '127.0.0.1:1', 'http://127.0.0.1:1/token', '0', ...hostileNames];

/** Dialogs are cancelled and browsers stay closed: what would leave the app is only counted. */
async function closeTheDoors(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ dialog, shell }) => {
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] });
    shell.openExternal = async () => undefined;
  });
}

/** Whatever the main process and the broker write as an error, from now on. */
function listenForErrors(electron: ElectronApplication): string[] {
  const errors: string[] = [];
  let rest = '';
  electron.process().stderr?.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    errors.push(...lines.filter((line) => line.includes('"level":"error"') || line.includes('UnhandledPromise')));
  });
  return errors;
}

/** What is not as a command's answer has to be: a value, or an error with a code and a next step. */
async function strangeAnswers(page: Page, calls: readonly [string, unknown][]): Promise<unknown[]> {
  return page.evaluate(async (all) => {
    const codes = ['bad-input', 'not-found', 'refused', 'cluster', 'timeout', 'file'];
    const strange: unknown[] = [];
    for (const [name, input] of all) {
      const answer = await window.geostream.call(name as 'app.snapshot', input as never).catch(String);
      const fine =
        typeof answer === 'object' &&
        (answer.ok ? 'value' in answer : codes.includes(answer.error.code) && answer.error.action.length > 0);
      if (!fine) strange.push([name, answer]);
    }
    return strange;
  }, calls);
}

/** The app answers, is on the built-in broker, and nothing has got into the objects of all others. */
async function expectWell(electron: ElectronApplication, page: Page): Promise<void> {
  const answer = await page.evaluate(async () => {
    await window.geostream.call('profiles.use', { id: 'built-in' });
    return window.geostream.call('app.snapshot', {});
  });
  expect(answer.ok).toBe(true);
  expect(await electron.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
  await expect(counts(page)).toBeVisible();
}

test('every command of the contract, with input of any shape, is answered in words, and the window goes on', async ({
  start,
}) => {
  const { electron, page, errors } = await start();
  const logged = listenForErrors(electron);
  await closeTheDoors(electron);
  await clearMap(page);
  const names = Object.keys(commands) as CommandName[];
  for (const name of names) {
    const { input } = commands[name];
    const right = fc.sample(rightInputs(input, KNOWN), { seed: SEED, numRuns: 3 });
    const wrong = fc.sample(wrongInputs(input, KNOWN), { seed: SEED, numRuns: 10 });
    const calls = [...right, ...wrong].filter(canBeSentByTheTest).map((one): [string, unknown] => [name, one]);
    expect(await strangeAnswers(page, calls)).toEqual([]);
    await page.evaluate(async () => {
      const now = await window.geostream.call('app.snapshot', {});
      if (now.ok) for (const { id } of now.value.simulations) await window.geostream.call('simulate.dismiss', { id });
    });
  }
  await expectWell(electron, page);
  expect(logged).toEqual([]);
  expect(errors).toEqual([]);
});

/** Playwright carries to the page what JSON has, and little more. */
function canBeSentByTheTest(input: unknown): boolean {
  try {
    return JSON.stringify(input).length < 4_000_000;
  } catch {
    return false;
  }
}

test('what is no command, what cannot be sent, too much and too many at once do the app no harm', async ({ start }) => {
  const { electron, page, errors } = await start();
  const logged = listenForErrors(electron);
  await closeTheDoors(electron);
  const told = await page.evaluate(async (names) => {
    const { call, on } = window.geostream as unknown as {
      call: (...args: unknown[]) => Promise<{ ok: boolean; error?: { code: string } }>;
      on: (name: unknown, listener: unknown) => () => void;
    };
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let deep: unknown = 1;
    for (let i = 0; i < 500; i++) deep = { deep };
    const inputs: unknown[] = [
      ...[
        undefined,
        null,
        Number.NaN,
        1n,
        '',
        'x'.repeat(32_000_000),
        [],
        new Array(1_000_000),
        circle,
        deep,
        new Date(0),
      ],
      ...[new Map([[1, 2]]), new Set([1]), new Uint8Array(8_000_000), /x/, new Error('x'), new Blob(['x'])],
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    ];
    const outcome = (asked: Promise<{ ok: boolean; error?: { code: string } }>) =>
      asked.then((answer) => answer.error?.code ?? 'fine').catch(() => 'not sent');
    const attempt = (name: unknown, input: unknown) => {
      try {
        return outcome(call(name, input));
      } catch {
        return Promise.resolve('not sent');
      }
    };
    const strangers = [
      ...names,
      undefined,
      null,
      7,
      {},
      [],
      ['app.snapshot'],
      'app.snapshot ',
      'APP.SNAPSHOT',
      'geostream:command',
    ];
    const outcomes = {
      names: await Promise.all(strangers.map((name) => attempt(name, {}))),
      inputs: await Promise.all(inputs.map((input) => attempt('topics.delete', input))),
      functions: await Promise.all(
        [() => 1, Symbol('x'), { run: () => 1 }].map((one) => attempt('topics.delete', one)),
      ),
      events: [...names, 'geostream:command', '../command', null, {}].map((name) => {
        try {
          on(name, () => undefined);
          return 'heard';
        } catch {
          return 'refused';
        }
      }),
      many: await Promise.all(Array.from({ length: 3_000 }, () => attempt('view.save', { lat: 1, lon: 1, zoom: 3 }))),
    };
    return Object.fromEntries(Object.entries(outcomes).map(([what, all]) => [what, [...new Set(all)].sort()]));
  }, hostileNames);
  expect(told).toEqual({
    names: ['bad-input'],
    // A few things the structured clone algorithm has no form for: they do not leave the page.
    inputs: expect.arrayContaining(['bad-input']),
    functions: expect.not.arrayContaining(['fine']),
    events: ['refused'],
    many: ['fine'],
  });
  expect(told.inputs).not.toContain('fine');
  await expectWell(electron, page);
  expect(logged).toEqual([]);
  expect(errors).toEqual([]);
});
