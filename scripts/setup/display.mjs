/**
 * The screen a window opens on: the desktop's, or on a Linux machine without one a virtual screen (Xvfb),
 * which lives exactly as long as what needs it. Its size is 1280x800, or what GEOSTREAM_SCREEN says.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './processes.mjs';
import { log as defaultLog } from './progress.mjs';
import { SetupError } from './setupError.mjs';
import { hasProgram, hasScreen } from './systemPackages.mjs';

const START_TIMEOUT_MS = 15_000;

/**
 * @param {{ always?: boolean, log?: typeof defaultLog }} [options] `always`: a virtual screen even beside a
 *   desktop, so that tests meet the same size everywhere and open no windows over someone's work
 * @returns {Promise<{ env: Record<string, string | undefined>, args: string[], close: () => Promise<void> }>}
 *   `env` is to be laid over the environment of what opens windows, `args` are for Electron; `close` ends the
 *   virtual screen, if one was started
 */
export async function openDisplay({ always = false, log = defaultLog } = {}) {
  const desktop = { env: {}, args: [], close: async () => {} };
  if (process.platform !== 'linux') return desktop;
  if (hasScreen() && !(always && hasProgram('Xvfb'))) return desktop;
  const { screen, width, height } = screenSize();
  const xvfb = await startXvfb(screen);
  const why = hasScreen() ? 'Opening windows on' : 'There is no display here: the window opens on';
  log.say(`${why} a virtual screen of ${width}x${height} (Xvfb ${xvfb.display}; its size: GEOSTREAM_SCREEN).`);
  return {
    env: { DISPLAY: xvfb.display, XAUTHORITY: xvfb.authority, WAYLAND_DISPLAY: undefined },
    // A machine without a desktop has no message bus and no GPU either. Chromium would complain of the one at length,
    // and was seen to lose twelve seconds looking for the other.
    args: ['--log-level=3', '--disable-gpu'],
    close: xvfb.close,
  };
}

function screenSize() {
  const size = process.env.GEOSTREAM_SCREEN || '1280x800';
  const match = /^(\d{2,5})x(\d{2,5})$/.exec(size);
  if (!match) throw new SetupError(`GEOSTREAM_SCREEN is ${JSON.stringify(size)}; it must look like 1920x1080.`);
  return { screen: `${size}x24`, width: match[1], height: match[2] };
}

async function startXvfb(screen) {
  const folder = mkdtempSync(join(tmpdir(), 'geostream-screen-'));
  const authority = join(folder, 'Xauthority');
  writeFileSync(authority, authorityEntry(), { mode: 0o600 });

  // Descriptor 3: Xvfb picks a free display number itself and writes it there once it is ready.
  const args = ['-displayfd', '3', '-screen', '0', screen, '-auth', authority, '-nolisten', 'tcp', '-noreset'];
  const { child, ended, end } = startProcess('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', forget);
  const close = async () => {
    await end();
    forget();
    process.off('exit', forget);
  };

  let complaints = '';
  child.stderr?.on('data', (text) => {
    complaints = (complaints + text).slice(-2000);
  });
  const number = await new Promise((resolve) => {
    let text = '';
    child.stdio[3]?.on('data', (part) => {
      text += part;
      if (text.includes('\n')) resolve(text.trim());
    });
    void ended.then(() => resolve(undefined));
    setTimeout(() => resolve(undefined), START_TIMEOUT_MS).unref();
  });
  if (number === undefined) {
    await close();
    throw new SetupError(`The virtual screen (Xvfb) did not start.\n${complaints}`);
  }
  return { display: `:${number}`, authority, close };
}

/**
 * An Xauthority file with one secret that holds for any host and display, so that other users of this machine
 * cannot look at the screen or type on it. Layout (Xau library): family (65535 = any), then address, display
 * number, protocol name and secret, each preceded by its length; all numbers are 16 bits, big-endian.
 */
function authorityEntry() {
  const field = (content) => {
    const bytes = Buffer.from(content);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(''),
    field(''),
    field('MIT-MAGIC-COOKIE-1'),
    field(randomBytes(16)),
  ]);
}
