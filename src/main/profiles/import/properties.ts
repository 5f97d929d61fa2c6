/**
 * The text format of java.util.Properties, read as Java reads it (see `Properties.load(Reader)`): comments after "#" or
 * "!", keys ended by "=", ":" or white space, lines that a backslash continues, and escapes, \uXXXX among them.
 */

export interface Property {
  readonly key: string;
  readonly value: string;
  /** Where its first character stands, from 1. */
  readonly line: number;
}

/** An escape that Java refuses the whole text for. */
export class PropertiesError extends Error {
  override readonly name = 'PropertiesError';
  constructor(readonly line: number) {
    super(`Line ${line} has "\\u" without four hexadecimal digits after it.`);
  }
}

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

function endsInOpenBackslash(text: string): boolean {
  let start = text.length;
  while (start > 0 && text.charAt(start - 1) === '\\') start -= 1;
  return (text.length - start) % 2 === 1;
}

const withoutIndent = (text: string): string => text.replace(/^[ \t\f]+/, '');

/** Lines that hold a property, each put together from those that it goes on in. */
function logicalLines(text: string): LogicalLine[] {
  const naturalLines = text.split(/\r\n|\n|\r/);
  const found: LogicalLine[] = [];
  for (let at = 0; at < naturalLines.length; at++) {
    const line = at + 1;
    let part = withoutIndent(naturalLines[at] ?? '');
    if (part.startsWith('#') || part.startsWith('!')) continue;
    const parts: string[] = [];
    while (endsInOpenBackslash(part)) {
      parts.push(part.slice(0, -1));
      at += 1;
      part = withoutIndent(naturalLines[at] ?? '');
    }
    const whole = [...parts, part].join('');
    if (whole !== '') found.push({ text: whole, line });
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string, line: number): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, character: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (character === 'u') throw new PropertiesError(line);
    return ESCAPES[character] ?? character;
  });
}

function keyLength(text: string): number {
  let at = 0;
  while (at < text.length && !/[=: \t\f]/.test(text.charAt(at))) at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}

/** In their order; a key that comes twice is there twice. Throws PropertiesError. */
export function parseProperties(text: string): Property[] {
  return logicalLines(text).map(({ text: whole, line }) => {
    const length = keyLength(whole);
    const rest = whole.slice(length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
    return { key: unescaped(whole.slice(0, length), line), value: unescaped(rest, line), line };
  });
}
