import { describe, expect, it } from 'vitest';
import { answerWords } from '../../../src/renderer/inject/answerWords';
import { connectionWords } from '../../../src/renderer/words/connection';
import { layerStatusWords, statusText, totals } from '../../../src/renderer/words/layers';
import { headingWords, speedWords } from '../../../src/renderer/words/motion';
import { achieved, bytes, count, counted, percent, perSecond, readNumber } from '../../../src/renderer/words/numbers';
import { progressWords, timeLeft } from '../../../src/renderer/words/progress';
import { compressionChoices, sendingWords } from '../../../src/renderer/words/sending';
import { absolute, duration, durationChoices, readDuration, relative } from '../../../src/renderer/words/times';
import { compression } from '../../../src/shared/contract';

describe('numbers', () => {
  it('are grouped in threes', () => {
    expect(count(2867)).toBe('2,867');
    expect(counted(1, 'record')).toBe('1 record');
    expect(counted(0, 'entity', 'entities')).toBe('0 entities');
  });

  it('are rates with no more digits than they mean', () => {
    expect([124.2, 60, 0.44, 9.96, 200_123].map(perSecond)).toEqual(['124/s', '60/s', '0.4/s', '10/s', '200,123/s']);
    expect(achieved(58.93, 60)).toBe('58.9 of 60 messages/s');
    expect(achieved(49_950.4, 50_000)).toBe('49,950 of 50,000 messages/s');
  });

  it('are bytes in powers of a thousand', () => {
    expect([0, 1, 999, 1000, 481_234, 999_960, 2_500_000_000].map(bytes)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '481.2 kB',
      '1 MB',
      '2.5 GB',
    ]);
  });

  it('are shares that reach 100 only at the end', () => {
    expect([percent(0, 0), percent(1, 3), percent(999, 1000), percent(1000, 1000)]).toEqual([0, 33, 99, 100]);
  });

  it('are read as they are written, and not guessed at', () => {
    expect(['100', ' 1,000 ', '12,345,678.5', '0.5', '-3', '1 000'].map(readNumber)).toEqual([
      100, 1000, 12_345_678.5, 0.5, -3, 1000,
    ]);
    expect(['', 'x', '1,5', '1e3', 'Infinity', '0x1', '1,00', '--1'].map(readNumber)).toEqual(Array(8).fill(null));
  });
});

describe('times', () => {
  it('are relative to now', () => {
    const now = Date.UTC(2024, 4, 1);
    const ages = [0, 999, 3_000, 59_999, 60_000, 7_200_000, 86_400_000 * 3, 86_400_000 * 800, -1_600, -2_000, -300_000];
    expect(ages.map((age) => relative(now - age, now))).toEqual([
      'now',
      'now',
      '3 s ago',
      '59 s ago',
      '1 min ago',
      '2 h ago',
      '3 days ago',
      '2 years ago',
      'now',
      'in 2 s',
      'in 5 min',
    ]);
  });

  it('are absolute to the millisecond with their zone', () => {
    expect(absolute(Date.UTC(2024, 4, 1, 12, 0, 0, 7))).toMatch(
      /^2024-0[45]-\d\d \d\d:\d\d:00\.007 UTC([+−]\d\d:\d\d)?$/,
    );
    expect(absolute(1e20)).toBe('no valid time');
  });

  it('are durations to choose from, with the current one among them', () => {
    expect([60_000, 600_000, 3_600_000, 86_400_000, 604_800_000, null].map(duration)).toEqual([
      '1 min',
      '10 min',
      '1 h',
      '1 day',
      '7 days',
      'never',
    ]);
    expect(durationChoices([60_000, null], 5_000).map((one) => one.label)).toEqual(['5 s', '1 min', 'never']);
    expect(durationChoices([60_000, null], null)).toHaveLength(2);
    expect([readDuration('never'), readDuration('60000')]).toEqual([null, 60_000]);
  });
});

describe('motion', () => {
  it('is in m/s, km/h and knots, and in degrees with a wind', () => {
    expect(speedWords(7.2)).toBe('7.2 m/s (25.9 km/h, 14.0 kn)');
    expect([0, 274, 359.7, -90, 22.5].map(headingWords)).toEqual([
      '0° (N)',
      '274° (W)',
      '0° (N)',
      '270° (W)',
      '23° (NE)',
    ]);
  });
});

describe('the connection', () => {
  it('is said in words, with the seconds until the next try', () => {
    const now = 1_000_000;
    expect(connectionWords({ kind: 'connected', since: 0 }, now).state).toBe('Connected');
    const retrying = connectionWords(
      { kind: 'retrying', reason: 'refused', action: 'Start it.', retryAt: now + 3_200 },
      now,
    );
    expect(retrying).toMatchObject({ state: 'Retrying in 4 s', reason: 'refused' });
    expect(retrying.action).toMatch(/^Start it\. /);
    expect(
      connectionWords({ kind: 'retrying', reason: 'refused', action: 'Start it.', retryAt: now - 1 }, now).state,
    ).toBe('Retrying now');
    const failed = connectionWords({ kind: 'failed', reason: 'No such host.', action: 'Check KAFKA_URI.' }, now);
    expect(failed).toEqual({ tone: 'bad', state: 'Failed', reason: 'No such host.', action: 'Check KAFKA_URI.' });
    expect(connectionWords({ kind: 'locked', missing: ['password', 'key'] }, now)).toMatchObject({
      tone: 'warning',
      state: 'Locked',
      reason: 'it needs its password and its private key',
    });
  });
});

