/**
 * Whether rows have become worse than the recorded ones. Only ratios are compared, never times: both sides of a ratio
 * were measured on the same machine in the same minutes. Machines are noisy all the same, so a row counts as fallen only
 * when its ratio has lost a third, and when a second measurement says so too: of the two, the better one counts.
 */

import { ratioText } from '../rows.mjs';

/** @typedef {Pick<import('../rows.mjs').Row, 'row' | 'case' | 'ratio'>} Ratio */
/** @typedef {{ kind: 'held' | 'fell', name: string, before: number, now: number } | { kind: 'new', name: string } |
 *   { kind: 'no-ratio', name: string }} Verdict */

const LEFT_AT_LEAST = 2 / 3;

/** @param {Ratio} row */
export const nameOf = (row) => `${row.row}: ${row.case}`;

/**
 * `new`: not recorded yet. `no-ratio`: one of the two was measured beside nothing at all, or is no number.
 *
 * @param {Ratio} row
 * @param {readonly Ratio[]} recorded
 * @returns {Verdict}
 */
export function compare(row, recorded) {
  const name = nameOf(row);
  const before = recorded.find((one) => nameOf(one) === name)?.ratio;
  const now = row.ratio;
  if (before === undefined) return { kind: 'new', name };
  if (!Number.isFinite(before) || Number.isNaN(now)) return { kind: 'no-ratio', name };
  return { kind: now < before * LEFT_AT_LEAST ? 'fell' : 'held', name, before, now };
}

/**
 * Compares rows with the recorded ones, and measures once more what fell.
 *
 * @template {Ratio} R
 * @param {readonly R[]} rows of one bench
 * @param {readonly Ratio[]} recorded
 * @param {() => Promise<readonly R[]>} measureAgain all rows of that bench
 * @returns {Promise<{ rows: R[], verdicts: Verdict[] }>} `rows`: with the better one of two in its place
 */
export async function checkRows(rows, recorded, measureAgain) {
  const fell = rows.filter((row) => compare(row, recorded).kind === 'fell');
  if (fell.length === 0) return { rows: [...rows], verdicts: rows.map((row) => compare(row, recorded)) };
  const again = await measureAgain();
  const better = rows.map((row) => {
    const second = fell.includes(row) && again.find((one) => nameOf(one) === nameOf(row));
    return second && second.ratio > row.ratio ? second : row;
  });
  return { rows: better, verdicts: better.map((row) => compare(row, recorded)) };
}

/** @param {Verdict} verdict */
export function verdictWords(verdict) {
  switch (verdict.kind) {
    case 'new':
      return `${verdict.name} is not in docs/bench/rows.json, and was compared with nothing.`;
    case 'no-ratio':
      return `${verdict.name} has no finite ratio to compare.`;
    default:
      return `${verdict.name} ${verdict.kind}: ratio ${ratioText(verdict.now)}, recorded ${ratioText(verdict.before)}.`;
  }
}
