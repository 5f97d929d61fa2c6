/** Offsets up to which something has been done to a partition: synced, deleted, compacted. By the id of its topic. */
import { type Change, EntryType, type TopicRecord } from './metadataChange.ts';

type PointType = typeof EntryType.RECOVERY_POINT | typeof EntryType.LOG_START | typeof EntryType.CLEANED_TO;

function keyOf(id: string, partition: number): string {
  return `${id}:${partition}`;
}

export class PartitionPoints {
  private readonly points: Readonly<Record<PointType, Map<string, number>>> = {
    [EntryType.RECOVERY_POINT]: new Map(),
    [EntryType.LOG_START]: new Map(),
    [EntryType.CLEANED_TO]: new Map(),
  };

  get(type: PointType, id: string, partition: number): number {
    return this.points[type].get(keyOf(id, partition)) ?? 0;
  }

  set(type: PointType, id: string, partition: number, offset: number): void {
    this.points[type].set(keyOf(id, partition), offset);
  }

  forget({ id, partitions }: TopicRecord): void {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const points of Object.values(this.points)) points.delete(keyOf(id, partition));
    }
  }

  /** Entries that lead to what there is of a topic. */
  *changes({ id, partitions }: TopicRecord): Generator<Change> {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const type of [EntryType.RECOVERY_POINT, EntryType.LOG_START, EntryType.CLEANED_TO] as const) {
        const offset = this.get(type, id, partition);
        if (offset > 0) yield { type, id, partition, offset };
      }
    }
  }
}