describe('the status line', () => {
  const ais = {
    topic: 'ais',
    read: 2867,
    shown: 2807,
    late: 60,
    removed: 0,
    refused: 0,
    waiting: 0,
    backlog: null,
    entities: 95,
    hidden: 2,
    rate: 0,
    refusals: [],
  };

  it('is exactly in its form, summed over all layers', () => {
    expect(statusText(totals([{ ...ais, shown: 2867, late: 0 }]))).toBe(
      '2,867 read · 2,867 shown · 0 late · 0 removed · 0 refused · 0 waiting · 95 entities',
    );
    expect(statusText(totals([ais, { ...ais, topic: 'b', refused: 9 }]))).toBe(
      '5,734 read · 5,614 shown · 120 late · 0 removed · 9 refused · 0 waiting · 190 entities',
    );
    expect(statusText(totals([{ ...ais, entities: 1 }]))).toMatch(/ · 1 entity$/);
    expect(statusText(totals([]))).toBe('0 read · 0 shown · 0 late · 0 removed · 0 refused · 0 waiting · 0 entities');
  });
});

const none = { waiting: 0, rate: 0 };

describe("a layer's status", () => {
  it('tells catching up from live, and says why it has stopped', () => {
    const reading = (waiting: number, rate: number) => layerStatusWords({ kind: 'reading' }, { waiting, rate }).text;
    expect(reading(0, 0)).toBe('Live');
    expect(reading(7, 120)).toBe('Live');
    expect(reading(121, 120)).toBe('Catching up');
    expect(reading(5, 0)).toBe('Catching up');
    expect(layerStatusWords({ kind: 'failed', reason: 'Gone.', action: 'Take it off.' }, none)).toEqual({
      tone: 'bad',
      text: 'Stopped: Gone. Take it off.',
    });
  });
});

describe("a layer's trouble", () => {
  const partly = (partitions: number[], reason = 'it has no leader.') =>
    ({ kind: 'partly', partitions, reason }) as const;

  it('names the partitions that cannot be read, and how many others are', () => {
    expect(layerStatusWords(partly([2]), none, 6).text).toBe(
      'Partition 2 cannot be read: it has no leader; the other 5 are',
    );
    expect(layerStatusWords(partly([2, 4]), none, 3).text).toBe(
      'Partitions 2, 4 cannot be read: it has no leader; the other 1 is',
    );
    expect(layerStatusWords(partly([0]), none).text).toBe(
      'Partition 0 cannot be read: it has no leader; the others are',
    );
    expect(layerStatusWords(partly([0]), none, 1).text).toBe('Partition 0 cannot be read: it has no leader');
    expect(layerStatusWords(partly([1, 2, 3, 4, 5, 6]), none, 20).text).toMatch(
      /^6 partitions cannot be read: .* 14 are$/,
    );
  });

  it('is told from a quota, and from having reached the stop', () => {
    expect(layerStatusWords({ kind: 'throttled', ms: 1_234 }, none)).toEqual({
      tone: 'warning',
      text: "Slowed down by the cluster's quota (1.2 s)",
    });
    expect(layerStatusWords({ kind: 'done' }, none)).toEqual({ tone: 'good', text: 'Read to the stop' });
  });
});

describe('progress', () => {
  it('is a share and how long the rest takes at this rate', () => {
    expect(progressWords({ done: 1_234_567, total: 5_000_000 }, 312_345)).toBe(
      '1,234,567 of 5,000,000 · 24 % · about 12 s left',
    );
    expect(progressWords({ done: 0, total: 3_600 }, 1)).toBe('0 of 3,600 · 0 % · about 1 h left');
  });

  it('says nothing of the rest when nobody can know, or there is none', () => {
    expect(progressWords({ done: 1, total: 3 }, 0)).toBe('1 of 3 · 33 %');
    expect(progressWords({ done: 3, total: 3 }, 100)).toBe('3 of 3 · 100 %');
    expect(progressWords({ done: 0, total: 0 }, 0)).toBe('0 of 0 · 0 %');
    expect(timeLeft({ done: 2_999, total: 3_000 }, 1_000)).toBe('less than 1 s left');
  });
});

describe('sending', () => {
  const nothing = { records: 0, bytes: 0, full: false, trouble: null };

  it('is silent while nothing waits, and says why it does not get on', () => {
    expect(sendingWords(nothing)).toBeNull();
    expect(sendingWords({ ...nothing, records: 1 })).toEqual({ tone: 'busy', text: '1 record on its way' });
    expect(sendingWords({ ...nothing, records: 1204 })?.text).toBe('1,204 records on their way');
    expect(sendingWords({ ...nothing, records: 1204, full: true })).toEqual({
      tone: 'warning',
      text: '1,204 records on their way, queue full: sending waits',
    });
    expect(sendingWords({ ...nothing, records: 2, full: true, trouble: 'No leader.' })).toEqual({
      tone: 'bad',
      text: '2 records on their way: No leader.',
    });
  });

  it('offers every compression that the contract knows', () => {
    expect(compressionChoices.map(({ value }) => value)).toEqual(compression.options);
  });
});

describe('the answer to a message', () => {
  it('says where it went and how long it took', () => {
    expect(
      answerWords({ kind: 'acknowledged', topic: 'geostream', partition: 0, offset: '12', ms: 8.2, value: '' }),
    ).toBe('Acknowledged: topic geostream, partition 0, offset 12, in 8 ms');
    expect(answerWords({ kind: 'failed', topic: 't', message: 'No leader.', action: 'Try again.' })).toBe(
      'Not sent: No leader. Try again.',
    );
  });
});
