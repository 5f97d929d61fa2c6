/** The groups that are written down, with the offsets that they have committed, and how much memory these take. */
import type { CommittedOffset, GroupRecord, TopicPartition } from './metadataChange.ts';

export interface StoredGroup {
  readonly protocolType: string;
  readonly generation: number;
  /** When it lost its last member, in ms; undefined where it has some, or never had any. */
  readonly emptySince: number | undefined;
  /** By topic, then by partition. */
  readonly offsets: Map<string, Map<number, CommittedOffset>>;
}

/** The object, its entry in a map, and what is left over in both. */
const OFFSET_OVERHEAD_BYTES = 256;

/** About what an offset takes of the memory. */
export function offsetBytes({ topic, metadata }: CommittedOffset): number {
  return OFFSET_OVERHEAD_BYTES + topic.length + metadata.length;
}

export class CommittedOffsets {
  private readonly groups = new Map<string, StoredGroup>();
  private bytes = 0;

  /** Of all offsets. */
  get sizeInBytes(): number {
    return this.bytes;
  }

  has(group: string): boolean {
    return this.groups.has(group);
  }

  group(group: string): StoredGroup | undefined {
    return this.groups.get(group);
  }

  entries(): Iterable<[string, StoredGroup]> {
    return this.groups;
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(group)?.offsets.get(topic)?.get(partition);
  }

  *all(group: string): Generator<CommittedOffset> {
    for (const ofTopic of this.groups.get(group)?.offsets.values() ?? []) yield* ofTopic.values();
  }

  /** What the group holds then, if it was not there, is nothing. */
  ensure(group: string): StoredGroup {
    let stored = this.groups.get(group);
    if (stored === undefined) {
      stored = { protocolType: '', generation: 0, emptySince: undefined, offsets: new Map() };
      this.groups.set(group, stored);
    }
    return stored;
  }

  describe({ group, protocolType, generation, emptySince }: GroupRecord): void {
    this.groups.set(group, { protocolType, generation, emptySince, offsets: this.ensure(group).offsets });
  }

  set(group: string, offset: CommittedOffset): void {
    const { offsets } = this.ensure(group);
    let ofTopic = offsets.get(offset.topic);
    if (ofTopic === undefined) {
      ofTopic = new Map();
      offsets.set(offset.topic, ofTopic);
    }
    const former = ofTopic.get(offset.partition);
    this.bytes += offsetBytes(offset) - (former === undefined ? 0 : offsetBytes(former));
    ofTopic.set(offset.partition, offset);
  }

  delete(group: string, { topic, partition }: TopicPartition): void {
    const offsets = this.groups.get(group)?.offsets;
    const ofTopic = offsets?.get(topic);
    const former = ofTopic?.get(partition);
    if (former === undefined) return;
    this.bytes -= offsetBytes(former);
    ofTopic?.delete(partition);
    if (ofTopic?.size === 0) offsets?.delete(topic);
  }

  deleteGroup(group: string): void {
    for (const offset of this.all(group)) this.bytes -= offsetBytes(offset);
    this.groups.delete(group);
  }

  deleteTopic(topic: string): void {
    for (const { offsets } of this.groups.values()) {
      for (const offset of offsets.get(topic)?.values() ?? []) this.bytes -= offsetBytes(offset);
      offsets.delete(topic);
    }
  }
}
