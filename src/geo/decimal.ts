/**
 * Decimal numbers in digits, to the double that is nearest: what `Number` makes of the same text, without the text.
 * Up to 15 digits are exact in a double, and so are powers of ten up to 22: one division rounds once. Up to 18 digits
 * are computed to twice a double's precision, and taken when that leaves no doubt about the rounding (Clinger 1990).
 */

const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
export const MAX_SCALE = 22;

/** Veltkamp's constant, which cuts a double into two halves whose products are exact. */
const SPLIT = 2 ** 27 + 1;
/** The relative error of the division below is under 2^-90, measured in the low part: far more than it can be. */
const DOUBT = 2 ** -35;

/** `digits` / 10^`scale`, for whole digits below 2^53 and a scale in [0, 22]. */
export const scaled = (digits: number, scale: number): number => digits / (POWERS[scale] ?? 1);

/** `high` * 10^`lowDigits` + `low`: exact up to 2^53. */
export const joined = (high: number, low: number, lowDigits: number): number => high * (POWERS[lowDigits] ?? 1) + low;

/**
 * (`high` * 10^`lowDigits` + `low`) / 10^`scale`, rounded to the nearest double; NaN when that is too close to a tie
 * to be told here. `high` is whole and below 10^9, `low` below 10^`lowDigits`, `lowDigits` at most 9.
 */
export function scaledLong(high: number, low: number, lowDigits: number, scale: number): number {
  const power = POWERS[lowDigits] ?? 1;
  const divisor = POWERS[scale] ?? 1;
  // high * power, exactly: product + productError.
  const product = high * power;
  const error = productError(high, power, product);
  const top = product + low;
  const rest = product - top + low + error;
  const quotient = top / divisor;
  const back = quotient * divisor;
  const correction = (top - back - productError(quotient, divisor, back) + rest) / divisor;
  const doubt = Math.abs(correction) * DOUBT;
  const least = quotient + (correction - doubt);
  return least === quotient + (correction + doubt) ? least : Number.NaN;
}

/** a * b - product, exactly, for product = a * b rounded (Dekker). */
function productError(a: number, b: number, product: number): number {
  const aBig = SPLIT * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLIT * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
