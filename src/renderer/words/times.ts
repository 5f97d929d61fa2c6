/** Times, relative ("3 s ago") and absolute (with milliseconds and zone). All in epoch milliseconds. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

/** How long, in the largest unit that tells something: "12 s", "5 min", "3 days". */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  if (ms < 2 * YEAR) return `${Math.floor(ms / DAY)} days`;
  return `${Math.floor(ms / YEAR)} years`;
}

/**
 * "3 s ago", "5 min ago"; "in 5 min" for what is still to come. A second counts as now, and two to come: whoever asks has a
 * clock that ticks each second, and what has just come is ahead of it.
 */
export function relative(time: number, now: number): string {
  const age = now - time;
  if (age < SECOND && age > -2 * SECOND) return 'now';
  return age > 0 ? `${span(age)} ago` : `in ${span(-age)}`;
}

const two = (n: number) => String(n).padStart(2, '0');

/** Local time to the millisecond with its offset: "2024-05-01 12:00:00.123 UTC+02:00". */
export function absolute(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return 'no valid time';
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const east = -date.getTimezoneOffset();
  const zone =
    east === 0 ? '' : `${east > 0 ? '+' : '−'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')} UTC${zone}`;
}

/** Whole seconds until then, never below zero. */
export const secondsUntil = (time: number, now: number): number => Math.max(0, Math.ceil((time - now) / SECOND));

/** A duration that a person chose: "1 min", "10 min", "1 h", "1 day", "never". */
export function duration(ms: number | null): string {
  if (ms === null) return 'never';
  if (ms % DAY === 0) return ms === DAY ? '1 day' : `${ms / DAY} days`;
  if (ms % HOUR === 0) return `${ms / HOUR} h`;
  if (ms % MINUTE === 0) return `${ms / MINUTE} min`;
  return `${ms / SECOND} s`;
}

/** The choices for how long, with the current one among them even when it is none of the usual. */
export function durationChoices(
  usual: readonly (number | null)[],
  current: number | null,
): { value: string; label: string }[] {
  const all = usual.includes(current) ? [...usual] : [current, ...usual];
  return all.map((ms) => ({ value: ms === null ? 'never' : String(ms), label: duration(ms) }));
}

export const readDuration = (value: string): number | null => (value === 'never' ? null : Number(value));

export const usualAges = {
  fade: [MINUTE, 10 * MINUTE, HOUR, DAY, null],
  hide: [10 * MINUTE, HOUR, DAY, null],
  retention: [null, HOUR, DAY, 7 * DAY],
} as const;
