/**
 * When the next batch of a stream goes to the map: at most one a frame for a slow stream, and where the map has said when
 * it draws next, just before that. A full batch does not wait. Times are ms of any clock.
 */

/** Between two batches, where the map has said nothing. */
export const FRAME_MS = 16;

export class BatchPace {
  #sentAt = Number.NEGATIVE_INFINITY;
  #wantedAt: number | null = null;

  noteSent(now: number): void {
    this.#sentAt = now;
    this.#wantedAt = null;
  }

  /** @param nextIn see FromWorker */
  noteTaken(nextIn: number | null, now: number): void {
    this.#wantedAt = nextIn === null ? null : now + nextIn;
  }

  /** How long what is there now should wait; 0 or less: not at all. */
  waitMs(now: number): number {
    return (this.#wantedAt ?? this.#sentAt + FRAME_MS) - now;
  }
}
