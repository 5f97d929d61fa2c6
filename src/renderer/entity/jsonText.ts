/**
 * JSON as text: looked at and laid out without turning it into values, because values round large integers, keep
 * only the last of two equal names, and cost memory. Meant for text that JSON.parse has accepted.
 */

/** A quoted text, a mark, or a run of anything else; the space between them is left out. */
const tokens = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+|"/g;

/** Levels of nesting. */
export function depthOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      level += 1;
      deepest = Math.max(deepest, level);
    } else if (token === '}' || token === ']') level -= 1;
  }
  return deepest;
}

/** One member a line, two spaces a level. */
export function layOut(text: string): string {
  let laidOut = '';
  let level = 0;
  let opened = false;
  const line = () => {
    laidOut += `\n${'  '.repeat(level)}`;
  };
  for (const [token] of text.matchAll(tokens)) {
    const closes = token === '}' || token === ']';
    if (closes) level -= 1;
    if (opened ? !closes : closes) line();
    laidOut += token;
    opened = token === '{' || token === '[';
    if (opened) level += 1;
    else if (token === ',') line();
    else if (token === ':') laidOut += ' ';
  }
  return laidOut;
}

/** Integers beyond 2^53 put in quotes, so that reading them as values keeps every digit. */
export const quoteLargeIntegers = (text: string): string =>
  text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
