import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf, filesWords, newAge } from '../../../src/renderer/topics/retentionEffect';
import {
  formOf,
  kindChoices,
  type RetentionForm,
  readRetention,
  totalWords,
  undoOf,
} from '../../../src/renderer/topics/retentionForm';
import {
  diskWords,
  limitWords,
  replicaWords,
  retentionWords,
  storageWords,
  untoldSentence,
} from '../../../src/renderer/words/retention';
import {
  type DiskUse,
  type KnownRetention,
  type Limit,
  type LimitSetting,
  retentionChange,
} from '../../../src/shared/topicStorage';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const byDefault = (value: Limit): LimitSetting => ({ value, own: false, fallback: value });
const own = (value: Limit, fallback: Limit = null): LimitSetting => ({ value, own: true, fallback });

const lasting: KnownRetention = {
  kind: 'known',
  ms: byDefault(null),
  bytes: byDefault(null),
  deletes: true,
  compacts: false,
  segmentMs: 7 * DAY,
  segmentBytes: 1_073_741_824,
  changeable: true,
};
const disk = { kind: 'known', bytes: 4_200_000, largest: 2_000_000, replicas: 3, missing: 0 } as const;
const typed = (form: Partial<RetentionForm>): RetentionForm => ({ ...formOf(lasting), ...form });

/** What is asked for, or the test ends. */
function change(form: Partial<RetentionForm>) {
  const read = readRetention(typed(form));
  if (!read.ok) throw new Error(`${read.time} ${read.size}`);
  return read.change;
}

describe('a retention in words', () => {
  it('is a time, a size of each partition, both, or for ever', () => {
    expect(limitWords({ ms: null, bytes: null })).toBe('kept for ever');
    expect(limitWords({ ms: 7 * DAY, bytes: null })).toBe('kept 7 days');
    expect(limitWords({ ms: null, bytes: 1e9 })).toBe('kept up to 1 GB per partition');
    expect(limitWords({ ms: 36 * HOUR, bytes: 1.5e9 })).toBe('kept 36 h, up to 1.5 GB per partition');
  });

  it('says whether it is the default of the cluster, and whether only the latest of each key stays', () => {
    expect(retentionWords(lasting)).toBe('kept for ever (default)');
    expect(retentionWords({ ...lasting, ms: own(DAY) })).toBe('kept 1 day');
    expect(retentionWords({ ...lasting, ms: own(null) })).toBe('kept for ever');
    expect(retentionWords({ ...lasting, ms: own(DAY), compacts: true, deletes: false })).toBe(
      'latest per key (compacted)',
    );
    expect(retentionWords({ ...lasting, compacts: true })).toBe('latest per key (compacted)');
    expect(retentionWords({ ...lasting, ms: own(DAY), compacts: true })).toBe('latest per key (compacted), kept 1 day');
    expect(retentionWords({ ...lasting, ms: own(DAY), deletes: false })).toBe('kept for ever');
  });

  it('stands beside the size on disk, which counts every replica', () => {
    expect(storageWords(undefined, undefined)).toBe('');
    expect(storageWords(disk, lasting)).toBe('4.2 MB on disk · kept for ever (default)');
    expect(diskWords({ ...disk, missing: 1 })).toBe('at least 4.2 MB on disk');
    expect(replicaWords(disk, 3)).toBe('3 partitions, one replica each');
    expect(replicaWords({ ...disk, replicas: 9 }, 3)).toBe('all 9 replicas of 3 partitions counted');
    expect(replicaWords({ ...disk, replicas: 6, missing: 3 }, 3)).toBe(
      '6 of 9 replicas of 3 partitions counted; the brokers or disks of the others are away',
    );
  });

  it('says why it is not known, and what to do', () => {
    const words = (kind: 'unsupported' | 'denied' | 'away') => storageWords({ kind }, { kind });
    expect(words('unsupported')).toBe('size and retention not told by this Kafka');
    expect(words('denied')).toBe('size and retention: no right to see them');
    expect(words('away')).toBe('size and retention not known');
    expect(storageWords({ kind: 'denied' }, lasting)).toBe('no right to see its size · kept for ever (default)');
    expect(untoldSentence({ kind: 'denied' }, 'size')).toContain('Describe on the cluster');
    expect(untoldSentence({ kind: 'denied' }, 'retention')).toContain('DescribeConfigs on the topic');
    expect(untoldSentence({ kind: 'unsupported' }, 'retention')).toContain('too old');
  });
});

