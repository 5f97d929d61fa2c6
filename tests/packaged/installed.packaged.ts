/** From installing to removing, in this order, in one Debian. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { brokerAddress, counts, createTopic, type RunningApp, screenshot, topicBox } from '../e2e/app';
import { fillInjection, playFile } from '../e2e/panels';
import { filesInside, inside, install, installation, runInstalled, startInstalled, userData } from './installation';
import { unexplained } from './leftovers';
import { processTree, type SandboxedProcess } from './processTree';

test.describe.configure({ mode: 'serial' });

const AIS = '/home/person/ais-gulf-of-finland.ndjson';
const AIS_RECORDS = 2867;

let before: string[];
let app: RunningApp | undefined;
test.afterAll(() => app?.end());

async function start(switches?: readonly string[]): Promise<RunningApp> {
  app = await startInstalled(switches);
  return app;
}

const kcat = (page: Page, args: readonly string[], input = '') =>
  brokerAddress(page).then((address) => execFileSync('kcat', ['-b', address, ...args], { input, encoding: 'utf8' }));

/** The app's own process, and those that show its page. */
function sandboxed({ electron }: RunningApp): { main: SandboxedProcess; renderers: SandboxedProcess[] } {
  const all = processTree(electron.process().pid ?? 0);
  const main = all.find(({ pid }) => pid === electron.process().pid);
  if (main === undefined) throw new Error('the app is not running');
  return { main, renderers: all.filter(({ commandLine }) => commandLine.includes('--type=renderer')) };
}

/** Whatever way it is locked up: another user than root, filtered system calls, and no sight of processes and network. */
function expectSandbox({ main, renderers }: ReturnType<typeof sandboxed>): void {
  expect(main.commandLine).not.toContain('--no-sandbox');
  expect(main.uid).toBeGreaterThan(0);
  expect(main.noNewPrivileges).toBe(0);
  expect(renderers.length).toBeGreaterThan(0);
  for (const renderer of renderers) {
    expect(renderer).toMatchObject({ uid: main.uid, seccomp: 2, noNewPrivileges: 1 });
    expect(renderer.namespaces.pid).not.toBe(main.namespaces.pid);
    expect(renderer.namespaces.net).not.toBe(main.namespaces.net);
  }
}

test('apt installs it, with all that it needs', async () => {
  before = filesInside();
  expect(before).not.toContain('/usr/bin/geostream');
  await install('older');
  expect(await inside('dpkg-query', '--show', 'geostream')).toBe(`geostream\t${installation.builds.older.version}\n`);
  const helper = statSync(join(installation.debian, 'usr/lib/geostream/chrome-sandbox'));
  expect(helper).toMatchObject({ uid: 0, gid: 0 });
  expect(helper.mode & 0o7777).toBe(0o4755);
  const libraries = await inside('ldd', '/usr/lib/geostream/geostream');
  expect(libraries).not.toContain('not found');
});

test('an ordinary user starts it, with a sandbox, and sees a fleet that moves', async () => {
  const running = await start();
  const { page, electron } = running;
  expect(await electron.evaluate(({ app }) => app.getVersion())).toBe(installation.builds.older.version);
  expect(await electron.evaluate(({ app }) => app.isPackaged)).toBe(true);
  expect(await electron.evaluate(({ app }) => app.getPath('userData'))).toBe('/home/person/.config/GeoStream');
  expectSandbox(sandboxed(running));
  const { main, renderers } = sandboxed(running);
  for (const renderer of renderers) expect(renderer.namespaces.user).not.toBe(main.namespaces.user);

  const message = page.getByRole('region', { name: 'First start' });
  await expect(message).toContainText('simulated');
  await expect(message).toContainText(await brokerAddress(page));
  await expect(counts(page)).toContainText('60 entities');
  // The land: a tile that could not be drawn is none of them.
  await expect(page.locator('.base-map .leaflet-tile-loaded').first()).toBeAttached();
  const map = page.getByTestId('map');
  const picture = await map.screenshot();
  await expect.poll(async () => (await map.screenshot()).equals(picture)).toBe(false);
  await screenshot(page, 'installed');
  await message.getByRole('button', { name: /stop/i }).click();
  await expect(message).toBeHidden();
  // What was compiled ahead is what this Electron takes, in its archive and with its switches.
  const logs = join(userData, 'logs');
  const said = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
  expect(said.join('')).toContain('GeoStream');
  expect(said.join('')).not.toContain('code cache');
});

