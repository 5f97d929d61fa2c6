/** A record's value as the card shows it: JSON laid out, anything else as it came, and never more than is bearable. */
import { depthOf, layOut } from './jsonText';

export interface Pretty {
  readonly text: string;
  readonly json: boolean;
  /** True when `text` is only the beginning. */
  readonly cut: boolean;
}

/** Characters. Laying out deep or huge values would stop the page. */
const MOST_SHOWN = 200_000;
export const DEEPEST = 200;

function cutTo(text: string): { text: string; cut: boolean } {
  const cut = text.length > MOST_SHOWN;
  return { text: cut ? text.slice(0, MOST_SHOWN) : text, cut };
}

export function prettyRecord(text: string): Pretty {
  const raw = { ...cutTo(text), json: false };
  if (raw.cut || !/^\s*[{[]/.test(text) || depthOf(text) > DEEPEST) return raw;
  try {
    JSON.parse(text);
    return { ...cutTo(layOut(text)), json: true };
  } catch {
    return raw; // not JSON after all
  }
}
