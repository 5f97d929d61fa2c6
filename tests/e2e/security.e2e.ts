/** What a page that has been taken over can do: nothing but send the commands that it has. See docs/security.md. */
import { copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { electronPath, expect, seeWorkers, test } from './app';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = 'app://geostream/index.html';

/** What the window was made with. Electron tells it, though its types do not. */
const preferences = (electron: ElectronApplication) =>
  electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });

const windows = (electron: ElectronApplication) =>
  electron.evaluate(({ webContents }) => webContents.getAllWebContents().map((contents) => contents.getURL()));

/** What the system's browser was asked to open, from now on. */
async function noteOpened(electron: ElectronApplication): Promise<() => Promise<string[]>> {
  await electron.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as { opened?: string[] }).opened = opened;
    shell.openExternal = async (url) => void opened.push(url);
    shell.openPath = async (path) => {
      opened.push(path);
      return '';
    };
  });
  return () => electron.evaluate(() => (globalThis as { opened?: string[] }).opened ?? []);
}

test('the page is isolated and in the sandbox, and has nothing of Node or Electron but the bridge', async ({
  start,
}) => {
  const { electron, page, errors } = await start();
  expect(await preferences(electron)).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    enableBlinkFeatures: '',
    webviewTag: false,
  });

  // So its workers may share memory.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

  const ofNode = () =>
    ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', 'ipcRenderer', 'electron'].filter(
      (name) => name in globalThis,
    );
  expect(await page.evaluate(ofNode)).toEqual([]);
  await seeWorkers(page);
  for (const worker of page.workers()) expect(await worker.evaluate(ofNode)).toEqual([]);

  const bridge = await page.evaluate(() => {
    const attempt = (change: () => unknown) => {
      try {
        return change();
      } catch {
        return 'refused';
      }
    };
    attempt(() => Object.assign(window, { geostream: { call: () => 'replaced' } }));
    attempt(() => Object.assign(window.geostream, { call: () => 'replaced' }));
    return {
      names: Object.keys(window.geostream),
      kinds: Object.values(window.geostream).map((one) => typeof one),
      // A function of the preload's world would lead to its `require`; the debugger lets this one be made.
      reach: attempt(() => window.geostream.call.constructor('return typeof require')()),
      frozen: Object.isFrozen(window.geostream),
      replaced: String(window.geostream.call).includes('replaced'),
    };
  });
  expect(bridge).toEqual({
    names: ['call', 'on'],
    kinds: ['function', 'function'],
    reach: 'undefined',
    frozen: true,
    replaced: false,
  });
  expect(errors.filter((error) => !error.includes('unsafe-eval'))).toEqual([]);
});

test('no permission is granted', async ({ start }) => {
  const { page } = await start();
  const answers = await page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'midi',
      'clipboard-read',
      'persistent-storage',
    ];
    const states = await Promise.all(
      names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
    );
    const fails = (asked: Promise<unknown>) => asked.then(() => 'granted').catch((error: Error) => error.name);
    const place = new Promise((found, failed) => {
      navigator.geolocation.getCurrentPosition(found, ({ code }) => failed(new Error(String(code))));
    });
    return {
      states: [...new Set(states)],
      notifications: await Notification.requestPermission(),
      place: await place.catch((error: Error) => error.message),
      camera: await fails(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await fails(navigator.mediaDevices.getDisplayMedia({ video: true })),
      clipboard: await fails(navigator.clipboard.readText()),
      midi: await fails(navigator.requestMIDIAccess({ sysex: true })),
    };
  });
  expect(answers).toMatchObject({
    states: ['denied'],
    notifications: 'denied',
    place: '1',
    clipboard: 'NotAllowedError',
  });
  expect([answers.camera, answers.screen, answers.midi]).not.toContain('granted');
});

