/**
 * The app's command line. Chromium, Electron and Node read switches of their own from it, far too many to list: those
 * that begin as theirs do are left to them, and any other of theirs is named behind `--switch`.
 */

/** Beginnings of switches that are none of ours. */
const FAMILIES = [
  'allow-',
  'auth-',
  'auto-',
  'disable-',
  'enable-',
  'field-trial-',
  'force-',
  'gpu-',
  'host-',
  'ignore-',
  'in-process-',
  'inspect-',
  'log-',
  'max-',
  'no-',
  'original-process-',
  'ozone-',
  'proxy-',
  'remote-',
  'renderer-',
  'touch-',
  'trace-',
  'use-',
  'wayland-',
  'window-',
] as const;

/** And whole ones. */
const SINGLE: readonly string[] = [
  'headless',
  'inspect',
  'js-flags',
  'lang',
  'password-store',
  'single-process',
  'test-type',
  'v',
  'vmodule',
];

export const USAGE = `Usage: geostream [options]

See, drive and replay geographic streams on Apache Kafka.

  --read-only               write nothing to any cluster: no records, topics, settings or positions
  --user-data-dir FOLDER    another folder for layers, settings, logs and the built-in broker's data
  --switch NAME[=VALUE]     hand any other switch to Chromium
  --version                 show the version
  --help                    show this

Switches of Chromium, Electron and Node are theirs when they begin as these do, or are one of them:
${wrapped([...FAMILIES.map((name) => `--${name}…`), ...SINGLE.map((name) => `--${name}`)])}

Environment: KAFKA_URI and KAFKA_PORT name a cluster to use in place of the built-in broker.

Ends with 0 when the window was closed, 1 if the app could not start, 64 on wrong options.
`;

/** In lines of at most 84 characters. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 84) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

export interface ForeignSwitch {
  readonly name: string;
  readonly value: string;
}

export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'wrong'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly readOnly: boolean;
      /** As it was typed; null when the usual folder is meant. */
      readonly userData: string | null;
      readonly switches: readonly ForeignSwitch[];
    };

const isForeign = (name: string) => SINGLE.includes(name) || FAMILIES.some((family) => name.startsWith(family));

/**
 * What follows the app in `process.argv`. Packaged, that is everything behind the executable; else Electron's own
 * switches come first, then the app's folder: they are looked through too, for Chromium takes them from anywhere.
 */
export function argumentsOf(argv: readonly string[], packaged: boolean): string[] {
  const rest = argv.slice(1);
  if (packaged) return rest;
  const before: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i] ?? '';
    if (arg === '-r' || arg === '--require') i++;
    else if (arg.startsWith('-')) before.push(arg);
    else return [...before, ...rest.slice(i + 1)];
  }
  return before;
}

/** @param args see `argumentsOf` */
export function parseCommandLine(args: readonly string[]): CommandLine {
  let readOnly = false;
  let userData: string | null = null;
  const switches: ForeignSwitch[] = [];
  let asked: 'help' | 'version' | null = null;
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [, dashes = '', name = '', joined] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    /** Behind an equals sign, or the next word. */
    const givenValue = (): string | null => {
      if (joined !== undefined) return joined === '' ? null : joined;
      const [next] = left;
      if (next === undefined || next === '' || next.startsWith('-')) return null;
      return left.shift() ?? null;
    };
    if (dashes === '') return wrong(`GeoStream takes options only, not ${JSON.stringify(arg)}.`);
    // macOS passes -psn_… to an app that is opened from the Finder.
    if (dashes === '-' && name.startsWith('psn_')) continue;
    if (dashes === '-' && name !== 'h') return wrong(`There is no option ${arg}.`);
    switch (name) {
      case 'h':
      case 'help':
      case 'version':
      case 'read-only':
        if (joined !== undefined) return wrong(`--${name} takes no value, but was given ${JSON.stringify(joined)}.`);
        if (name === 'read-only') readOnly = true;
        else if (asked === null) asked = name === 'version' ? 'version' : 'help';
        break;
      case 'user-data-dir':
        userData = givenValue();
        if (userData === null) return wrong('--user-data-dir needs a folder: --user-data-dir FOLDER.');
        break;
      case 'switch': {
        const [, foreign, value = ''] = /^-*([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(givenValue() ?? '') ?? [];
        if (foreign === undefined) return wrong('--switch needs the name of a switch: --switch NAME[=VALUE].');
        switches.push({ name: foreign, value });
        break;
      }
      default:
        if (!isForeign(name)) return wrong(`There is no option ${arg.split('=')[0]}.`);
    }
  }
  return asked === null ? { kind: 'run', readOnly, userData, switches } : { kind: asked };
}

const wrong = (message: string): CommandLine => ({
  kind: 'wrong',
  message: `${message} --help lists the options; --switch NAME hands a switch to Chromium.`,
});
