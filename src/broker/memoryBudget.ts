/**
 * Memory that connections hold together, in bytes. Whoever goes over the limit does not pay for it: the one who holds
 * the most gives up what it has, so that a client of usual size never suffers for one that is not.
 */
import type { BrokerLimits } from './limits.ts';

export class MemoryBudget {
  private readonly shares = new Set<Share>();
  private total = 0;
  private relieving = false;

  constructor(readonly limit: number) {}

  get isOver(): boolean {
    return this.total > this.limit;
  }

  get free(): number {
    return Math.max(this.limit - this.total, 0);
  }

  /** `giveUp` has to make its share smaller; without it, the budget only counts. */
  share(giveUp?: () => void): Share {
    const share = new Share((difference) => this.change(difference), giveUp);
    this.shares.add(share);
    return share;
  }

  /** What the share still holds is free again. */
  end(share: Share): void {
    share.set(0);
    this.shares.delete(share);
  }

  private change(difference: number): void {
    this.total += difference;
    if (difference > 0 && this.isOver && !this.relieving) this.relieve();
  }

  private relieve(): void {
    this.relieving = true;
    while (this.isOver) {
      const heaviest = this.heaviest();
      const before = this.total;
      heaviest?.giveUp?.();
      if (this.total >= before) break;
    }
    this.relieving = false;
  }

  private heaviest(): Share | undefined {
    let heaviest: Share | undefined;
    for (const share of this.shares) {
      if (share.giveUp !== undefined && share.bytes > (heaviest?.bytes ?? 0)) heaviest = share;
    }
    return heaviest;
  }
}

/** What one connection holds of a budget. */
export class Share {
  bytes = 0;

  constructor(
    private readonly onChange: (difference: number) => void,
    readonly giveUp: (() => void) | undefined,
  ) {}

  set(bytes: number): void {
    const difference = bytes - this.bytes;
    if (difference === 0) return;
    this.bytes = bytes;
    this.onChange(difference);
  }
}

/** A fetch always may bring so much, however little room there is: else nobody would ever get on. */
const LEAST_RESPONSE_BYTES = 1 << 20;

export class BrokerMemory {
  /** Requests that have come in part. */
  readonly unfinished: MemoryBudget;
  /** Requests that wait for their answers. */
  readonly parked: MemoryBudget;
  /** Answers that have not been sent. */
  readonly unsent: MemoryBudget;

  constructor(limits: BrokerLimits) {
    this.unfinished = new MemoryBudget(limits.maxUnfinishedBytes);
    this.parked = new MemoryBudget(limits.maxParkedBytes);
    this.unsent = new MemoryBudget(limits.maxUnsentTotalBytes);
  }

  /** Bytes of records that one more response may bring: a part of what is free, so that the next one has some too. */
  get responseRoom(): number {
    return Math.max(Math.floor(this.unsent.free / 4), LEAST_RESPONSE_BYTES);
  }
}
