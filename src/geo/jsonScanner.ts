/**
 * Steps through one JSON text (RFC 8259) in place, without making anything of it: the ground of the fast parser. It
 * takes only what `JSON.parse` takes. `failed` is set at the first byte that does not fit, and also where it would be
 * too much trouble to tell; whoever uses it then asks `JSON.parse`.
 */
import { joined, MAX_SCALE, scaled, scaledLong } from './decimal';

/** What a value was, as the scanner found it. */
export const ABSENT = 0;
export const NULL = 1;
export const NUMBER = 2;
/** A string of plain ASCII, of other characters too, and with escapes in it. */
export const ASCII = 3;
export const TEXT = 4;
export const ESCAPED = 5;
export const BOOLEAN = 6;
export const OBJECT = 7;
export const ARRAY = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const COMMA = 0x2c;
const COLON = 0x3a;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
const LOWER_CASE = 0x20;

/** Nests deeper than this are left to `JSON.parse`. */
const DEEPEST = 16;
/** Digits of which a number is put together, those that are exact in a double, and those that `scaledLong` takes. */
const PART_DIGITS = 9;
const EXACT_DIGITS = 15;
const LONGEST = 18;

/** 1 for what may follow a backslash, other than `u`. */
const ESCAPES = new Uint8Array(128);
for (const character of '"\\/bfnrt') ESCAPES[character.charCodeAt(0)] = 1;

const isDigit = (byte: number) => byte >= ZERO && byte <= ZERO + 9;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isHex = (byte: number) => isDigit(byte) || ((byte | LOWER_CASE) >= 0x61 && (byte | LOWER_CASE) <= 0x66);

export class JsonScanner {
  data: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  failed = false;
  /** Of the last string, without its quotes; of the last number, as it is written. */
  from = 0;
  to = 0;
  /** The last number. */
  value = 0;
  /** True when that number has neither sign nor fraction nor exponent. */
  whole = false;

  begin(data: Uint8Array, from: number, to: number): void {
    this.data = data;
    this.at = from;
    this.end = to;
    this.failed = false;
  }

  /** The next byte that is no white space, without passing it; 0 at the end, which no JSON has there. */
  peek(): number {
    const { data, end } = this;
    let at = this.at;
    let byte = at < end ? (data[at] ?? 0) : 0;
    while (isSpace(byte)) {
      at += 1;
      byte = at < end ? (data[at] ?? 0) : 0;
    }
    this.at = at;
    return byte;
  }

  fail(): void {
    this.failed = true;
    this.at = this.end;
  }

  /**
   * For an object that is open: passes the next key, `from` to `to`, and its colon, and returns the key's kind of
   * string; 0 when the object has ended.
   */
  key(isFirst: boolean): number {
    let byte = this.peek();
    if (byte === CLOSE_OBJECT) {
      this.at += 1;
      return ABSENT;
    }
    if (!isFirst) {
      if (byte !== COMMA) return this.#failed();
      this.at += 1;
      byte = this.peek();
    }
    if (byte !== QUOTE) return this.#failed();
    this.at += 1;
    const kind = this.string();
    if (this.peek() !== COLON) return this.#failed();
    this.at += 1;
    return kind;
  }

  /** True when an array that is open has one more element, which comes next. */
  element(isFirst: boolean): boolean {
    const byte = this.peek();
    if (byte === CLOSE_ARRAY) {
      this.at += 1;
      return false;
    }
    if (isFirst) return !this.failed;
    if (byte !== COMMA) this.fail();
    else {
      this.at += 1;
      // No element follows a comma but a value.
      if (this.peek() === CLOSE_ARRAY) this.fail();
    }
    return !this.failed;
  }

  /** Passes a whole value and returns its kind; objects and arrays are only opened. */
  open(): number {
    const byte = this.peek();
    if (byte === QUOTE) {
      this.at += 1;
      return this.string();
    }
    if (isDigit(byte) || byte === MINUS) return this.number();
    if (byte === OPEN_OBJECT) {
      this.at += 1;
      return OBJECT;
    }
    if (byte === OPEN_ARRAY) {
      this.at += 1;
      return ARRAY;
    }
    if (byte === 0x6e) return this.#word(NULL_WORD, NULL);
    if (byte === 0x74) return this.#word(TRUE_WORD, BOOLEAN);
    if (byte === 0x66) return this.#word(FALSE_WORD, BOOLEAN);
    return this.#failed();
  }

  /** Passes the rest of an object or array that is open. */
  skip(kind: number, depth = 1): void {
    if (depth > DEEPEST) this.fail();
    let isFirst = true;
    while (!this.failed && (kind === OBJECT ? this.key(isFirst) !== ABSENT : this.element(isFirst))) {
      isFirst = false;
      const inner = this.open();
      if (inner === OBJECT || inner === ARRAY) this.skip(inner, depth + 1);
    }
  }

  /** Nothing but white space may follow. */
  finish(): boolean {
    if (!this.failed && (this.peek() !== 0 || this.at < this.end)) this.fail();
    return !this.failed;
  }

