import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentsOf, parseCommandLine, USAGE } from '../../../src/main/start/commandLine';
import { prepareUserData } from '../../../src/main/start/userDataFolder';

const run = { kind: 'run', readOnly: false, userData: null, switches: [] };

describe("the app's command line", () => {
  it('is empty, as a rule', () => expect(parseCommandLine([])).toEqual(run));

  it('takes each of its options', () => {
    expect(parseCommandLine(['--read-only'])).toEqual({ ...run, readOnly: true });
    expect(parseCommandLine(['--user-data-dir', 'a folder'])).toEqual({ ...run, userData: 'a folder' });
    expect(parseCommandLine(['--user-data-dir=/x=y', '--read-only'])).toEqual({
      ...run,
      userData: '/x=y',
      readOnly: true,
    });
    for (const help of ['--help', '-h']) expect(parseCommandLine([help, '--read-only'])).toEqual({ kind: 'help' });
    expect(parseCommandLine(['--read-only', '--version'])).toEqual({ kind: 'version' });
  });

  it.each([
    '--inspect',
    '--inspect=0',
    '--inspect-brk=9229',
    '--remote-debugging-port=0',
    '--no-sandbox',
    '--disable-gpu',
    '--enable-unsafe-swiftshader',
    '--ozone-platform-hint=auto',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--log-level=3',
    '--lang=de',
    '--js-flags=--expose-gc',
    '--force-device-scale-factor=2',
    '--password-store=basic',
    '-psn_0_12345',
  ])('leaves %s to Chromium, Electron and Node, which read it themselves', (foreign) => {
    expect(parseCommandLine([foreign, '--read-only'])).toEqual({ ...run, readOnly: true });
  });

  it('hands over any other switch that is named as one', () => {
    expect(parseCommandLine(['--switch', 'flag-switches-begin', '--switch=--lang=de'])).toEqual({
      ...run,
      switches: [
        { name: 'flag-switches-begin', value: '' },
        { name: 'lang', value: 'de' },
      ],
    });
  });

  it.each([
    [['--readonly'], 'There is no option --readonly.'],
    [['--read-only=yes'], '--read-only takes no value, but was given "yes".'],
    [['--helpp'], 'There is no option --helpp.'],
    [['--inspector'], 'There is no option --inspector.'],
    [['--'], 'There is no option --.'],
    [['-x'], 'There is no option -x.'],
    [['ships.ndjson'], 'GeoStream takes options only, not "ships.ndjson".'],
    [['--user-data-dir'], '--user-data-dir needs a folder'],
    [['--user-data-dir='], '--user-data-dir needs a folder'],
    [['--user-data-dir', '--read-only'], '--user-data-dir needs a folder'],
    [['--switch'], '--switch needs the name of a switch'],
    [['--switch=no good'], '--switch needs the name of a switch'],
  ])('says what is wrong with %j', (args, message) => {
    const line = parseCommandLine(args);
    expect(line.kind).toBe('wrong');
    expect(line.kind === 'wrong' && line.message).toContain(message);
    expect(line.kind === 'wrong' && line.message).toContain('--help lists the options');
  });

  it('begins behind the executable when packaged, else behind the folder of the app too', () => {
    expect(argumentsOf(['/opt/GeoStream/geostream', '--read-only'], true)).toEqual(['--read-only']);
    const asPlaywright = ['electron', '-r', 'loader.js', '--no-sandbox', '.', '--read-only'];
    expect(argumentsOf(asPlaywright, false)).toEqual(['--no-sandbox', '--read-only']);
    expect(argumentsOf(['electron', '--inspect=0'], false)).toEqual(['--inspect=0']);
  });

  it('has its help name every option and the rule for the others, in lines that fit a terminal', () => {
    for (const option of ['--read-only', '--user-data-dir', '--switch', '--version', '--help', '--ozone-…', '64'])
      expect(USAGE).toContain(option);
    expect(Math.max(...USAGE.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('the folder of --user-data-dir', () => {
  it('is made where it is missing, and told in words when it cannot be used', () => {
    const top = mkdtempSync(join(tmpdir(), 'geostream-start-'));
    try {
      expect(prepareUserData(join(top, 'new', 'deep'))).toBeNull();
      writeFileSync(join(top, 'file'), '');
      expect(prepareUserData(join(top, 'file'))).toMatch(/file cannot be used: a file is in its place\.$/);
      expect(prepareUserData(join(top, 'file', 'below'))).toMatch(/a file is in its place\.$/);
      expect(prepareUserData(join(top, 'x'.repeat(300)))).toMatch(/its name is too long\.$/);
    } finally {
      rmSync(top, { recursive: true, force: true });
    }
  });
});
