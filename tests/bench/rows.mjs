/**
 * One form for every benchmark row: medians and spread, a reference measured beside it in the same run, and their
 * ratio, where above 1 is better than the reference. A goal is a ratio to reach, or a figure in the row's own unit not
 * to exceed; a row without one is there to be seen.
 *
 * @typedef {{ ratio: number } | { atMost: number } | null} Goal
 * @typedef {{ row: string, case: string, unit: string, values: readonly number[],
 *   reference: { name: string, values: readonly number[] }, goal: Goal }} Measured
 * @typedef {{ row: string, case: string, unit: string, median: number, min: number, max: number,
 *   reference: { name: string, median: number }, ratio: number, goal: Goal, met: boolean | null }} Row
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * A row of measurements where less is better (times, work).
 *
 * @param {Measured} measured
 */
export const lessIsBetter = (measured) => toRow(measured, (own, reference) => reference / own);

/**
 * A row of measurements where more is better (records a second).
 *
 * @param {Measured} measured
 */
export const moreIsBetter = (measured) => toRow(measured, (own, reference) => own / reference);

/**
 * @param {Measured} measured
 * @param {(own: number, reference: number) => number} compare
 * @returns {Row}
 */
function toRow({ row, case: name, unit, values, reference, goal }, compare) {
  const own = median(values);
  const other = median(reference.values);
  // Nothing beside nothing is equal, too.
  const ratio = own === other ? 1 : compare(own, other);
  return {
    row,
    case: name,
    unit,
    median: own,
    min: Math.min(...values),
    max: Math.max(...values),
    reference: { name: reference.name, median: other },
    ratio,
    goal,
    met: goal && ('ratio' in goal ? ratio >= goal.ratio : own <= goal.atMost),
  };
}

/** @param {number} value */
const figure = (value) =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

/** @param {Row} row */
function goalWords({ goal, met, unit }) {
  if (goal === null) return 'no goal';
  const aim = 'ratio' in goal ? `${goal.ratio}` : `at most ${figure(goal.atMost)} ${unit}`;
  return `goal ${aim}: ${met ? 'met' : 'not met'}`;
}

/** @param {Row} row */
export function printRow(row) {
  console.log(
    `${row.row.padEnd(8)}${row.case.padEnd(16)}${figure(row.median).padStart(9)} ${row.unit} ` +
      `(${figure(row.min)} to ${figure(row.max)})   ${row.reference.name}: ${figure(row.reference.median)} ${row.unit}   ` +
      `ratio ${Number.isFinite(row.ratio) ? row.ratio.toFixed(2) : '∞'}, ${goalWords(row)}`,
  );
}
