/**
 * Milliseconds a frame for 10,000 to 1,000,000 points that all move in every frame: the app's own map, from encoded
 * batches to the frame on the page, against `L.circleMarker` on `L.canvas` with `setLatLng` on all. In an
 * Electron window of 1280 x 800 CSS pixels; the page is built by Vite and served under a policy like the app's.
 *
 * Then the same with smooth motion, where every point is painted between two fixes, beside the same run without.
 *
 * Then with a fix a second for each point, as fast as a stream of so many may well be: each frame of the screen's is to
 * show those that have moved since the one before, and with smooth motion all of them. Once at the speed of aircraft, 250
 * metres a second; once at five times that, where each is seen to jump; and, gliding, so fast that 97 of 100 are on another
 * pixel in every frame, and the others wait for their next fix. And at that speed with a million fixes a second, which is
 * what is to be read at best.
 *
 * What these are to keep up with is the screen: how often the page is asked for a frame when it has nothing to paint, in
 * a window of the same run. Beside the usual time of a frame is said in what part of the screen's frames there was a
 * picture anew: a few that are late do not show in a median.
 *
 * Then the same painted with WebGL, where there is a context to be had, beside the pixels of the same run. These rows
 * name what WebGL ran on, and have no goal: on a virtual screen that is software, which is expected to be slow.
 */
import { join } from 'node:path';
import { build, runnerImport } from 'vite';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';
import { launchElectron } from '../../electron/launch.mjs';
import { closeApp, ROOT } from '../openApp.mjs';
import { figure, lessIsBetter } from '../rows.mjs';

/** 60 frames a second, ms; and by how much the clock that frames are measured with is off, as a part of it. */
const SMOOTH_MS = 1_000 / 60;
const CLOCK_PART = 0.02;
/**
 * Times as fast as the reference, but for 300,000: those are to move at the screen's rate, with a fix a second each as well
 * as with one in every frame, which are 18 million a second and many times what can be read. A screen at 60 Hz gives a frame
 * every 17 ms at best, so 10,000 points cannot get far ahead of the reference, which is near that already. The reference
 * needs half a minute for a frame of a million, and WebGL in software as long: that is left out. In one window a frame of
 * 300,000 falls into two of the screen's, in the next into three or four, and stays so, or takes a millisecond more than in
 * the next: hence several windows, by turns with smooth motion.
 */
const CASES = [
  { count: 10_000, goal: { ratio: 2 }, frames: 60, referenceFrames: 30, webgl: true },
  { count: 100_000, goal: { ratio: 20 }, frames: 60, referenceFrames: 7, webgl: true },
  { count: 300_000, goal: 'screen', frames: 60, referenceFrames: 5, webgl: true, windows: 3 },
  { count: 1_000_000, goal: { ratio: 20 }, frames: 12, referenceFrames: 1, webgl: false },
];

/** Of the speed without it, what smooth motion may leave at least. */
const GLIDING_GOAL = 0.6;

/** Frames with fixes at a rate, and of the screen's with nothing to paint. */
const PACED_FRAMES = 120;
const SCREEN_FRAMES = 120;

