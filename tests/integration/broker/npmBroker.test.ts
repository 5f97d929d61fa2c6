/**
 * `npm run broker` itself, as people start it: npm, a shell, the script and the broker, one within the other. What the
 * broker does by itself is in brokerProcess.test.ts; here it is how it ends, and with which code.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDataDir, removeDataDir } from './startBrokerProcess.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const isWindows = process.platform === 'win32';
const NPM = isWindows ? 'npm.cmd' : 'npm';
const hasNpm = spawnSync(NPM, ['--version'], { shell: isWindows }).status === 0;
/** A broker that is told to end by a signal has to be told so by npm; on Windows there are no such signals. */
const isSkipped = (!hasNpm && !process.env.CI) || isWindows;
if (isSkipped) console.log(`Skipped: npm run broker (${isWindows ? 'Windows has no signals' : 'npm is not there'})`);
/** The first of them builds the app. */
const TIMEOUT_MS = 600_000;

const folders: string[] = [];
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.signalCode === null) signal(child, 'SIGKILL');
  for (const folder of folders.splice(0)) await removeDataDir(folder);
});

async function newFolder(): Promise<string> {
  const folder = await makeDataDir();
  folders.push(folder);
  return folder;
}

/** To all of them, as a terminal does on Ctrl-C. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}

function start(args: readonly string[]) {
  // The test runner's own npm, if there is one, must not be taken for the one that runs the script.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const child = spawn(NPM, ['run', 'broker', '--', ...args], { cwd: ROOT, detached: true, env });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((done) => {
    child.once('close', (code, by) => done(code ?? by));
  });
  const listening = new Promise<{ readonly port: number }>((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout += `${line}\n`;
      if (line.startsWith('{')) done(JSON.parse(line));
    });
    void ended.then((how) => fail(new Error(`npm run broker ended (${how}): ${stdout}${stderr}`)));
  });
  listening.catch(() => {});
  return { child, ended, listening, output: () => stdout + stderr };
}

async function startIn(dataDir: string) {
  const broker = start(['--port', '0', '--data', dataDir, '--log', 'json']);
  await broker.listening;
  const { pid } = JSON.parse(await readFile(join(dataDir, 'lock'), 'utf8'));
  return { ...broker, pid: Number(pid) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function closedInOrder(dataDir: string, pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(50);
  const left = await readdir(dataDir);
  expect(left).toContain('clean-shutdown');
  expect(left).not.toContain('lock');
}

describe.skipIf(isSkipped)('npm run broker', { timeout: TIMEOUT_MS }, () => {
  it('is there: npm can be run', () => {
    expect(hasNpm).toBe(true);
  });

  it('passes its arguments on, and ends with the code of the broker', async () => {
    const help = start(['--help']);
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('Usage: broker [options]');
    const wrong = start(['--port', 'x']);
    expect(await wrong.ended).toBe(64);
    expect(wrong.output()).toContain('--port has to be a whole number');
  });

  it('ends with 1 where its port is taken, and with 2 where its folder is', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const late = start(['--port', String(port), '--strict-port', '--data', await newFolder()]);
    expect(await late.ended).toBe(1);
    await new Promise((done) => taken.close(done));

    const dataDir = await newFolder();
    const first = await startIn(dataDir);
    const second = start(['--port', '0', '--data', dataDir]);
    expect(await second.ended).toBe(2);
    expect(second.output()).toContain(`in use by process ${first.pid}`);
    expect(existsSync(join(dataDir, 'lock'))).toBe(true);
    signal(first.child, 'SIGINT');
    await closedInOrder(dataDir, first.pid);
  });

  it.each([
    ['Ctrl-C', 'SIGINT'],
    ['the end of the terminal', 'SIGHUP'],
    ['SIGTERM', 'SIGTERM'],
  ] as const)('closes in order on %s, which reaches all of them, and the next start finds it so', async (_, name) => {
    const dataDir = await newFolder();
    const broker = await startIn(dataDir);
    signal(broker.child, name);
    await closedInOrder(dataDir, broker.pid);
    await broker.ended;
    const again = await startIn(dataDir);
    expect(await readdir(dataDir)).not.toContain('clean-shutdown');
    signal(again.child, name);
    await closedInOrder(dataDir, again.pid);
  });

  // Not SIGINT: the shell between npm and the script keeps that to itself until the script has ended.
  it('closes in order when SIGTERM reaches npm alone', async () => {
    const dataDir = await newFolder();
    const broker = await startIn(dataDir);
    broker.child.kill('SIGTERM');
    await closedInOrder(dataDir, broker.pid);
    await broker.ended;
  });
});
