/** When the offsets that groups have committed go, and the groups with them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Group, GroupState } from '../../../src/broker/groups/group.ts';
import { GroupCoordinator } from '../../../src/broker/groups/groupCoordinator.ts';
import { expiredOffsets, OffsetRetention } from '../../../src/broker/groups/offsetRetention.ts';
import { STANDARD_LIMITS } from '../../../src/broker/limits.ts';
import { CommittedOffsets } from '../../../src/broker/log/committedOffsets.ts';
import type { CommittedOffset } from '../../../src/broker/log/metadataChange.ts';
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import { silentLogger } from '../../../src/broker/logger.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

const DAY_MS = 86_400_000;
const RETENTION_MS = 7 * DAY_MS;
const NOW = 2_000_000_000_000;
const ago = (days: number) => NOW - days * DAY_MS;

const offsetOf = (topic: string, committedAt: number): CommittedOffset => ({
  topic,
  partition: 0,
  offset: 1,
  leaderEpoch: -1,
  metadata: '',
  committedAt,
});

/** The topics whose offsets go, of `old`, committed eight days ago, and `new`, six days ago. */
function gone(
  state: GroupState,
  protocolType: string,
  options: { readonly emptySince?: number; readonly reads?: readonly string[] } = {},
): string[] {
  const committed = new CommittedOffsets();
  committed.set('g', offsetOf('old', ago(8)));
  committed.set('g', offsetOf('new', ago(6)));
  const { reads } = options;
  const group: Pick<Group, 'state' | 'protocolType' | 'subscribedTopics'> = {
    state,
    protocolType,
    subscribedTopics: () => (reads === undefined ? undefined : new Set(reads)),
  };
  const stored = { emptySince: options.emptySince, offsets: committed.ensure('g').offsets };
  return expiredOffsets(stored, group, RETENTION_MS, NOW).map(({ topic }) => topic);
}

describe('committed offsets', () => {
  it('of a group that never had members go so long after each commit', () => {
    expect(gone('Empty', '')).toEqual(['old']);
  });

  it('of a group without members go so long after it lost the last one', () => {
    expect(gone('Empty', 'consumer', { emptySince: ago(6) })).toEqual([]);
    expect(gone('Empty', 'consumer', { emptySince: ago(7) })).toEqual(['old']);
    expect(gone('Empty', 'consumer', { emptySince: ago(30) })).toEqual(['old']);
    expect(gone('Empty', 'connect', { emptySince: ago(6) })).toEqual([]);
  });

  it('stay while members are at work, but for topics that none of them reads', () => {
    expect(gone('Stable', 'consumer', { reads: ['old', 'new'] })).toEqual([]);
    expect(gone('Stable', 'consumer', { reads: ['new'] })).toEqual(['old']);
    expect(gone('Stable', 'consumer', { reads: [] })).toEqual(['old']);
    // What they read is not known, or they are no consumers.
    expect(gone('Stable', 'consumer')).toEqual([]);
    expect(gone('Stable', 'connect', { reads: [] })).toEqual([]);
    expect(gone('PreparingRebalance', 'consumer', { reads: [] })).toEqual([]);
    expect(gone('CompletingRebalance', 'consumer', { reads: [] })).toEqual([]);
  });
});

describe('their retention', () => {
  const retentions: OffsetRetention[] = [];
  afterEach(() => {
    for (const retention of retentions.splice(0)) retention.close();
  });

  function open(fileSystem: MemoryFileSystem) {
    const metadata = atOnce(MetadataStore.opening(fileSystem, '/data'));
    const groups = new GroupCoordinator(metadata, silentLogger);
    const retention = new OffsetRetention(metadata, groups, STANDARD_LIMITS, silentLogger);
    retentions.push(retention);
    return { metadata, groups, retention };
  }

  it('writes down what goes, and forgets a group of which nothing is left', async () => {
    const fileSystem = new MemoryFileSystem();
    const { metadata, groups, retention } = open(fileSystem);
    expect(groups.checkCommit('half', '', null, -1)).toBe(0);
    metadata.commitOffsets('half', [offsetOf('old', ago(8)), offsetOf('new', ago(6))]);
    expect(groups.checkCommit('all', '', null, -1)).toBe(0);
    metadata.commitOffsets('all', [offsetOf('old', ago(8))]);
    await retention.run(NOW);
    const again = open(fileSystem.copy());
    for (const some of [{ metadata, groups }, again]) {
      expect(some.metadata.committedOffset('half', 'old', 0)).toBeUndefined();
      expect(some.metadata.committedOffset('half', 'new', 0)).toBeDefined();
      expect(some.groups.list().map(({ id }) => id)).toEqual(['half']);
    }
  });

  it('leaves what a transaction that is open may still replace', async () => {
    const { metadata, groups, retention } = open(new MemoryFileSystem());
    expect(groups.checkCommit('g', '', null, -1)).toBe(0);
    metadata.commitOffsets('g', [offsetOf('old', ago(8))]);
    metadata.commitOffsetsInTransaction(1, 'g', [offsetOf('old', NOW)]);
    await retention.run(NOW);
    expect(metadata.committedOffset('g', 'old', 0)).toBeDefined();
    expect(groups.list()).toHaveLength(1);
  });

  it('begins for a group whose members did not come back after a restart when the broker starts, and once', async () => {
    const fileSystem = new MemoryFileSystem();
    const before = open(fileSystem);
    before.metadata.saveGroup({ group: 'g', protocolType: 'consumer', generation: 3 });
    before.metadata.commitOffsets('g', [offsetOf('t', 1)]);
    const began = Date.now();
    const since = (disk: MemoryFileSystem) => open(disk).metadata.committed.group('g')?.emptySince;
    const first = since(fileSystem);
    expect(first).toBeGreaterThanOrEqual(began);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(since(fileSystem)).toBe(first);
    const { metadata, groups, retention } = open(fileSystem);
    await retention.run((first ?? 0) + RETENTION_MS - 1);
    expect(metadata.committedOffset('g', 't', 0)).toBeDefined();
    await retention.run((first ?? 0) + RETENTION_MS);
    expect(metadata.committedOffset('g', 't', 0)).toBeUndefined();
    expect(groups.list()).toEqual([]);
  });
});
