/** Runs a callback soon, once for however many calls came in between; at most once every `everyMs`. */
export interface Coalesced {
  (): void;
  /** Runs it at once, for this call and those that wait. */
  now(): void;
  close(): void;
}

export function coalesce(everyMs: number, run: () => void): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let last = Number.NEGATIVE_INFINITY;
  const now = () => {
    if (closed) return;
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    run();
  };
  const soon = () => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(now, Math.max(0, last + everyMs - performance.now()));
  };
  return Object.assign(soon, {
    now,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  });
}
