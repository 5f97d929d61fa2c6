/**
 * A second thread that stamps a part of a crowd while the drawing worker stamps the other one: they share the memory of it
 * all (the page is cross-origin isolated for that). The worker waits for it, so a frame is painted in one go as without.
 */
import type { Extent } from './extent';
import type { Part, StampJob } from './stampBands';

/** How long it may take. A frame takes some ms; a machine that is busy has other things to do now and then. */
const PATIENCE_MS = 2_000;

/** Numbers of what they tell each other by: which job has ended last, whether it was done, and the box of what was drawn. */
export const ENDED = 0;
export const DONE = 1;
export const BOX = 2;
const TOLD = 6;

/** What is not in `job` is as in the one before. */
export interface ToHelper {
  readonly number: number;
  readonly told: Int32Array;
  readonly job: Partial<StampJob>;
  readonly part: Part;
}

export class StampHelper {
  readonly #worker: Worker;
  readonly #told = new Int32Array(new SharedArrayBuffer(4 * TOLD));
  #number = 0;
  #job: Partial<StampJob> = {};
  #ready = false;

  /** Null where memory cannot be shared, or there is but one processor. */
  static start(): StampHelper | null {
    if (!globalThis.crossOriginIsolated || navigator.hardwareConcurrency < 2) return null;
    return new StampHelper(new Worker(new URL('./stampHelper.worker.ts', import.meta.url), { type: 'module' }));
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = () => {
      this.#ready = true;
    };
    worker.onerror = () => {
      this.#ready = false;
    };
  }

  /** Whether it has started. */
  get isReady(): boolean {
    return this.#ready;
  }

  begin(job: StampJob, part: Part): void {
    const before = this.#job;
    const names = (Object.keys(job) as (keyof StampJob)[]).filter((name) => job[name] !== before[name]);
    const changed: Partial<StampJob> = Object.fromEntries(names.map((name) => [name, job[name]]));
    this.#job = job;
    this.#number++;
    this.#worker.postMessage({ number: this.#number, told: this.#told, job: changed, part } satisfies ToHelper);
  }

  /** Waits for the end of what was begun. False when it has failed. */
  finish(extent: Extent): boolean {
    const told = this.#told;
    while (Atomics.load(told, ENDED) !== this.#number) {
      if (Atomics.wait(told, ENDED, this.#number - 1, PATIENCE_MS) === 'timed-out') return false;
    }
    if (told[DONE] === 0) return false;
    const [left = 0, top = 0, right = 0, bottom = 0] = told.subarray(BOX);
    extent.reachTo(left, top, right, bottom);
    return true;
  }

  close(): void {
    this.#ready = false;
    this.#worker.terminate();
  }
}
