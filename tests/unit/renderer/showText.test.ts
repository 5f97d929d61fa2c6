import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeUnseen, shorten, showText } from '../../../src/renderer/words/showText';

describe('text from records', () => {
  it('shows controls, bidi overrides and invisible characters', () => {
    expect(showText('a\u0000b\u001bc\u007f')).toBe('a␀b␛c␡');
    expect(showText('photo\u202Egnp.exe')).toBe('photo⟨U+202E⟩gnp.exe');
    expect(showText('a\u200Bb\uFEFF\u2066')).toBe('a⟨U+200B⟩b⟨U+FEFF⟩⟨U+2066⟩');
    expect(showText('\uD800x')).toBe('⟨U+D800⟩x');
    expect(showText('\u{E0041}')).toBe('⟨U+E0041⟩');
  });

  it('leaves letters of every script, joiners and emoji alone', () => {
    const text = 'Ålesund نصف می‌خواهم 👩‍✈️ क्‍ष <b>';
    expect(showText(text)).toBe(text);
  });

  it('keeps line breaks where they are wanted, and shows them on one line', () => {
    expect(showText('a\r\nb\tc', 'kept')).toBe('a\nb\tc');
    expect(showText('a\r\nb\tc')).toBe('a␍␊b␉c');
  });

  it('writes JSON that says the same with nothing in it that cannot be seen', () => {
    expect(escapeUnseen(JSON.stringify('a\u202Eb\u007f\u{E0041}'))).toBe('"a\\u202eb\\u007f\\udb40\\udc41"');
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }), (value) => {
        const json = escapeUnseen(JSON.stringify(value));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('lets nothing invisible through', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Cs}/u.test(showText(text)),
      ),
    );
  });

  it('is shortened between characters, not inside one', () => {
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abcd', 3)).toBe('abc…');
    expect(shorten('a👩b', 2)).toBe('a…');
  });
});