describe('the form of a retention', () => {
  it('shows what holds, in the largest unit that says it exactly', () => {
    const form = (ms: LimitSetting, bytes: LimitSetting) => formOf({ ...lasting, ms, bytes });
    expect(form(byDefault(7 * DAY), byDefault(null))).toMatchObject({ kind: 'default', time: '7', timeUnit: 'days' });
    expect(form(own(null), own(null)).kind).toBe('for-ever');
    expect(form(own(90 * 60_000), byDefault(null))).toMatchObject({ kind: 'time', time: '1.5', timeUnit: 'hours' });
    expect(form(own(null), own(2_500_000))).toMatchObject({ kind: 'size', size: '2.5', sizeUnit: 'MB' });
    expect(form(own(DAY), own(1_073_741_824))).toMatchObject({ kind: 'both', size: '1073741.824', sizeUnit: 'kB' });
    // A thousand times as much is beyond the whole numbers that a double has.
    expect(form(own(null), own(8_893_505_377_312_661))).toMatchObject({ size: '8893505377312661', sizeUnit: 'bytes' });
  });

  it('gives back exactly what it was made of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 36_500 * DAY }),
        fc.integer({ min: 1, max: 9_000_000_000_000_000 }),
        (ms, bytes) => {
          const read = readRetention(formOf({ ...lasting, ms: own(ms), bytes: own(bytes) }));
          expect(read).toEqual({
            ok: true,
            change: { ms: { kind: 'own', value: ms }, bytes: { kind: 'own', value: bytes } },
          });
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('says what is wrong with either field, and reads no other', () => {
    const wrong = (form: Partial<RetentionForm>) => {
      const read = readRetention(typed({ kind: 'both', timeUnit: 'days', sizeUnit: 'GB', ...form }));
      return read.ok ? null : [read.time, read.size];
    };
    expect(wrong({ time: '7', size: '1' })).toBeNull();
    expect(wrong({ time: '1,000', size: '2.5' })).toBeNull();
    for (const text of ['', ' ', 'soon', '1,5', '1e3', 'NaN', 'Infinity', '0x10']) {
      expect(wrong({ time: text, size: text })).toEqual([
        'Write a number, such as 7 or 1.5.',
        'Write a number, such as 1 or 2.5.',
      ]);
    }
    expect(wrong({ time: '-1', size: '-1' })).toEqual(['At least 1 second.', 'At least 1 byte.']);
    expect(wrong({ time: '36501', size: '9000001' })).toEqual([
      expect.stringMatching(/^At most 36,500 days/),
      expect.stringMatching(/^At most 9,000 TB/),
    ]);
    expect(wrong({ kind: 'time', size: 'x' })).toBeNull();
    expect(wrong({ kind: 'for-ever', time: 'x', size: 'x' })).toBeNull();
  });

  it('makes nothing that the contract does not take', () => {
    const units = { timeUnit: ['seconds', 'days'], sizeUnit: ['bytes', 'TB'] } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('for-ever', 'time', 'size', 'both', 'default'),
        fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String)),
        fc.constantFrom(...units.timeUnit),
        fc.constantFrom(...units.sizeUnit),
        (kind, text, timeUnit, sizeUnit) => {
          const read = readRetention({ kind, time: text, timeUnit, size: text, sizeUnit });
          if (read.ok) expect(retentionChange.safeParse(read.change).success).toBe(true);
        },
      ),
    );
  });

  it('offers the default of the cluster by what it is, where that is told', () => {
    const label = (now: KnownRetention) => kindChoices(now).at(-1)?.label;
    expect(label({ ...lasting, ms: own(DAY, 7 * DAY) })).toBe('As the cluster does by default (kept 7 days)');
    expect(label({ ...lasting, ms: { value: DAY, own: true } })).toBe('As the cluster does by default');
  });

  it('says what a size comes to over all partitions and replicas', () => {
    const read = readRetention(typed({ kind: 'size', size: '1', sizeUnit: 'GB' }));
    expect(totalWords(read, 3, disk)).toBe('3 partitions: up to 3 GB in all');
    expect(totalWords(read, 3, { ...disk, replicas: 8, missing: 1 })).toBe(
      '3 partitions: up to 3 GB in all, 9 GB with every replica',
    );
    expect(totalWords(read, 1, { kind: 'denied' })).toBe('1 partition: up to 1 GB in all');
  });

  it('is undone by what held before, default for default', () => {
    expect(undoOf({ ...lasting, bytes: own(5) })).toEqual({
      ms: { kind: 'default' },
      bytes: { kind: 'own', value: 5 },
    });
  });
});

