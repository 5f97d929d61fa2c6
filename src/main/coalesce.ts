/** Runs a callback soon, once for however many calls came in between; at most once every `everyMs`. */
export interface Coalesced {
  (): void;
  close(): void;
}

export function coalesce(everyMs: number, run: () => void): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let last = Number.NEGATIVE_INFINITY;
  const soon = () => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = performance.now();
        run();
      },
      Math.max(0, last + everyMs - performance.now()),
    );
  };
  return Object.assign(soon, {
    close: () => {
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
    },
  });
}
