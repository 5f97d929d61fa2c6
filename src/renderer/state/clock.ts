/** A clock that ticks only while somebody listens, and is right whenever it is read. */
export interface Clock {
  /** Called at each tick; returns how to end that. */
  subscribe(listener: () => void): () => void;
  /** Epoch ms, the same between two ticks. */
  now(): number;
}

export const TICK_MS = 1_000;

export function createClock(): Clock {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, TICK_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
    now: () => {
      // Not each time: React reads twice while it renders, and must not see two times.
      if (timer === null && Math.abs(Date.now() - now) >= TICK_MS) now = Date.now();
      return now;
    },
  };
}
