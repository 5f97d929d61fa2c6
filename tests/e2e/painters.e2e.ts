/**
 * The two painters beside each other, in Electron and in a worker as in the app, WebGL2 on Chromium's own software
 * (SwiftShader): they paint the same picture within the tolerance of pictureDifference.ts, and find the same entities
 * in it; and what is chosen when.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { TOLERANCE } from '../../src/renderer/map/worker/pictureDifference';
import { launchElectron } from '../electron/launch.mjs';
import { electronPath } from './app';
import type { Answers, Picks, Question } from './painters/messages';
import { scenes } from './painters/scenes';

/** With this, WebGL runs in software, and Chromium takes that for a graphics processor. */
const SWIFTSHADER = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
/** And as on a system without one. */
const NO_GPU = ['--disable-gpu', '--enable-unsafe-swiftshader'];

let folder: string;
const opened = new Map<string, { app: ElectronApplication; page: Page }>();

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-painters-'));
  await build({
    root: join(import.meta.dirname, 'painters'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { target: 'chrome130', outDir: join(folder, 'page') },
  });
});

test.afterAll(async () => {
  for (const { app } of opened.values()) await app.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

async function pageWith(switches: readonly string[]): Promise<Page> {
  const key = switches.join(' ');
  const known = opened.get(key);
  if (known) return known.page;
  const app = await launchElectron({
    executable: electronPath(),
    app: join(import.meta.dirname, '../bench/paint/electronMain.cjs'),
    args: [`--user-data-dir=${join(folder, `data-${opened.size}`)}`, ...switches],
    env: { ...process.env, PAINT_DIR: join(folder, 'page') },
  });
  const page = await app.firstWindow();
  await page.waitForFunction(() => 'painters' in window);
  opened.set(key, { app, page });
  return page;
}

const ask = async <Q extends Question>(switches: readonly string[], question: Q): Promise<Answers[Q['ask']]> =>
  (await pageWith(switches)).evaluate((asked) => window.painters.ask(asked), question) as Promise<Answers[Q['ask']]>;

/** Stricter than what WebGL has to prove at its start: here no pixel may stray. */
function expectTheSame({ painted, worst, strays }: Answers['choose']['difference']): void {
  expect(painted).toBeGreaterThan(2_000);
  expect(worst, 'levels of 255 by which the worst pixel differs').toBeLessThanOrEqual(TOLERANCE.levels);
  expect(strays).toBe(0);
}

function expectSamePicks({ hit, wrong }: Picks): void {
  expect(hit).toBeGreaterThan(9);
  expect(wrong).toBe(0);
}

for (const scene of Object.keys(scenes)) {
  test(`both painters paint the same: ${scene}`, async () => {
    const { difference, picks, trailLimit } = await ask(SWIFTSHADER, { ask: 'compare', scene });
    expectTheSame(difference);
    // In the density view there is somebody only where one is emphasised.
    if (scene.startsWith('the density')) expect(picks.wrong).toBe(0);
    else expectSamePicks(picks);
    if (scene.includes('cut because of the crowd')) expect(trailLimit).toBeGreaterThan(1);
    else expect(trailLimit).toBeNull();
  });
}

test('of the last two frames both know who was where, also across a change of view and theme; of older ones neither', async () => {
  const { before, last, gone, beside } = await ask(SWIFTSHADER, { ask: 'hold' });
  expectSamePicks(before);
  expectSamePicks(last);
  expect(gone).toMatchObject({ hit: 0, wrong: 0 });
  expect(beside).toBe(true);
});

test('a large crowd is stamped by two threads, into the very picture that one of them makes', async () => {
  const { difference, jobs, picks } = await ask(NO_GPU, { ask: 'share' });
  expect(jobs).toBe(1);
  expect(difference).toMatchObject({ worst: 0, strays: 0 });
  expect(difference.painted).toBeGreaterThan(2_000);
  expectSamePicks(picks);
});

test('automatic takes pixels where there is no graphics processor', async () => {
  const none = await ask(NO_GPU, { ask: 'choose', wish: 'automatic', trick: 'none' });
  expect(none.states).toEqual([{ kind: 'pixels', why: { kind: 'no-gpu', renderer: null } }]);
  expect(none.difference.worst).toBe(0);
});

test('automatic takes pixels where Chromium takes software for a graphics processor, by its name', async () => {
  const named = await ask(SWIFTSHADER, { ask: 'choose', wish: 'automatic', trick: 'none' });
  expect(named.states).toEqual([
    { kind: 'pixels', why: { kind: 'no-gpu', renderer: expect.stringContaining('SwiftShader') } },
  ]);
  expect(named.difference.worst).toBe(0);
});

test('automatic takes WebGL where a graphics processor is there and paints its test picture', async () => {
  const { states, difference } = await ask(SWIFTSHADER, { ask: 'choose', wish: 'automatic', trick: 'real-name' });
  expect(states).toEqual([{ kind: 'webgl', renderer: 'ANGLE (Maker, Real Chip 9000, driver 1)' }]);
  expectTheSame(difference);
});

test('either is taken when it is wished for, WebGL also in software', async () => {
  const pixels = await ask(NO_GPU, { ask: 'choose', wish: 'pixels', trick: 'none' });
  expect(pixels.states).toEqual([{ kind: 'pixels', why: { kind: 'chosen' } }]);
  const webgl = await ask(NO_GPU, { ask: 'choose', wish: 'webgl', trick: 'none' });
  expect(webgl.states).toEqual([{ kind: 'webgl', renderer: expect.stringContaining('SwiftShader') }]);
  expectTheSame(webgl.difference);
});

for (const trick of ['draws-nothing', 'blends-wrong'] as const) {
  test(`WebGL that ${trick === 'draws-nothing' ? 'draws nothing' : 'blends wrong'} does not pass, wished for or not`, async () => {
    const { states, difference } = await ask(SWIFTSHADER, { ask: 'choose', wish: 'webgl', trick });
    const detail = expect.stringMatching(/^of \d+ painted pixels \d+ were wrong, by up to \d+ of 255$/);
    expect(states).toEqual([{ kind: 'pixels', why: { kind: 'unproven', renderer: expect.any(String), detail } }]);
    expect(difference).toMatchObject({ worst: 0, strays: 0 });
  });
}

test('a context that is lost before a frame costs no frame: it is painted in pixels', async () => {
  const { states, repaints, difference, picks } = await ask(SWIFTSHADER, { ask: 'lose', when: 'before-a-frame' });
  expect(states.map(({ kind }) => kind)).toEqual(['webgl', 'pixels']);
  expect(states[1]).toMatchObject({ why: { kind: 'lost', detail: 'its context was lost' } });
  expect(difference).toMatchObject({ worst: 0, strays: 0 });
  expect(difference.painted).toBeGreaterThan(2_000);
  expectSamePicks(picks);
  expect(repaints).toBe(0);
});

test('a context that is lost while nothing moves makes the map paint anew', async () => {
  const { states, repaints, difference, picks } = await ask(SWIFTSHADER, { ask: 'lose', when: 'at-rest' });
  expect(states.map(({ kind }) => kind)).toEqual(['webgl', 'pixels']);
  expect(repaints).toBe(1);
  expect(difference).toMatchObject({ worst: 0, strays: 0 });
  expectSamePicks(picks);
});
