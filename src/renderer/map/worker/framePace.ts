/**
 * How often frames are drawn: as often as the usual screen shows one, and half as often while a backlog is read. What the
 * person waits for then is the records, and a frame takes cores from them: here, in the page and in the compositor.
 */
import { BATCH_POINTS } from '../../../shared/pointBatch';

/** Milliseconds between the starts of two frames, at least. */
export const FRAME_MS = 16;
export const BACKLOG_FRAME_MS = 33;
/** How long a backlog is believed in after a batch that ended only because it was full, ms. */
const BELIEVED_MS = 100;

export class FramePace {
  #backlogUntil = Number.NEGATIVE_INFINITY;

  /** A batch of so many points has been applied. Times in ms, of one clock. */
  noteBatch(points: number, now: number): void {
    if (points === BATCH_POINTS) this.#backlogUntil = now + BELIEVED_MS;
  }

  /** From the start of one frame to that of the next, at least, ms. */
  frameMs(now: number): number {
    return now < this.#backlogUntil ? BACKLOG_FRAME_MS : FRAME_MS;
  }
}