test('recorded ships are played in it, a point is injected, and kcat reaches it from outside', async () => {
  if (app === undefined) throw new Error('the app is not running');
  const { page, electron, errors } = app;
  await page.evaluate(async () => {
    const answer = await window.geostream.call('app.snapshot', {});
    if (!answer.ok) throw new Error(answer.error.message);
    for (const { topic } of answer.value.layers) await window.geostream.call('layers.remove', { topic });
  });
  await createTopic(page, 'ais', 3);
  await topicBox(page, 'ais').check();
  await playFile(electron, page, { file: AIS, keyField: 'mmsi', topic: 'ais' });
  await expect(counts(page)).toContainText('2,867 read');
  await expect(counts(page)).toContainText('95 entities');
  await expect(counts(page)).toContainText('0 refused');

  await topicBox(page, 'geostream').check();
  const inject = await fillInjection(page, 'geostream', 'me');
  await inject.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(inject).toContainText(/topic geostream, partition 0, offset 0/);
  await expect(counts(page)).toContainText('2,868 read');

  await kcat(page, ['-P', '-t', 'geostream'], '{"name":"outside","lat":59.8,"lon":24.9}\n');
  await expect(counts(page)).toContainText('2,869 read');
  await expect(counts(page)).toContainText('97 entities');
  expect(errors).toEqual([]);
  await screenshot(page, 'installed-ships');
  await app.close();
});

test('an update keeps the layers and the records', async () => {
  await install('test');
  const { page, electron } = await start();
  expect(await electron.evaluate(({ app }) => app.getVersion())).toBe(installation.builds.test.version);
  for (const topic of ['ais', 'geostream']) {
    await expect(page.getByRole('article', { name: `Layer ${topic}` })).toBeVisible();
  }
  await expect(page.getByRole('region', { name: 'First start' })).toBeHidden();
  const records = await kcat(page, ['-C', '-t', 'ais', '-o', 'beginning', '-e', '-q', '-f', '%o\n']);
  expect(records.trimEnd().split('\n')).toHaveLength(AIS_RECORDS);
  const points = await kcat(page, ['-C', '-t', 'geostream', '-o', 'beginning', '-e', '-q', '-f', '%k\n']);
  expect(points).toBe('me\n\n');
  await app?.close();
});

test('where user namespaces are not to be had, the setuid helper makes the sandbox', async () => {
  const running = await start(['--disable-namespace-sandbox']);
  const { main, renderers } = sandboxed(running);
  expectSandbox({ main, renderers });
  for (const renderer of renderers) expect(renderer.namespaces.user).toBe(main.namespaces.user);
  await running.close();
});

test('the release build runs, and neither the inspector nor Node’s own switches get into it', async () => {
  await install('release');
  const evil = join(installation.debian, 'tmp');
  mkdirSync(evil, { recursive: true });
  writeFileSync(join(evil, 'evil.cjs'), "require('node:fs').writeFileSync('/tmp/got-in', '')");

  const first = runInstalled(['--inspect=0', '--remote-debugging-port=0'], { NODE_OPTIONS: '--require /tmp/evil.cjs' });
  try {
    // Chromium's door to the page, which whoever may start the app may open, shows that it runs.
    await expect.poll(first.output).toMatch(/DevTools listening on ws:/);
    const endpoint = /DevTools listening on (ws:\S+)/.exec(first.output())?.[1] ?? '';
    // Playwright was seen to wait for ever when it came before the page did.
    const { host } = new URL(endpoint);
    const targets = () => fetch(`http://${host}/json/list`).then((answer) => answer.text());
    await expect.poll(targets).toContain('app://');
    const browser = await chromium.connectOverCDP(endpoint);
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the release build shows no page');
    await expect(page.getByRole('article', { name: 'Layer ais' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
    expect(first.output()).not.toContain('Debugger listening');

    // It is the app that answers, with what its command line is: no Node that runs what it is told.
    const asNode = runInstalled(['-e', "require('node:fs').writeFileSync('/tmp/got-in', '')"], {
      ELECTRON_RUN_AS_NODE: '1',
    });
    expect(await asNode.ended).toBe(64);
    expect(asNode.output()).toContain('--help lists the options');
    expect(existsSync(join(evil, 'got-in'))).toBe(false);
    await browser.close();
  } finally {
    first.child.kill('SIGTERM');
    await first.ended;
  }
});

test('apt removes it, and nothing is left but what is the person’s', async () => {
  await inside('apt-get', 'purge', '--autoremove', '-y', '-q', 'geostream');
  await inside('apt-get', 'clean');
  const now = new Set(filesInside());
  const was = new Set(before);
  expect(unexplained([...now].filter((path) => !was.has(path)))).toEqual([]);
  expect(unexplained([...was].filter((path) => !now.has(path)))).toEqual([]);
  expect(existsSync(userData)).toBe(true);
  expect(readFileSync(join(userData, 'settings.json'), 'utf8')).toContain('"ais"');
});
