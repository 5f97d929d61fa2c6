import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PropertiesError, parseProperties } from '../../../src/main/profiles/import/properties';

const pairs = (text: string) => parseProperties(text).map(({ key, value }) => [key, value]);

describe('a properties file', () => {
  it.each([
    ['a=b', 'a', 'b'],
    ['a:b', 'a', 'b'],
    ['a b', 'a', 'b'],
    ['a\tb', 'a', 'b'],
    ['  a \f = \t b c ', 'a', 'b c '],
    ['a', 'a', ''],
    ['a=', 'a', ''],
    ['a = = b', 'a', '= b'],
    ['a==b', 'a', '=b'],
    ['a:=b', 'a', '=b'],
    ['a b=c', 'a', 'b=c'],
    ['=b', '', 'b'],
    ['a\\ b\\=c\\:d=e', 'a b=c:d', 'e'],
    ['a=\\tb\\nc\\rd\\fe', 'a', '\tb\nc\rd\fe'],
    ['a=C:\\\\x\\y\\"z', 'a', 'C:\\xy"z'],
    ['a=\\u00e9\\u20AC\\ud83d\\ude00', 'a', 'é€😀'],
    ['a=\\\\u0041', 'a', '\\u0041'],
    ['\\u0061=b', 'a', 'b'],
    ['a=b#c!d', 'a', 'b#c!d'],
    ['\\#a=b', '#a', 'b'],
    ['a=\\ b', 'a', ' b'],
  ])('holds in %j the key %j with the value %j', (text, key, value) => {
    expect(pairs(text)).toEqual([[key, value]]);
  });

  it('has comments and blank lines, which say nothing', () => {
    expect(pairs('# a=b\n  ! c=d\n\n \t\f\n#e\\\nf=g')).toEqual([['f', 'g']]);
  });

  it('goes on in the next line behind a backslash, without its indent', () => {
    expect(pairs('a=b,\\\n   c,\\\r\n\td\ne=f')).toEqual([
      ['a', 'b,c,d'],
      ['e', 'f'],
    ]);
    expect(pairs('a=b\\\\\nc=d')).toEqual([
      ['a', 'b\\'],
      ['c', 'd'],
    ]);
    expect(pairs('a=b\\\\\\\nc=d')).toEqual([['a', 'b\\c=d']]);
    // What looks like a comment there is none; an empty line ends it; so does the end of the text.
    expect(pairs('a=b\\\n#c')).toEqual([['a', 'b#c']]);
    expect(pairs('a=b\\\n\nc=d')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(pairs('a=b\\')).toEqual([['a', 'b']]);
    expect(pairs('ke\\\n  y=v')).toEqual([['key', 'v']]);
  });

  it('may end its lines in any way, and have a key twice', () => {
    expect(parseProperties('a=1\rb=2\r\na=3\n\nc=4')).toEqual([
      { key: 'a', value: '1', line: 1 },
      { key: 'b', value: '2', line: 2 },
      { key: 'a', value: '3', line: 3 },
      { key: 'c', value: '4', line: 5 },
    ]);
  });

  it.each(['a=\\u', 'a=\\u12', 'a=\\u12g4', 'x=1\na=\\user', '\\uZ=1'])('is refused with the line in %j', (text) => {
    const line = text.startsWith('x') ? 2 : 1;
    expect(() => parseProperties(text)).toThrowError(new PropertiesError(line));
  });

  it('is read in a time that grows with its size, whatever is in it', () => {
    const size = 1_000_000;
    for (const text of [`a=${'\\'.repeat(size)}x`, 'a\\\n'.repeat(size / 3), ' '.repeat(size), '='.repeat(size)]) {
      expect(parseProperties(text).length).toBeLessThanOrEqual(1);
    }
  });
});

/** Writes as java.util.Properties' own `store` does, with more of what `load` allows. */
const written = fc.record({
  key: fc.string({ unit: 'binary' }),
  value: fc.string({ unit: 'binary' }),
  indent: fc.constantFrom('', ' ', '\t\f'),
  separator: fc.constantFrom('=', ':', ' = ', '\t:\f', ' '),
  end: fc.constantFrom('\n', '\r', '\r\n', '\n# comment=no\\\n', '\n\n  ! no\n'),
  /** Where lines are broken by a backslash. */
  breaks: fc.array(fc.nat(40), { maxLength: 3 }),
});

const ESCAPED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };

/** @returns the units that must not be torn apart */
function escapedUnits(text: string, isKey: boolean): string[] {
  return text.split('').map((unit, at) => {
    const named = ESCAPED[unit];
    if (named !== undefined) return named;
    if (unit === ' ') return isKey || at === 0 ? '\\ ' : ' ';
    if ('\\=:#!'.includes(unit)) return `\\${unit}`;
    return unit < ' ' || unit > '~' ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit;
  });
}

function broken(units: string[], breaks: readonly number[]): string {
  return units
    .map((unit, at) => {
      // What follows a break must not be white space that is meant.
      return breaks.includes(at) && !/^[ \t\f]/.test(unit) ? `\\\n   ${unit}` : unit;
    })
    .join('');
}

describe('what is written as a properties file', () => {
  it('is read as it was', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 12 }), (entries) => {
        const text = entries
          .map(({ key, value, indent, separator, end, breaks }) => {
            const sign = key === '' ? '=' : separator;
            return `${indent}${broken(escapedUnits(key, true), breaks)}${sign}${broken(escapedUnits(value, false), breaks)}${end}`;
          })
          .join('');
        expect(pairs(text)).toEqual(entries.map(({ key, value }) => [key, value]));
      }),
      { seed: 20_260_101, numRuns: 500 },
    );
  });

  it('never brings the reader down: it is read, or refused with a line', () => {
    const unit = fc.constantFrom('\\', 'u', '0', 'a', '=', ':', ' ', '\t', '\f', '#', '!', '\n', '\r', 'é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        try {
          for (const { line } of parseProperties(text)) {
            expect(line).toBeGreaterThan(0);
            expect(line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
          }
        } catch (error) {
          if (!(error instanceof PropertiesError)) throw error;
        }
      }),
      { seed: 20_260_102, numRuns: 2_000 },
    );
  });
});
