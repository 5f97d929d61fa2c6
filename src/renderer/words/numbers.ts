/** Numbers as people read them: grouped in threes, with a unit, and never more digits than they mean. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const oneDigitAlways = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 2867 → "2,867". */
export const count = (n: number): string => grouped.format(n);

/** "1 record", "2,867 records". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** Records a second: "124/s", "0.4/s"; below ten one digit after the point, unless it is none. */
export const perSecond = (n: number): string => `${n < 10 ? oneDigit.format(n) : grouped.format(n)}/s`;

/** What was achieved beside what was asked for: "58.9 of 60 messages/s". */
export const achieved = (rate: number, wished: number): string =>
  `${rate < 1000 ? oneDigitAlways.format(rate) : grouped.format(rate)} of ${oneDigit.format(wished)} messages/s`;

/** Powers of 1,000: "512 bytes", "1.4 MB". */
export function bytes(n: number): string {
  if (n < 1000) return counted(n, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${oneDigit.format(value)} ${units[unit]}`;
}

/** A share in whole percent; 100 only when it is the whole. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return part >= whole ? 100 : Math.max(0, Math.min(99, Math.floor((part / whole) * 100)));
}

/**
 * A whole number that a person typed, or what is wrong with it.
 * @param unit behind the range, such as " partitions"
 */
export function readWholeNumber(
  text: string,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
  unit = '',
): number | string {
  const value = readNumber(text);
  if (value === null || !Number.isInteger(value)) return `A whole number, such as ${count(usual)}.`;
  return value < least || value > most ? `From ${count(least)} to ${count(most)}${unit}.` : value;
}

/**
 * A number that a person typed: digits, optionally grouped by commas, spaces or apostrophes, with a point.
 * Null when it is none; "1,5" is refused rather than guessed at.
 */
export function readNumber(text: string): number | null {
  const trimmed = text.trim().replace('−', '-');
  const plain = /^[+-]?\d{1,3}(?:[,'\s]\d{3})+(?:\.\d+)?$/.test(trimmed) ? trimmed.replace(/[,'\s]/g, '') : trimmed;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

const digits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });
const powers = new Intl.NumberFormat('en-US', { notation: 'scientific', maximumSignificantDigits: 4 });

/** A number of unknown kind, with as many digits as a Float32 is sure of: "12.3", "−4,120", "1.2E12". */
export const figure = (n: number): string =>
  n !== 0 && (Math.abs(n) < 1e-4 || Math.abs(n) >= 1e9) ? powers.format(n) : digits.format(n);