  #failed(): number {
    this.fail();
    return ABSENT;
  }

  #word(word: readonly number[], kind: number): number {
    const { data, at } = this;
    if (at + word.length > this.end) return this.#failed();
    for (let i = 0; i < word.length; i++) if (data[at + i] !== word[i]) return this.#failed();
    this.at = at + word.length;
    return kind;
  }

  /** Passes a string, whose first quote has been passed, and returns which kind of string it is. */
  string(): number {
    const { data } = this;
    let at = this.at;
    this.from = at;
    let kind = ASCII;
    for (;;) {
      const byte = data[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        kind = ESCAPED;
        const length = escapeLength(data, at);
        if (length === 0) return this.#failed();
        at += length;
      } else if (byte < 0x20) return this.#failed();
      else if (byte < 0x80) at += 1;
      else {
        const length = utf8Length(data, at, this.end);
        if (length === 0) return this.#failed();
        if (kind === ASCII) kind = TEXT;
        at += length;
      }
    }
    if (at >= this.end) return this.#failed();
    this.to = at;
    this.at = at + 1;
    return kind;
  }

  /** Passes a number, which begins here. */
  number(): number {
    // Bytes behind the end are looked at, and then found to be too many: a number that ends a text is rare.
    const { data } = this;
    const from = this.at;
    let at = from;
    const negative = data[at] === MINUS;
    if (negative) at += 1;
    // The first 9 significant digits, and up to 9 behind them: each fits 32 bits.
    let high = 0;
    let low = 0;
    let digits = 0;
    let digit = (data[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return this.#failed();
    if (digit === 0) {
      at += 1;
      digit = (data[at] ?? 0) - ZERO;
      if (digit >= 0 && digit <= 9) return this.#failed();
    } else {
      do {
        if (digits < PART_DIGITS) high = high * 10 + digit;
        else if (digits < LONGEST) low = low * 10 + digit;
        digits += 1;
        at += 1;
        digit = (data[at] ?? 0) - ZERO;
      } while (digit >= 0 && digit <= 9);
    }
    let scale = 0;
    let whole = !negative;
    if (digit === POINT - ZERO) {
      whole = false;
      at += 1;
      const first = at;
      digit = (data[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return this.#failed();
      do {
        if (digits < PART_DIGITS) high = high * 10 + digit;
        else if (digits < LONGEST) low = low * 10 + digit;
        // Zeros before the first other digit count for nothing.
        if (digits > 0 || digit > 0) digits += 1;
        at += 1;
        digit = (data[at] ?? 0) - ZERO;
      } while (digit >= 0 && digit <= 9);
      scale = at - first;
    }
    let value = Number.NaN;
    if (((digit + ZERO) | LOWER_CASE) === LOWER_E) {
      whole = false;
      at += 1;
      const sign = data[at] ?? 0;
      if (sign === MINUS || sign === PLUS) at += 1;
      if (!isDigit(data[at] ?? 0)) return this.#failed();
      while (isDigit(data[at] ?? 0)) at += 1;
    } else if (scale <= MAX_SCALE) {
      if (digits <= PART_DIGITS) value = scaled(high, scale);
      else if (digits <= EXACT_DIGITS) value = scaled(joined(high, low, digits - PART_DIGITS), scale);
      else if (digits <= LONGEST) value = scaledLong(high, low, digits - PART_DIGITS, scale);
    }
    if (at > this.end) return this.#failed();
    this.from = from;
    this.to = at;
    this.at = at;
    this.whole = whole;
    // In doubt, or long: NaN is no number of JSON.
    if (Number.isNaN(value)) this.value = Number(asciiText(data, from, at));
    else this.value = negative ? -value : value;
    return NUMBER;
  }
}

const codes = (word: string) => Array.from(word, (character) => character.charCodeAt(0));
const NULL_WORD = codes('null');
const TRUE_WORD = codes('true');
const FALSE_WORD = codes('false');

/** Characters of plain ASCII. */
export function asciiText(data: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...data.subarray(from, to));
}

/** Bytes of an escape that begins here; 0 when it is none. */
function escapeLength(data: Uint8Array, at: number): number {
  const escaped = data[at + 1] ?? 0;
  if (escaped !== LOWER_U) return ESCAPES[escaped] === 1 ? 2 : 0;
  for (let i = at + 2; i < at + 6; i++) if (!isHex(data[i] ?? 0)) return 0;
  return 6;
}

const isTrail = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes of the character that starts here with a byte of 0x80 or more; 0 when it is no UTF-8 (Unicode 15, table 3-7). */
function utf8Length(data: Uint8Array, at: number, end: number): number {
  const first = data[at] ?? 0;
  const second = at + 1 < end ? (data[at + 1] ?? 0) : 0;
  if (!isTrail(second)) return 0;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first < 0xe0 || first > 0xf4 || at + 2 >= end || !isTrail(data[at + 2])) return 0;
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 0;
    return first === 0xed && second > 0x9f ? 0 : 3;
  }
  if (at + 3 >= end || !isTrail(data[at + 3])) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  return first === 0xf4 && second > 0x8f ? 0 : 4;
}
