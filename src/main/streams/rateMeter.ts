/** Events a second, over the last two seconds; falls to 0 when nothing comes. */
export interface RateMeter {
  add(events: number, now: number): void;
  perSecond(now: number): number;
}

const WINDOW_MS = 2_000;
const SLOT_MS = 100;

/** `now` is a monotonic clock in ms, as performance.now(). */
export function createRateMeter(): RateMeter {
  const slots = new Map<number, number>();
  let started: number | undefined;
  const forget = (now: number) => {
    const oldest = Math.floor((now - WINDOW_MS) / SLOT_MS);
    for (const slot of slots.keys()) if (slot <= oldest) slots.delete(slot);
  };
  return {
    add: (events, now) => {
      started ??= now;
      const slot = Math.floor(now / SLOT_MS);
      slots.set(slot, (slots.get(slot) ?? 0) + events);
      forget(now);
    },
    perSecond: (now) => {
      forget(now);
      if (slots.size === 0) {
        started = undefined;
        return 0;
      }
      let sum = 0;
      for (const events of slots.values()) sum += events;
      const seconds = Math.min(WINDOW_MS, Math.max(now - (started ?? now), 1_000)) / 1_000;
      return sum / seconds;
    },
  };
}
