/** Starts the real app in a window for a test, with a user-data folder of its own, and ends it after. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test as base, type ElectronApplication, expect, type Locator, type Page } from '@playwright/test';
import type { Message } from 'kafkajs';
import { makeGuardedFolder, removeGuardedFolder } from '../apacheKafka/guarded.mjs';
import { launchElectron } from '../electron/launch.mjs';
import { produce } from './cluster';

export { expect };

const ROOT = resolve(import.meta.dirname, '../..');
const ARTIFACTS = join(ROOT, 'tests/artifacts');

export interface StartOptions {
  readonly userData?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further switches for Chromium. */
  readonly switches?: readonly string[];
  /** Another Electron than the one of the tests, with the app in it, as in a package. */
  readonly executable?: string;
}

export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** What the page wrote to its console as an error, and what it threw. */
  readonly errors: string[];
  /** Closes the window as a person would, and waits until the process has ended. */
  close(): Promise<void>;
  /** Ends whatever is left. */
  end(): Promise<void>;
}

export function electronPath(): string {
  const path = process.env.GEOSTREAM_ELECTRON;
  if (path === undefined) throw new Error('GEOSTREAM_ELECTRON is not set: run these tests with `npm test -- e2e`.');
  return path;
}

async function startApp(options: StartOptions, userData: string): Promise<RunningApp> {
  const { KAFKA_URI: _uri, KAFKA_PORT: _port, ELECTRON_RUN_AS_NODE: _node, ...env } = process.env;
  const electron = await launchElectron({
    executable: options.executable ?? electronPath(),
    app: options.executable === undefined ? ROOT : null,
    // A virtual screen has no GPU, and looking for one can cost seconds.
    args: [`--user-data-dir=${userData}`, '--disable-gpu', ...(options.switches ?? [])],
    env: { ...env, ...options.env },
  });
  return hold(electron, userData);
}

/** Waits for the window of an app that was started. */
export async function hold(electron: ElectronApplication, userData: string): Promise<RunningApp> {
  const errors: string[] = [];
  const child = electron.process();
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const page = await electron.firstWindow();
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.getByRole('status').first().waitFor();
  return {
    electron,
    page,
    userData,
    errors,
    close: async () => {
      const asked = electron.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows()) window.close();
      });
      // The app may be gone before Playwright has its answer, which fails then; that it ends is what counts.
      await asked.catch(() => undefined);
      await ended;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const kill = () => {
        console.log('The app did not end by itself and was killed.');
        child.kill('SIGKILL');
      };
      const patience = setTimeout(kill, 15_000);
      await electron.close().catch(kill);
      await ended;
      clearTimeout(patience);
    },
  };
}

export const test = base.extend<{
  userData: string;
  start: (options?: StartOptions) => Promise<RunningApp>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
  userData: async ({}, use) => {
    const folder = await makeGuardedFolder('geostream-e2e-');
    await use(folder);
    await removeGuardedFolder(folder);
  },
  start: async ({ userData }, use) => {
    const apps: RunningApp[] = [];
    await use(async (options = {}) => {
      const app = await startApp(options, options.userData ?? userData);
      apps.push(app);
      return app;
    });
    for (const app of apps) await app.end();
  },
});

/** Writes a picture of the window where git does not look; for people to see. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
}

/** CSS pixels from the window's upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The colours of the window at these places, "#rrggbb". */
export async function colorsAt(page: Page, places: readonly Place[]): Promise<string[]> {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ({ picture, places }) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      if (!context) throw new Error('there is no canvas');
      context.drawImage(image, 0, 0);
      return places.map(({ x, y }) => {
        const [r = 0, g = 0, b = 0] = context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
        return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')}`;
      });
    },
    { picture, places },
  );
}

/** Stops the fleet of the first start and takes every layer off the map, so that a test's own counts stand alone. */
export async function clearMap(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const answer = await window.geostream.call('app.snapshot', {});
        return answer.ok ? answer.value.simulations.length : 0;
      }),
    )
    .toBeGreaterThan(0);
  await page.evaluate(async () => {
    const answer = await window.geostream.call('app.snapshot', {});
    if (!answer.ok) throw new Error(answer.error.message);
    for (const { id } of answer.value.simulations) await window.geostream.call('simulate.dismiss', { id });
    for (const { topic } of answer.value.layers) await window.geostream.call('layers.remove', { topic });
  });
  // A tick that still shows would make the next `check()` do nothing.
  await expect(page.getByRole('article', { name: /^Layer / })).toHaveCount(0);
  await expect(counts(page)).toContainText('0 read');
}

