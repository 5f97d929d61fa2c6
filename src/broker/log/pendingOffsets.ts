/** Offsets that were committed in transactions which have not ended: nobody sees them before the transaction commits. */
import { offsetBytes } from './committedOffsets.ts';
import type { CommittedOffset } from './metadataChange.ts';

export interface PendingOffset extends CommittedOffset {
  readonly producerId: number;
  readonly group: string;
  /** The group has got a newer one meanwhile: that one stays. */
  readonly superseded: boolean;
}

function keyOf(group: string, topic: string, partition: number): string {
  // A topic's name holds no colon.
  return `${topic}:${partition}:${group}`;
}

export class PendingOffsets {
  private readonly byProducer = new Map<number, Map<string, PendingOffset>>();
  private bytes = 0;

  get sizeInBytes(): number {
    return this.bytes;
  }

  add(offset: PendingOffset): void {
    const { producerId, group, topic, partition } = offset;
    let ofProducer = this.byProducer.get(producerId);
    if (ofProducer === undefined) {
      ofProducer = new Map();
      this.byProducer.set(producerId, ofProducer);
    }
    const key = keyOf(group, topic, partition);
    const former = ofProducer.get(key);
    this.bytes += offsetBytes(offset) - (former === undefined ? 0 : offsetBytes(former));
    ofProducer.set(key, offset);
  }

  has(group: string, topic: string, partition: number): boolean {
    const key = keyOf(group, topic, partition);
    for (const ofProducer of this.byProducer.values()) if (ofProducer.has(key)) return true;
    return false;
  }

  hasGroup(group: string): boolean {
    for (const ofProducer of this.byProducer.values()) {
      for (const pending of ofProducer.values()) if (pending.group === group) return true;
    }
    return false;
  }

  /** Another offset is now the group's: those stay without effect that were committed until `upTo`, in ms. */
  supersede(group: string, topic: string, partition: number, upTo = Number.POSITIVE_INFINITY): void {
    const key = keyOf(group, topic, partition);
    for (const ofProducer of this.byProducer.values()) {
      const pending = ofProducer.get(key);
      if (pending !== undefined && pending.committedAt <= upTo) ofProducer.set(key, { ...pending, superseded: true });
    }
  }

  /** Ends the transaction of a producer, and gives what it had committed. */
  take(producerId: number): PendingOffset[] {
    const taken = [...(this.byProducer.get(producerId)?.values() ?? [])];
    for (const offset of taken) this.bytes -= offsetBytes(offset);
    this.byProducer.delete(producerId);
    return taken;
  }

  drop(isGone: (offset: PendingOffset) => boolean): void {
    for (const [producerId, ofProducer] of this.byProducer) {
      for (const [key, pending] of ofProducer) {
        if (!isGone(pending)) continue;
        this.bytes -= offsetBytes(pending);
        ofProducer.delete(key);
      }
      if (ofProducer.size === 0) this.byProducer.delete(producerId);
    }
  }

  all(): PendingOffset[] {
    return [...this.byProducer.values()].flatMap((ofProducer) => [...ofProducer.values()]);
  }
}