describe('what a change will do', () => {
  const hour = change({ kind: 'time', time: '1', timeUnit: 'hours' });
  const small = change({ kind: 'size', size: '1', sizeUnit: 'MB' });
  const unknown = { older: null, disk: { kind: 'denied' } satisfies DiskUse };

  it('is nothing when it is so already', () => {
    expect(effectOf(lasting, change({ kind: 'default' }), unknown).kind).toBe('same');
    expect(effectOf({ ...lasting, ms: own(HOUR), bytes: own(null) }, hour, unknown).kind).toBe('same');
  });

  it('is the loss of what is older, counted where that is known', () => {
    expect(effectOf(lasting, hour, { disk, older: { records: 60, before: 40 } })).toEqual({
      kind: 'deletes',
      words: [
        '40 of its 60 records are older than 1 h.',
        'They are deleted for good; GeoStream cannot bring them back.',
      ],
    });
    const { words } = effectOf(lasting, hour, { disk, older: { records: 60, before: 60 } });
    expect(words[0]).toBe('All its 60 records are older than 1 h.');
    expect(effectOf(lasting, hour, unknown)).toMatchObject({ kind: 'deletes' });
    expect(effectOf(lasting, hour, { disk, older: 'asking' }).kind).toBe('asking');
    expect(effectOf(lasting, hour, { disk, older: { records: 60, before: 0 } }).kind).toBe('keeps');
    expect(effectOf(lasting, hour, { disk, older: { records: 0, before: 0 } }).kind).toBe('keeps');
    expect(newAge(lasting, hour)).toBe(HOUR);
  });

  it('is the loss of what is too much, unless no partition is that large', () => {
    expect(effectOf(lasting, small, { disk, older: null })).toMatchObject({
      kind: 'deletes',
      words: [
        'Where a partition is larger than 1 MB, its oldest records go; the largest takes 2 MB.',
        expect.stringContaining('for good'),
      ],
    });
    expect(effectOf(lasting, small, { disk: { ...disk, largest: 999_999 }, older: null }).kind).toBe('keeps');
    // What cannot be seen may be larger.
    expect(effectOf(lasting, small, { disk: { ...disk, largest: 1, missing: 1 }, older: null }).kind).toBe('deletes');
    expect(effectOf(lasting, small, unknown).kind).toBe('deletes');
  });

  it('is nothing when what is there stays as long, or the topic is only compacted', () => {
    const short = { ...lasting, ms: own(HOUR, 7 * DAY) };
    expect(effectOf(short, change({ kind: 'for-ever' }), unknown).kind).toBe('keeps');
    expect(effectOf(short, change({ kind: 'default' }), unknown).kind).toBe('keeps');
    expect(newAge(short, change({ kind: 'default' }))).toBeNull();
    const compacted = effectOf({ ...lasting, compacts: true, deletes: false }, hour, unknown);
    expect(compacted).toMatchObject({ kind: 'keeps', words: [expect.stringContaining('latest record of every key')] });
  });

  it('has to be confirmed when the cluster does not tell its default', () => {
    const untold = { ...lasting, ms: { value: null, own: true } };
    expect(effectOf(untold, change({ kind: 'default' }), unknown).kind).toBe('deletes');
  });

  it('comes file by file, which is said where something is limited', () => {
    expect(filesWords(lasting, hour)).toContain('a new one begins after 1.1 GB or 7 days');
    expect(filesWords(lasting, change({ kind: 'for-ever' }))).toBeNull();
    expect(filesWords(lasting, change({ kind: 'default' }))).toBeNull();
  });
});
