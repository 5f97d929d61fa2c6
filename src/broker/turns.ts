/**
 * Long work in slices. The broker has one thread: whoever works on it for long has to let the others have their turn now
 * and then, and after them goes on where it was.
 */

/** How long a slice may take, and so everybody else have to wait for one, in ms. */
const SLICE_MS = 5;

/** Where time comes from, and how to wait until everybody else has had a turn; tests have their own. */
export interface Schedule {
  /** In ms, from any beginning. */
  now(): number;
  nextTurn(): Promise<void>;
}

const eventLoop: Schedule = {
  now: () => performance.now(),
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** Work that can be left after each step and gone on with later; ends with its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Is waited for between two steps: at once, unless the slice is over. */
export type Pause = () => Promise<void> | undefined;

export class Turns {
  private since: number;

  constructor(private readonly schedule: Schedule = eventLoop) {
    this.since = schedule.now();
  }

  readonly pause: Pause = () => {
    if (this.schedule.now() - this.since < SLICE_MS) return undefined;
    return this.schedule.nextTurn().then(() => {
      this.since = this.schedule.now();
    });
  };
}

/** The first slice is done before this returns. What `pause` throws ends the work. */
export async function inTurns<T>(steps: Steps<T>, pause: Pause): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const turn = pause();
    if (turn !== undefined) await turn;
  }
}

/** At once what takes no longer than a slice, and the rest in turns. */
export function soonOrLater<T>(steps: Steps<T>, pause: Pause): T | Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const turn = pause();
    if (turn !== undefined) return turn.then(() => inTurns(steps, pause));
  }
}

/** Where nobody else waits. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
