import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, readJson } from '../../../src/renderer/inject/readJson';

const failure = (text: string): string => {
  try {
    readJson(text);
    return 'read';
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return `${error.line}:${error.column} ${error.message}`;
  }
};

describe('the JSON reader', () => {
  it('reads what JSON.parse reads, to the same value', () => {
    const exact = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(exact, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        let read: unknown;
        try {
          read = readJson(text);
        } catch (error) {
          // Integers that a double cannot hold exactly are refused on purpose.
          expect((error as Error).message).toMatch(/too large/);
          return;
        }
        expect(read).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '.5',
      'true',
      'nul',
      ' ',
      '\\u12',
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (!valid) expect(failure(text)).not.toBe('read');
      }),
    );
  });

  it.each([
    ['{"a": 1,}', '1:9 A field\'s name stands in double quotes, but there is "}".'],
    ['{\n  a: 1\n}', '2:3 A field\'s name stands in double quotes, but there is "a".'],
    ['{"a" 1}', '1:6 After a field\'s name comes ":", but there is "1".'],
    ['{"a": 1', '1:8 After a value comes "," or "}", but the text ends.'],
    ['{"a": "x', '1:7 The text that starts here has no closing quote.'],
    ['{"a": yes}', '1:7 Put text in quotes: "yes"'],
    ['{"a": constructor}', '1:7 Put text in quotes: "constructor"'],
    ["{'a': 1}", '1:2 A field\'s name stands in double quotes, but there is "\'".'],
    ['{"a": 1} x', '1:10 The value has ended, but there is "x".'],
    ['{"a": 01}', '1:7 This is not a number: put text in quotes.'],
    ['{"a": 1, "a": 2}', '1:10 There are two fields named "a".'],
    ['{"__proto__": {"polluted": true}}', '1:2 A field cannot be named "__proto__".'],
    ['{"x": {"__proto__": 1}}', '1:8 A field cannot be named "__proto__".'],
    ['{"id": 12345678901234567890}', '1:8 This number is too large to be kept exactly: put it in quotes.'],
    ['[1e999]', '1:2 This number is too large.'],
  ])('says where %s is wrong', (text, words) => {
    expect(failure(text)).toBe(words);
  });

  it('stops at a bearable depth instead of overflowing', () => {
    expect(failure('['.repeat(100_000))).toMatch(/More than 100 levels deep/);
  });

  it('leaves every prototype as it was', () => {
    failure('{"__proto__": {"polluted": true}}');
    readJson('{"constructor": {"prototype": {"polluted": true}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