test('the page can neither go elsewhere, nor open a window, nor hold another page', async ({ start }) => {
  const { electron, page } = await start();
  const opened = await noteOpened(electron);
  const elsewhere = [
    'https://example.invalid/',
    'http://127.0.0.1:9/',
    'file:///etc/passwd',
    'app://other/index.html',
    'app://geostream/other.html',
    'data:text/html,hello',
    'javascript:document.body.remove()',
  ];
  for (const url of elsewhere) {
    await page.evaluate((target) => {
      location.href = target;
    }, url);
    const windowOpened = await page.evaluate((target) => window.open(target) !== null, url);
    expect(windowOpened).toBe(false);
    await page.evaluate((target) => {
      for (const [tag, name] of [
        ['a', 'href'],
        ['form', 'action'],
        ['iframe', 'src'],
        ['object', 'data'],
        ['embed', 'src'],
        ['webview', 'src'],
      ] as const) {
        const element = document.createElement(tag);
        element.setAttribute(name, target);
        element.setAttribute('target', '_blank');
        element.setAttribute('allowpopups', '');
        document.body.append(element);
        if (element instanceof HTMLFormElement) element.submit();
        else if (element instanceof HTMLAnchorElement) element.click();
      }
    }, url);
  }
  await page.evaluate(() => {
    location.href = URL.createObjectURL(new Blob(['<p>mine</p>'], { type: 'text/html' }));
  });
  // Time for whatever would come of it: a round through the main process and back.
  await page.evaluate(() => window.geostream.call('app.snapshot', {}));

  expect(page.url()).toBe(PAGE);
  expect(await windows(electron)).toEqual([PAGE]);
  expect(await page.evaluate(() => document.querySelector('[data-testid=map]') !== null)).toBe(true);
  expect(await opened()).toEqual([]);
  // Frames that hold nothing are all there is of what was put in.
  for (const frame of page.frames().slice(1))
    expect(['', 'about:blank', 'chrome-error://chromewebdata/']).toContain(frame.url());
});

test("the system's browser opens what is on the list, and nothing else", async ({ start }) => {
  const { electron, page } = await start();
  const opened = await noteOpened(electron);
  const answers = await page.evaluate(async () => {
    const others = [
      'https://example.invalid/',
      'file:///etc/passwd',
      '__proto__',
      'constructor',
      '',
      ['leaflet'],
      null,
    ];
    return Promise.all(others.map((link) => window.geostream.call('links.open', { link } as never)));
  });
  for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  expect(await opened()).toEqual([]);
  await page.evaluate(async () => {
    await window.geostream.call('links.open', { link: 'natural-earth' });
    await window.geostream.call('links.open', { link: 'leaflet' });
  });
  expect(await opened()).toEqual(['https://www.naturalearthdata.com/', 'https://leafletjs.com/']);
});

test("a second window with the app's own page and bridge is refused every command", async ({ start }) => {
  const { electron, page } = await start();
  const answers = await electron.evaluate(
    async ({ BrowserWindow }, { preload, url }) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await other.loadURL(url);
      const told: unknown = await other.webContents.executeJavaScript(`(async () => {
        const heard = [];
        geostream.on('connection', (value) => heard.push(value));
        const answers = await Promise.all(['app.snapshot', 'points.connect', 'topics.delete', 'no such', '__proto__']
          .map((name) => geostream.call(name, { topic: 'geostream' })));
        return { answers, heard };
      })()`);
      other.destroy();
      return told as { answers: unknown[]; heard: unknown[] };
    },
    { preload: join(ROOT, 'out/preload/index.cjs'), url: PAGE },
  );
  expect(answers.answers).toHaveLength(5);
  for (const answer of answers.answers) expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
  expect(answers.heard).toEqual([]);
  expect((await page.evaluate(() => window.geostream.call('app.snapshot', {}))).ok).toBe(true);
});

/** The same Electron with the app in it, and under another name, by which it takes the app for a packaged one. */
async function packagedElectron(folder: string): Promise<string> {
  const executable = electronPath();
  await mkdir(folder);
  const resources = join(folder, 'resources');
  await mkdir(resources);
  for (const name of await readdir(dirname(executable))) {
    if (![basename(executable), 'resources'].includes(name)) {
      await symlink(join(dirname(executable), name), join(folder, name));
    }
  }
  await symlink(ROOT, join(resources, 'app'));
  const renamed = join(folder, 'geostream');
  await copyFile(executable, renamed);
  return renamed;
}

test('a packaged app has no developer tools; one that is worked on does', async ({ start, userData }) => {
  const hasTools = (electron: ElectronApplication, patience: number) =>
    electron.evaluate(async ({ app, BrowserWindow }, ms) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.openDevTools({ mode: 'bottom' });
      for (const end = Date.now() + ms; Date.now() < end && contents?.devToolsWebContents == null; ) {
        await new Promise((later) => setTimeout(later, 50));
      }
      return { packaged: app.isPackaged, tools: contents?.devToolsWebContents != null };
    }, patience);
  const worked = await start();
  expect(await hasTools(worked.electron, 20_000)).toEqual({ packaged: false, tools: true });
  await worked.end();
  const executable = await packagedElectron(join(userData, 'packaged'));
  const packaged = await start({ executable });
  expect(await hasTools(packaged.electron, 3_000)).toEqual({ packaged: true, tools: false });
});
