/**
 * Reads a record of a known layout (../pointLayout.ts) in place: are the bytes between its values those of the layout,
 * and which numbers and strings are its values? This is AssemblyScript, which becomes WebAssembly: where JavaScript checks
 * each byte, this looks at eight at once, and it need not be run for a while before it is fast.
 *
 * It takes only what JSON.parse takes (RFC 8259), and leaves to others what is rare: numbers with an exponent, with more
 * than 18 digits, or too close to a tie to be told. Memory, little-endian; the places are exported:
 *
 *   0        results, by entry: numbers (f64), then from and to (i32), kinds and whole (u8), ENTRIES of each
 *   LAYOUTS  SLOTS of LAYOUT_BYTES each, for layouts as `readLayout` takes them
 *   TEXT     the text that places are counted from; PADDING bytes behind it may be looked at, and must be there
 */

export const ENTRIES: i32 = 64;
export const NUMBERS: i32 = 0;
export const FROM: i32 = 512;
export const TO: i32 = 768;
export const KINDS: i32 = 1024;
export const WHOLE: i32 = 1088;
export const LAYOUTS: i32 = 4096;
export const LAYOUT_BYTES: i32 = 4096;
/** Layouts that can be known at a time; a topic rarely has more. */
export const SLOTS: i32 = 8;
export const TEXT: i32 = 65536;
export const PADDING: i32 = 32;

/** Kinds as in ../jsonScanner.ts; a number has none here. */
const ASCII: u8 = 3;
const OTHER: u8 = 4;
const ESCAPED: u8 = 5;

const ZEROS: u64 = 0x3030303030303030;
const SIXES: u64 = 0x0606060606060606;
const UPPER_HALVES: u64 = 0xf0f0f0f0f0f0f0f0;
const TOPS: u64 = 0x8080808080808080;
const ONES: u64 = 0x0101010101010101;
const QUOTES: u64 = 0x2222222222222222;
const BACKSLASHES: u64 = 0x5c5c5c5c5c5c5c5c;

const MOST_DIGITS: i32 = 18;
const BILLION: u64 = 1000000000;
const BILLION_DIGITS: i32 = 9;
const EXACT: u64 = 9007199254740992;

/** 10 to the power of the index, exact in a double. */
const POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
const TENS: usize = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]);

/** That of ../decimal.ts. */
declare function scaledLong(high: f64, low: f64, lowDigits: i32, scale: i32): f64;

/** Of the number that was passed last. */
let value: f64 = 0;
/** Of the string that was passed last; of a number, whether it is written as its own name. */
let kind: u8 = 0;

/**
 * True when the text from `from` to `to` has this layout; its values are in the results then. All are addresses.
 *
 * A layout: the number of its entries (u8, in four bytes); for each of them, and for the end, whether it is a number
 * (u8, in two bytes) and how many bytes stand before it (u16); then all those bytes.
 */
export function readLayout(layout: usize, from: usize, to: usize): bool {
  const entries = <usize>load<u8>(layout);
  let part = layout + 4;
  let bytes = part + 4 * (entries + 1);
  let at = from;
  for (let i: usize = 0; i <= entries; i++, part += 4) {
    const length = <usize>load<u16>(part, 2);
    if (at + length > to || !same(at, bytes, length)) return false;
    at += length;
    bytes += length;
    if (i === entries) return at === to;
    const start = at;
    if (load<u8>(part) !== 0) {
      at = number(at);
      if (at === 0 || at > to) return false;
      store<f64>(<usize>NUMBERS + 8 * i, value);
      store<u8>(<usize>WHOLE + i, kind);
      store<u8>(<usize>KINDS + i, 0);
    } else {
      at = text(at, to);
      if (at === 0) return false;
      store<u8>(<usize>KINDS + i, kind);
    }
    store<i32>(<usize>FROM + 4 * i, <i32>start - TEXT);
    store<i32>(<usize>TO + 4 * i, <i32>at - TEXT);
  }
  return false;
}

function same(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    const last = a + length - 8;
    if (load<u64>(last) !== load<u64>(b + length - 8)) return false;
    for (; a < last; a += 8, b += 8) if (load<u64>(a) !== load<u64>(b)) return false;
    return true;
  }
  if (length >= 4) return load<u32>(a) === load<u32>(b) && load<u32>(a + length - 4) === load<u32>(b + length - 4);
  for (const end = a + length; a < end; a++, b++) if (load<u8>(a) !== load<u8>(b)) return false;
  return true;
}

/** With how many digits eight bytes begin. A byte that is none carries into those behind it only. */
function digitsIn(word: u64): i32 {
  const values = word ^ ZEROS;
  return <i32>(ctz((values | (values + SIXES)) & UPPER_HALVES) >> 3);
}

