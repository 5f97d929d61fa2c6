/** Event times of the one shape that most messages have, read in place: `2026-11-26T01:54:51.123Z` and its like. */

const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;
const MINUTE = 60_000;
const DATE_BYTES = 10;
const SECONDS_END = 19;
/** Digits of a fraction that are exact in a double. */
const MAX_FRACTION = 15;
const POWERS = Float64Array.from({ length: MAX_FRACTION + 1 }, (_, i) => Number(`1e${i}`));

/** NaN when they are not all digits. */
function digits(data: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const digit = (data[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

export class EventTimeParser {
  /** The last date, for records tend to be of one day: year, month and day as one number, and its midnight. */
  #date = Number.NaN;
  #midnight = Number.NaN;

  /** Epoch ms, as `parseEventTime` tells it; NaN when it is of another shape, or no time. */
  parse(data: Uint8Array, from: number, to: number): number {
    if (to - from < SECONDS_END) return Number.NaN;
    const separator = data[from + DATE_BYTES];
    if (separator !== 0x54 && separator !== 0x20) return Number.NaN;
    if (data[from + 13] !== COLON || data[from + 16] !== COLON) return Number.NaN;
    const midnight = this.#midnightOf(data, from);
    const hour = digits(data, from + 11, 2);
    const minute = digits(data, from + 14, 2);
    const second = digits(data, from + 17, 2);
    if (!(hour <= 24 && minute <= 59 && second <= 60)) return Number.NaN;
    let at = from + SECONDS_END;
    let fraction = 0;
    if (at < to && data[at] === 0x2e) {
      const first = at + 1;
      at = first;
      let value = 0;
      while (at < to && at - first <= MAX_FRACTION && isDigit(data[at] ?? 0))
        value = value * 10 + (data[at++] ?? 0) - ZERO;
      const count = at - first;
      if (count === 0 || count > MAX_FRACTION) return Number.NaN;
      fraction = (value / (POWERS[count] ?? 1)) * 1000;
    }
    // Without a zone it is UTC.
    if (at < to && !(at + 1 === to && (data[at] === 0x5a || data[at] === 0x7a))) return Number.NaN;
    return midnight + (hour * 60 + minute) * MINUTE + second * 1000 + fraction;
  }

  #midnightOf(data: Uint8Array, from: number): number {
    if (data[from + 4] !== DASH || data[from + 7] !== DASH) return Number.NaN;
    const year = digits(data, from, 4);
    const month = digits(data, from + 5, 2);
    const day = digits(data, from + 8, 2);
    const date = (year * 100 + month) * 100 + day;
    if (date === this.#date) return this.#midnight;
    // Years before 100 are taken for others by Date.UTC.
    if (!(year >= 100)) return Number.NaN;
    const midnight = Date.UTC(year, month - 1, day);
    const made = new Date(midnight);
    if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) return Number.NaN;
    this.#date = date;
    this.#midnight = midnight;
    return midnight;
  }
}

const isDigit = (byte: number) => byte >= ZERO && byte <= ZERO + 9;
