/**
 * A stream's own clock, epoch ms: the newest event time seen, running on with the wall clock since that time last
 * advanced. So a replay of last year's ships does not look stale, while a live stream that falls silent does.
 * An event time in the future counts as now: one wrong clock at sea must not make everybody else look old.
 */
export class StreamClock {
  #newest = Number.NEGATIVE_INFINITY;
  #wallThen = 0;

  /** `eventTime`: of any record; `wallNow`: when it was received. Both epoch ms. */
  advance(eventTime: number, wallNow: number): void {
    const credible = Math.min(eventTime, wallNow);
    if (credible > this.#newest) {
      this.#newest = credible;
      this.#wallThen = wallNow;
    }
  }

  /** Minus infinity before the first record: nothing has an age yet. */
  at(wallNow: number): number {
    return this.#newest + Math.max(0, wallNow - this.#wallThen);
  }
}
