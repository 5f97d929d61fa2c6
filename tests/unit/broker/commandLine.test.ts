import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCommandLine, USAGE } from '../../../src/broker/commandLine.ts';
import { LIMIT_SETTINGS, STANDARD_LIMITS } from '../../../src/broker/limits.ts';
import { BROKER_VERSION } from '../../../src/broker/version.ts';

const settings = Object.entries(LIMIT_SETTINGS);

describe('the command line of the broker', () => {
  it('has a sensible value for everything that is not given', () => {
    expect(parseCommandLine([])).toMatchObject({ port: 9092, dataDir: 'broker-data', limits: STANDARD_LIMITS });
  });

  it.each(settings)('takes %s, within its bounds', (name, { option, least, standard }) => {
    const value = standard + 1;
    // Whatever is asked for, a whole request has to find room.
    const room = name === 'maxUnfinishedBytes' ? [] : ['--max-unfinished-bytes', String(1 << 30)];
    expect(parseCommandLine([`--${option}`, String(value), ...room]).limits).toMatchObject({ [name]: value });
    for (const wrong of [String(least - 1), '-5', '1.5', '1e3', '', 'many', '2147483648', '99999999999']) {
      expect(() => parseCommandLine([`--${option}=${wrong}`])).toThrow(`--${option} has to be a whole number between`);
    }
  });

  it('refuses room for requests in part in which one of the largest would not fit', () => {
    const args = ['--max-request-bytes', '2000', '--max-unfinished-bytes', '1999'];
    expect(() => parseCommandLine(args)).toThrow('--max-unfinished-bytes has to be at least --max-request-bytes');
  });

  it('takes topics that are to be there from the start, with their settings', () => {
    const args = ['--topic', 'ships', '--topic', 'ais.raw,retention.ms=3600000,cleanup.policy=compact'];
    expect(parseCommandLine(args).topics).toEqual([
      { name: 'ships', overrides: {} },
      { name: 'ais.raw', overrides: { 'retention.ms': '3600000', 'cleanup.policy': 'compact' } },
    ]);
    expect(parseCommandLine([]).topics).toEqual([]);
  });

  it.each([
    ['', 'must not be empty'],
    ['a topic', 'may only hold'],
    ['..', 'must not be'],
    ['ships,retention', 'retention has to be CONFIG=VALUE'],
    ['ships,=5', '=5 has to be CONFIG=VALUE'],
    ['ships,retention.ms=soon', 'retention.ms'],
    ['ships,retentoin.ms=5', 'retentoin.ms'],
  ])('refuses the topic "%s" in words', (topic, words) => {
    expect(() => parseCommandLine(['--topic', topic])).toThrow(words);
  });

  it('is told in its usage and in the README, each limit with its value', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const [, { option, standard }] of settings) {
      expect(USAGE).toContain(`--${option} N (default ${standard})`);
      expect(readme).toContain(`| \`--${option}\` | ${standard} |`);
    }
  });

  it('says the version of the package', () => {
    expect(BROKER_VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });
});