/** @param {readonly number[]} values */
const total = (values) => values.reduce((sum, value) => sum + value, 0);

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function paintRows({ electron, short }) {
  const folder = await makeGuardedFolder('geostream-paint-');
  try {
    /** @type {{ module: typeof import('../../../scripts/setup/worldColumns') }} */
    const { module } = await runnerImport(join(ROOT, 'scripts/setup/worldColumns.ts'), {
      root: ROOT,
      configFile: false,
      logLevel: 'error',
    });
    await build({
      root: import.meta.dirname,
      configFile: false,
      logLevel: 'error',
      worker: { format: 'es', plugins: () => [module.worldColumns()] },
      build: { target: 'chrome130', outDir: join(folder, 'page'), chunkSizeWarningLimit: 10_000 },
    });
    const rows = [];
    /** @param {number} frames */
    const some = (frames) => (short ? Math.ceil(frames / 2) : frames);
    // The mean: such a page misses no frame, and each of them is timed a little early or late.
    const screenMs = total(await measure(electron, folder, 'screen', 0, SCREEN_FRAMES)) / SCREEN_FRAMES;
    const smooth = { atMost: Math.max(SMOOTH_MS, screenMs) * (1 + CLOCK_PART) };
    /** @param {readonly number[]} values */
    const ofTheScreen = (values) => {
      const part = Math.min(1, (values.length * screenMs) / total(values));
      return `a new picture in ${Math.floor(100 * part)} % of the screen's frames, one every ${figure(screenMs)} ms`;
    };
    for (const { count, goal: wanted, frames, referenceFrames, webgl, windows = 1 } of CASES) {
      const paced = wanted === 'screen';
      const goal = paced ? smooth : wanted;
      /** @param {readonly number[]} values */
      const noteOf = (values) => (paced ? { note: ofTheScreen(values) } : {});
      // A window of its own for each painter: neither inherits the other's garbage.
      const values = [];
      const gliding = [];
      for (let window = 0; window < windows; window++) {
        values.push(...(await measure(electron, folder, 'own', count, some(frames / windows))));
        gliding.push(...(await measure(electron, folder, 'gliding', count, some(frames / windows))));
      }
      const all = {
        name: 'L.circleMarker on L.canvas',
        values: await measure(electron, folder, 'reference', count, some(referenceFrames)),
      };
      const row = { row: 'paint', unit: 'ms/frame', values };
      const each = `${count}, a fix of each in every frame`;
      rows.push(lessIsBetter({ ...row, case: each, reference: all, goal, ...noteOf(values) }));
      rows.push(
        lessIsBetter({
          ...row,
          case: `${each}, gliding`,
          values: gliding,
          reference: { name: 'without smooth motion', values },
          goal: { ratio: GLIDING_GOAL },
        }),
      );
      if (paced) {
        const ofSome = await measure(electron, folder, 'pacedReference', count, some(referenceFrames));
        const moved60th = { name: 'L.circleMarker on L.canvas, a sixtieth of them moved', values: ofSome };
        for (const [painter, name, beside, inWindows] of /** @type {const} */ ([
          ['aircraft', 'aircraft, a fix a second each', moved60th, 1],
          ['aircraftGliding', 'aircraft, a fix a second each, gliding', moved60th, 1],
          ['paced', 'a fix a second each', moved60th, 1],
          ['pacedGliding', 'a fix a second each, gliding', moved60th, 1],
          ['everyFrame', 'gliding, nearly all on another pixel in every frame', all, windows],
          ['full', '1,000,000 fixes a second', moved60th, windows],
          ['fullGliding', '1,000,000 fixes a second, gliding', all, windows],
        ])) {
          const values = [];
          for (let window = 0; window < inWindows; window++) {
            values.push(...(await measure(electron, folder, painter, count, some(PACED_FRAMES / inWindows))));
          }
          const note = ofTheScreen(values);
          rows.push(lessIsBetter({ ...row, case: `${count}, ${name}`, values, reference: beside, goal: smooth, note }));
        }
      }
      if (!webgl) continue;
      const painted = await measure(electron, folder, 'webgl', count, some(referenceFrames));
      if (painted === null) console.log(`paint   ${count} WebGL: there is no context, or not one that paints right.`);
      else {
        const of = `${each}, WebGL on ${painted.renderer}`;
        const reference = { name: 'pixels', values };
        rows.push(lessIsBetter({ ...row, case: of, values: painted.values, reference, goal: null }));
      }
    }
    return rows;
  } finally {
    await removeGuardedFolder(folder);
  }
}

/**
 * @template {keyof Window['paint']} P
 * @param {string} executable
 * @param {string} folder
 * @param {P} painter
 * @param {number} count
 * @param {number} frames
 * @returns {Promise<P extends 'webgl' ? { values: number[], renderer: string } | null : number[]>} ms between frames
 */
async function measure(executable, folder, painter, count, frames) {
  const app = await launchElectron({
    executable,
    app: join(import.meta.dirname, 'electronMain.cjs'),
    args: [
      `--user-data-dir=${join(folder, `${painter}-${count}`)}`,
      // WebGL may have a graphics processor, where there is one.
      ...(painter === 'webgl' ? ['--enable-unsafe-swiftshader'] : ['--disable-gpu']), // as on any virtual screen, see scripts/setup/display.mjs; the reference has it too
    ],
    env: { ...process.env, PAINT_DIR: join(folder, 'page') },
  });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => 'paint' in window);
    return await page.evaluate(({ painter, count, frames }) => window.paint[painter](count, frames), {
      painter,
      count,
      frames,
    });
  } finally {
    await closeApp(app);
  }
}
