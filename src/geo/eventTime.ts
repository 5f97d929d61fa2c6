/** Event times as they are written in messages, to epoch milliseconds. */

/** Below this, a number is taken as epoch seconds, from it on as epoch ms: 1e11 s is the year 5138, 1e11 ms is 1973. */
const SECONDS_BELOW = 1e11;

/** The largest time a JavaScript Date can hold, ms (ECMA-262, 21.4.1.1). */
const MAX_MS = 8.64e15;

// Date, then optionally a time with any number of fractional digits, then optionally a zone; without one it is UTC.
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?)?$/;

const DIGITS = /^[+-]?\d+(?:\.\d+)?$/;

function fromNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  const ms = Math.abs(value) < SECONDS_BELOW ? value * 1000 : value;
  return Math.abs(ms) <= MAX_MS ? ms : null;
}

function fromText(text: string): number | null {
  if (text.length > 64) return null;
  if (DIGITS.test(text)) return fromNumber(Number(text));
  const match = ISO.exec(text);
  if (match === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    ,
    sign,
    zoneHours = '0',
    zoneMinutes = '0',
  ] = match;
  const h = Number(hour);
  const m = Number(minute);
  const s = Number(second);
  // 24:00 and leap seconds are valid ISO 8601, and Date.UTC carries them over.
  if (h > 24 || m > 59 || s > 60 || Number(zoneHours) > 23 || Number(zoneMinutes) > 59) return null;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s, 0);
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null; // 31 February
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return ms + (fraction === '' ? 0 : Number(`0.${fraction}`) * 1000) - offset;
}

/**
 * Epoch ms (fractions of a ms kept), or null when the value is no time: a number of epoch s or ms by magnitude,
 * the same as text, ISO 8601, or `YYYY-MM-DD HH:MM:SS.ffffff`. Without a zone it is UTC.
 */
export function parseEventTime(value: unknown): number | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'string') return fromText(value.trim());
  return null;
}