/** The number that the first `count` bytes spell, 1 to 8. */
function valueIn(word: u64, count: i32): u64 {
  let values = (word ^ ZEROS) << (64 - 8 * count);
  values = (values * 10 + (values >> 8)) & 0x00ff00ff00ff00ff;
  values = (values * 100 + (values >> 16)) & 0x0000ffff0000ffff;
  return (values * 10000 + (values >> 32)) & 0xffffffff;
}

/** Passes a number, and returns the place behind it; 0 when there is none that can be told here. */
function number(at: usize): usize {
  let word = load<u64>(at);
  const negative = <u8>word === 0x2d;
  if (negative) word = load<u64>(++at);
  let count = digitsIn(word);
  if (count === 0) return 0;
  // A zero begins no longer number, and counts for nothing.
  const zero = <u8>word === 0x30;
  if (zero && count > 1) return 0;
  let whole = !negative;
  let scale: i32 = 0;
  let digits = zero ? 0 : count;
  let sum = valueIn(word, count);
  at += count;
  while (count === 8) {
    word = load<u64>(at);
    count = digitsIn(word);
    if (count === 0) break;
    digits += count;
    if (digits > MOST_DIGITS) return 0;
    sum = sum * load<u64>(TENS + 8 * count) + valueIn(word, count);
    at += count;
  }
  let next = load<u8>(at);
  if (next === 0x2e) {
    whole = false;
    const first = ++at;
    do {
      word = load<u64>(at);
      count = digitsIn(word);
      if (count === 0) break;
      digits += count;
      if (digits > MOST_DIGITS) return 0;
      sum = sum * load<u64>(TENS + 8 * count) + valueIn(word, count);
      at += count;
    } while (count === 8);
    scale = <i32>(at - first);
    if (scale === 0) return 0;
    next = load<u8>(at);
  }
  if ((next | 0x20) === 0x65) return 0;
  let magnitude: f64;
  if (sum <= EXACT) magnitude = <f64>sum / load<f64>(POWERS + 8 * scale);
  else {
    magnitude = scaledLong(<f64>(sum / BILLION), <f64>(sum % BILLION), BILLION_DIGITS, scale);
    if (isNaN(magnitude)) return 0;
  }
  value = negative ? -magnitude : magnitude;
  kind = <u8>whole;
  return at;
}

/** Passes a string, whose first quote has been passed, up to its last one, and returns where that is; 0 when it is none. */
function text(at: usize, end: usize): usize {
  kind = ASCII;
  while (true) {
    const word = load<u64>(at);
    const quotes = word ^ QUOTES;
    const backslashes = word ^ BACKSLASHES;
    // The lowest byte that is marked is one: a borrow reaches only those above it.
    const odd =
      (((quotes - ONES) & ~quotes) |
        ((backslashes - ONES) & ~backslashes) |
        ((word - 0x2020202020202020) & ~word) |
        word) &
      TOPS;
    if (odd === 0) {
      at += 8;
      if (at >= end) return 0;
      continue;
    }
    at += <usize>(ctz(odd) >> 3);
    if (at >= end) return 0;
    const byte = load<u8>(at);
    if (byte === 0x22) return at;
    let length: usize;
    if (byte === 0x5c) {
      kind = ESCAPED;
      length = escapeLength(at);
    } else if (byte >= 0x80) {
      length = utf8Length(at, end);
      if (kind === ASCII) kind = OTHER;
    } else return 0;
    if (length === 0) return 0;
    at += length;
  }
}

function escapeLength(at: usize): usize {
  switch (load<u8>(at, 1)) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return 2;
    case 0x75:
      for (let i: usize = at + 2; i < at + 6; i++) {
        const byte = load<u8>(i);
        const lower = byte | 0x20;
        if (!((byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66))) return 0;
      }
      return 6;
    default:
      return 0;
  }
}

function isTrail(byte: u8): bool {
  return (byte & 0xc0) === 0x80;
}

/** Bytes of the character that starts here with a byte of 0x80 or more; 0 when it is no UTF-8 (Unicode 15, table 3-7). */
function utf8Length(at: usize, end: usize): usize {
  const first = load<u8>(at);
  const second = at + 1 < end ? load<u8>(at, 1) : 0;
  if (!isTrail(second)) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first < 0xe0 || first > 0xf4 || at + 2 >= end || !isTrail(load<u8>(at, 2))) return 0;
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 0;
    return first === 0xed && second > 0x9f ? 0 : 3;
  }
  if (at + 3 >= end || !isTrail(load<u8>(at, 3))) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second > 0x8f ? 0 : 4;
}
