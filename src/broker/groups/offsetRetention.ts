/**
 * Committed offsets do not stay for ever (KIP-211, offsets.retention.minutes): they go when their group has been without
 * members for so long; where members are at work, those of topics that none of them reads; and in a group that never had
 * any, each so long after its commit. A group without members and offsets goes too.
 */
import type { BrokerLimits } from '../limits.ts';
import type { StoredGroup } from '../log/committedOffsets.ts';
import type { CommittedOffset, TopicPartition } from '../log/metadataChange.ts';
import type { MetadataStore } from '../log/metadataStore.ts';
import type { Logger } from '../logger.ts';
import { inTurns, type Steps, Turns } from '../turns.ts';
import type { Group } from './group.ts';
import type { GroupCoordinator } from './groupCoordinator.ts';

/** As Kafka's offsets.retention.check.interval.ms. */
const INTERVAL_MS = 600_000;
const MS_PER_MINUTE = 60_000;

/** Of what a group has committed, what has had its time. */
export function expiredOffsets(
  { emptySince, offsets }: Pick<StoredGroup, 'emptySince' | 'offsets'>,
  group: Pick<Group, 'state' | 'protocolType' | 'subscribedTopics'>,
  retentionMs: number,
  now: number,
): TopicPartition[] {
  const subscribed =
    group.state === 'Stable' && group.protocolType === 'consumer' ? group.subscribedTopics() : undefined;
  /** When its time began, in ms; undefined while it is in use. */
  const beginning = ({ topic, committedAt }: CommittedOffset): number | undefined => {
    if (group.protocolType === '') return committedAt;
    // Kafka looks at the group alone; but what somebody has committed to it since is as fresh as that.
    if (group.state === 'Empty') return Math.max(committedAt, emptySince ?? 0);
    return subscribed?.has(topic) === false ? committedAt : undefined;
  };
  return [...offsets.values()]
    .flatMap((ofTopic) => [...ofTopic.values()])
    .filter((offset) => now - (beginning(offset) ?? now) >= retentionMs)
    .map(({ topic, partition }) => ({ topic, partition }));
}

export class OffsetRetention {
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly groups: GroupCoordinator,
    private readonly limits: BrokerLimits,
    private readonly logger: Logger,
    private readonly turns = new Turns(),
  ) {
    this.schedule();
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.run(Date.now()).finally(() => this.schedule()), INTERVAL_MS);
    this.timer.unref();
  }

  /** Lets go what has had its time. */
  run(now: number): Promise<void> {
    return inTurns(this.expiring(now), this.turns.pause);
  }

  private *expiring(now: number): Steps<void> {
    for (const [groupId, stored] of [...this.metadata.committed.entries()]) {
      if (this.closed) return;
      try {
        this.expire(groupId, stored, now);
      } catch (error) {
        this.logger.error('old offsets could not be deleted', { group: groupId, error: String(error) });
      }
      yield;
    }
  }

  private expire(groupId: string, stored: StoredGroup, now: number): void {
    const group = this.groups.get(groupId);
    if (group === undefined || this.metadata.committed.group(groupId) !== stored) return;
    const expired = expiredOffsets(stored, group, this.limits.offsetsRetentionMinutes * MS_PER_MINUTE, now).filter(
      ({ topic, partition }) => !this.metadata.hasPendingOffset(groupId, topic, partition),
    );
    if (expired.length > 0) {
      this.metadata.deleteOffsets(groupId, expired);
      this.logger.info('offsets were not used for too long, and have gone', {
        group: groupId,
        offsets: expired.length,
      });
    }
    const isNeeded = group.state !== 'Empty' || !group.isAbandoned || this.metadata.hasOffsets(groupId);
    if (!isNeeded) this.groups.delete(groupId);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }
}