/** Creates a topic, and waits until the list shows it. */
export async function createTopic(page: Page, topic: string, partitions = 1): Promise<void> {
  await page.evaluate(
    async (spec) => {
      const answer = await window.geostream.call('topics.create', { ...spec, retentionMs: null });
      if (!answer.ok) throw new Error(answer.error.message);
    },
    { topic, partitions },
  );
  await expect(topicBox(page, topic)).toBeVisible();
}

/** Creates a topic with these records and puts it on the map; resolves with its layer's card. */
export async function putOnMap(page: Page, topic: string, messages: readonly Message[]): Promise<Locator> {
  await createTopic(page, topic);
  await produce(await brokerAddress(page), topic, messages);
  await topicBox(page, topic).check();
  return layerCard(page, topic);
}

const layerCard = (page: Page, topic: string) => page.getByRole('article', { name: `Layer ${topic}` });

/** A layer of marks alone, without trails; resolves with its colour, "#rrggbb". */
export async function plainMarks(page: Page, topic: string): Promise<string> {
  await expect(layerCard(page, topic)).toBeVisible();
  return page.evaluate(async (topic) => {
    const answer = await window.geostream.call('app.snapshot', {});
    if (!answer.ok) throw new Error(answer.error.message);
    const style = answer.value.layers.find((layer) => layer.topic === topic)?.style;
    if (!style) throw new Error(`there is no layer ${topic}`);
    await window.geostream.call('layers.style', { topic, style: { ...style, trails: false } });
    return style.color;
  }, topic);
}

/** The tick that puts a topic on the map. */
export const topicBox = (page: Page, topic: string) =>
  page.getByRole('region', { name: 'Topics' }).getByRole('checkbox', { name: topic, exact: true });

/** The window's line of counts. */
export const counts = (page: Page) => page.getByRole('status').filter({ hasText: ' read ' });

/** host:port of the built-in broker. */
export async function brokerAddress(page: Page): Promise<string> {
  const address = await page.evaluate(async () => {
    const answer = await window.geostream.call('app.snapshot', {});
    return answer.ok ? answer.value.connection.cluster.bootstrap[0] : undefined;
  });
  if (address === undefined) throw new Error('the built-in broker has no address yet');
  return address;
}

/** Where a place is on the page, from the view that the map states on its element (EPSG:3857, 256 px tiles). */
export async function pixelOf(page: Page, lat: number, lon: number): Promise<{ x: number; y: number }> {
  const map = page.getByTestId('map');
  const box = await map.boundingBox();
  if (!box) throw new Error('the map is not to be seen');
  const view = await map.evaluate((element) => ({
    lat: Number((element as HTMLElement).dataset.lat),
    lon: Number((element as HTMLElement).dataset.lon),
    zoom: Number((element as HTMLElement).dataset.zoom),
  }));
  const scale = 256 * 2 ** view.zoom;
  const x = (longitude: number) => ((longitude + 180) / 360) * scale;
  const y = (latitude: number) => {
    const sin = Math.sin((latitude * Math.PI) / 180);
    return (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * scale;
  };
  return { x: box.x + box.width / 2 + x(lon) - x(view.lon), y: box.y + box.height / 2 + y(lat) - y(view.lat) };
}

/** Makes the system's file dialog answer with this path, as if the person had chosen it. */
export async function answerFileDialog(electron: ElectronApplication, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, path);
}

/** True when kcat is there. In CI it has to be; elsewhere the caller skips, and says why. */
export function hasKcat(): boolean {
  try {
    execFileSync('kcat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI) throw new Error('kcat is missing: apt-get install -y kcat');
    return false;
  }
}

export const dataFile = (name: string) => join(ROOT, 'tests/data', name);

/**
 * Loads the page anew before Playwright's eyes: of workers that are there when it comes to a page it does not always hear
 * (3 of 22 starts under load).
 */
export async function seeWorkers(page: Page): Promise<void> {
  await page.reload();
  await expect.poll(() => page.workers().length).toBe(2);
}
