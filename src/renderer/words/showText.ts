/**
 * Text from records, made safe to look at: whatever would be invisible, or would turn the text around it (bidi
 * overrides, see CVE-2021-42574), is replaced by something that can be seen. React already keeps HTML from being
 * HTML. Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
 */

const named = (code: number) => `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;

function invisible(code: number): boolean {
  return (
    (code >= 0x80 && code <= 0x9f) || // C1 controls
    code === 0xad ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x17b4 ||
    code === 0x17b5 ||
    code === 0x180e ||
    code === 0x200b ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xd800 && code <= 0xdfff) || // a surrogate without its partner
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

/** @param lines 'kept' leaves line breaks and tabs as they are; 'shown' makes them visible, for text on one line. */
export function showText(text: string, lines: 'kept' | 'shown' = 'shown'): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x0a || code === 0x09) shown += lines === 'kept' ? character : String.fromCodePoint(0x2400 + code);
    else if (code === 0x0d && lines === 'kept') shown += '';
    else if (code < 0x20)
      shown += String.fromCodePoint(0x2400 + code); // Control Pictures: ␀ ␁ …
    else if (code === 0x7f) shown += '␡';
    else shown += invisible(code) ? named(code) : character;
  }
  return shown;
}

/** JSON that says the same, with escapes for whatever would be invisible or turn text around: for text that is sent as it is. */
export function escapeUnseen(json: string): string {
  let escaped = '';
  for (const character of json) {
    const code = character.codePointAt(0) ?? 0;
    if (code !== 0x7f && !invisible(code)) escaped += character;
    else for (const unit of character.split('')) escaped += `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** The first `most` characters, with an ellipsis where something was left out. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
