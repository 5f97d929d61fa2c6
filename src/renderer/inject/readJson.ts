/**
 * A strict JSON reader (RFC 8259) for text that a person writes. JSON.parse would do the same work, but says where
 * an error is in the engine's words, rounds integers beyond 2^53 without a word, keeps the last of two equal names
 * and sets "__proto__". This one says so, by line and column.
 */

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** Both count from 1. */
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

const DEEPEST = 100;
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** @throws JsonError */
export function readJson(text: string): Json {
  let at = 0;

  const fail = (message: string, where = at): never => {
    const before = text.slice(0, where).split('\n');
    throw new JsonError(message, before.length, (before.at(-1) ?? '').length + 1);
  };
  const skip = () => {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  };
  /** What stands here, in words. */
  const here = () => {
    if (at >= text.length) return 'the text ends';
    const character = text.charAt(at);
    return `there is ${character === '"' ? "'\"'" : `"${character}"`}`;
  };

  const string = (): string => {
    const start = at;
    at += 1;
    let value = '';
    for (;;) {
      if (at >= text.length) return fail('The text that starts here has no closing quote.', start);
      const character = text.charAt(at);
      at += 1;
      if (character === '"') return value;
      if (character < ' ') return fail('A line break or tab inside quotes is written \\n or \\t.', at - 1);
      if (character !== '\\') {
        value += character;
        continue;
      }
      const kind = text.charAt(at);
      at += 1;
      const plain = escapes[kind];
      if (plain !== undefined) value += plain;
      else if (kind === 'u' && /^[0-9a-f]{4}$/i.test(text.slice(at, at + 4))) {
        value += String.fromCharCode(Number.parseInt(text.slice(at, at + 4), 16));
        at += 4;
      } else return fail('A backslash is followed by one of " \\ / b f n r t or uXXXX.', at - 2);
    }
  };

  const number = (): number => {
    const [digits = ''] = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(text.slice(at, at + 400)) ?? [];
    if (digits === '') return fail('A number starts with a digit.');
    const value = Number(digits);
    if (!Number.isFinite(value)) return fail('This number is too large.');
    if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(value)) {
      return fail('This number is too large to be kept exactly: put it in quotes.');
    }
    at += digits.length;
    if (/[\w.+]/.test(text.charAt(at))) return fail('This is not a number: put text in quotes.', at - digits.length);
    return value;
  };

  const word = (): boolean | null => {
    const [name = ''] = /^\w+/.exec(text.slice(at, at + 40)) ?? [];
    const value = words.get(name);
    if (value === undefined) return fail(`Put text in quotes: "${name}"`);
    at += name.length;
    return value;
  };

  const list = (depth: number): Json[] => {
    const values: Json[] = [];
    at += 1;
    skip();
    if (text.charAt(at) === ']') {
      at += 1;
      return values;
    }
    for (;;) {
      values.push(value(depth));
      skip();
      const next = text.charAt(at);
      if (next !== ',' && next !== ']') return fail(`A list goes on with "," or ends with "]", but ${here()}.`);
      at += 1;
      if (next === ']') return values;
    }
  };

  const object = (depth: number): { [name: string]: Json } => {
    const fields: { [name: string]: Json } = {};
    at += 1;
    skip();
    if (text.charAt(at) === '}') {
      at += 1;
      return fields;
    }
    for (;;) {
      skip();
      if (text.charAt(at) !== '"') return fail(`A field's name stands in double quotes, but ${here()}.`);
      const start = at;
      const name = string();
      if (name === '__proto__') return fail('A field cannot be named "__proto__".', start);
      if (Object.hasOwn(fields, name)) return fail(`There are two fields named "${name}".`, start);
      skip();
      if (text.charAt(at) !== ':') return fail(`After a field's name comes ":", but ${here()}.`);
      at += 1;
      fields[name] = value(depth);
      skip();
      const next = text.charAt(at);
      if (next !== ',' && next !== '}') return fail(`After a value comes "," or "}", but ${here()}.`);
      at += 1;
      if (next === '}') return fields;
    }
  };

  const value = (depth: number): Json => {
    if (depth >= DEEPEST) return fail(`More than ${DEEPEST} levels deep.`);
    skip();
    const first = text.charAt(at);
    if (first === '{') return object(depth + 1);
    if (first === '[') return list(depth + 1);
    if (first === '"') return string();
    if (first === "'") return fail('Text stands in double quotes.');
    if (first === '-' || (first >= '0' && first <= '9')) return number();
    if (/\w/.test(first)) return word();
    return fail(`A value is expected, but ${here()}.`);
  };

  const whole = value(0);
  skip();
  if (at < text.length) return fail(`The value has ended, but ${here()}.`);
  return whole;
}
