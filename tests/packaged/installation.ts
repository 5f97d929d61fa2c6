/** The Debian that the packages are installed in, and the app there, run as its ordinary user. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PATH_INSIDE, runInRoot } from '../../scripts/packaging/debianRoot.mjs';
import { hold, type RunningApp } from '../e2e/app';
import { launchElectron } from '../electron/launch.mjs';

interface Build {
  readonly version: string;
  /** The app's folder before it was packed. */
  readonly unpacked: string;
  readonly deb: string;
  /** Packages of other formats. */
  readonly others: readonly string[];
}

interface Installation {
  /** The folder that is the root of all files there. */
  readonly debian: string;
  /** A program of ours that runs the installed app there. */
  readonly entry: string;
  readonly builds: { readonly older: Build; readonly test: Build; readonly release: Build };
  readonly person: { readonly name: string; readonly home: string };
  readonly display: string;
  /** Of the screen; inside. */
  readonly authority: string;
}

function readInstallation(): Installation {
  const facts = process.env.GEOSTREAM_INSTALLED;
  if (facts === undefined) throw new Error('Run these tests with `npm run package -- --check`.');
  return JSON.parse(facts) as Installation;
}

export const installation = readInstallation();

/** Where the app keeps everything, as seen from outside. */
export const userData = join(installation.debian, installation.person.home, '.config', 'GeoStream');

export const inside = (...command: string[]): Promise<string> => runInRoot(installation.debian, command);

/** As a person would install or update it. */
export const install = (build: 'older' | 'test' | 'release'): Promise<string> =>
  inside(
    'apt-get',
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    '--reinstall',
    '--allow-downgrades',
    `/srv/packages/${build}.deb`,
  );

const environment = {
  PATH: PATH_INSIDE,
  HOME: installation.person.home,
  USER: installation.person.name,
  LANG: 'C.UTF-8',
  DISPLAY: installation.display,
  XAUTHORITY: installation.authority,
};

/** Starts the installed app under Playwright, with Chromium's sandbox. */
export async function startInstalled(switches: readonly string[] = []): Promise<RunningApp> {
  const electron = await launchElectron({
    executable: installation.entry,
    app: null,
    args: ['--disable-gpu', ...switches],
    env: environment,
    sandboxed: true,
  });
  return hold(electron, userData);
}

export interface PlainRun {
  readonly child: ChildProcess;
  /** What it has written so far, to both outputs. */
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts the installed app as from a terminal. */
export function runInstalled(args: readonly string[], env: Readonly<Record<string, string>> = {}): PlainRun {
  const child = spawn(installation.entry, ['--disable-gpu', ...args], {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      text += part.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => text, ended };
}

/** Every file and folder there but what the running system shows, as paths inside. */
export function filesInside(): string[] {
  const elsewhere = new Set(['proc', 'sys', 'dev', 'run', 'tmp']);
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(installation.debian, folder), { withFileTypes: true })) {
      if (folder === '/' && elsewhere.has(entry.name)) continue;
      const path = `${folder === '/' ? '' : folder}/${entry.name}`;
      found.push(path);
      if (entry.isDirectory()) walk(path);
    }
  };
  walk('/');
  return found.sort();
}
