/** docs/bench/ratios.svg: one bar a row, on a logarithmic axis, from the line at 1; a tick where the row's goal is. */
import { ratioText } from '../rows.mjs';

/** @typedef {Pick<import('../rows.mjs').Row, 'row' | 'case' | 'ratio' | 'goalRatio' | 'met'>} Bar */

const WIDTH = 860;
const NAMES = 250;
const FIGURES = 70;
const TOP = 34;
const LINE = 20;
const BAR = 12;
/** Decades of the axis to each side of 1, at most: a bar beyond is cut, and its figure still says how long it was. */
const MOST_DECADES = 4;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2933}.ground{fill:#fff}.grid{stroke:#d5dbe1}
.one{stroke:#1f2933;stroke-width:1.5}.bar{fill:#2f76c4}.missed{fill:#c65a1e}.goal{stroke:#1f2933;stroke-width:2.5}
@media(prefers-color-scheme:dark){text{fill:#dce3ea}.ground{fill:#0d1721}.grid{stroke:#2c3a48}.one,.goal{stroke:#dce3ea}
.bar{fill:#62a8f0}.missed{fill:#f08a4b}}`;

/** @param {readonly Bar[]} rows */
export function ratiosSvg(rows) {
  const { low, high } = decades(rows);
  const across = WIDTH - NAMES - FIGURES;
  /** @param {number} ratio */
  const x = (ratio) => {
    const exponent = Math.min(high, Math.max(low, Math.log10(ratio)));
    return round(NAMES + ((exponent - low) / (high - low)) * across);
  };
  const bottom = TOP + rows.length * LINE;
  const grid = Array.from({ length: high - low + 1 }, (_, i) => {
    const at = x(10 ** (low + i));
    const kind = low + i === 0 ? 'one' : 'grid';
    return (
      `<line class="${kind}" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${bottom}"/>` +
      `<text x="${at}" y="${TOP - 12}" text-anchor="middle">${Number((10 ** (low + i)).toPrecision(1))}</text>`
    );
  });
  const bars = rows.map((row, i) => barSvg(row, TOP + i * LINE, x));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" role="img">`,
    '<title>Ratio to the reference of each benchmark row</title>',
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${bottom + 30}"/>`,
    ...grid,
    ...bars,
    `<text x="${NAMES}" y="${bottom + 20}">Ratio to the reference: above 1 is better. Short stroke: the goal. ` +
      'Orange: not met.</text>',
    '</svg>',
    '',
  ].join('\n');
}

/**
 * @param {Bar} row
 * @param {number} y
 * @param {(ratio: number) => number} x
 */
function barSvg({ row, case: name, ratio, goalRatio, met }, y, x) {
  const [from, to] = [Math.min(x(ratio), x(1)), Math.max(x(ratio), x(1))];
  const top = y + (LINE - BAR) / 2;
  const goal = goalRatio === null ? '' : goalSvg(x(goalRatio), y);
  return (
    `<text x="${NAMES - 10}" y="${y + 14}" text-anchor="end">${escaped(`${row}: ${name}`)}</text>` +
    `<rect class="${met === false ? 'missed' : 'bar'}" x="${from}" y="${top}" width="${round(to - from)}" ` +
    `height="${BAR}"/>${goal}` +
    `<text x="${WIDTH - FIGURES + 8}" y="${y + 14}">${ratioText(ratio)}</text>`
  );
}

/** @param {number} x @param {number} y */
const goalSvg = (x, y) => `<line class="goal" x1="${x}" x2="${x}" y1="${y + 1}" y2="${y + LINE - 1}"/>`;

/** Whole powers of ten around all ratios and goals, and around 1. @param {readonly Bar[]} rows */
function decades(rows) {
  const exponents = rows
    .flatMap(({ ratio, goalRatio }) => [ratio, goalRatio ?? 1])
    .filter((ratio) => ratio > 0 && Number.isFinite(ratio))
    .map(Math.log10);
  return {
    low: Math.max(-MOST_DECADES, Math.floor(Math.min(-1, ...exponents))),
    high: Math.min(MOST_DECADES, Math.ceil(Math.max(1, ...exponents))),
  };
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** @param {string} words */
const escaped = (words) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
