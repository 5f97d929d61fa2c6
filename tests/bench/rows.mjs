/**
 * One form for every benchmark row: medians and spread, a reference measured beside it in the same run, and their
 * ratio, where above 1 is better than the reference. A goal is a ratio to reach, or a figure in the row's own unit not
 * to exceed, by itself or above the reference; a row without one is there to be seen. `goalRatio` is the goal as a ratio;
 * `note` is what a reader has to know of these figures.
 *
 * @typedef {{ ratio: number } | { atMost: number } | { overReference: number } | null} Goal
 * @typedef {{ row: string, case: string, unit: string, values: readonly number[],
 *   reference: { name: string, values: readonly number[] }, goal: Goal, note?: string | undefined }} Measured
 * @typedef {{ row: string, case: string, unit: string, median: number, min: number, max: number,
 *   reference: { name: string, median: number }, ratio: number, goal: Goal, goalRatio: number | null,
 *   met: boolean | null, note?: string | undefined }} Row
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
export const lessIsBetter = (measured) => toRow(measured, (own, reference) => quotient(reference, own));

/**
 * A row of measurements where more is better (records a second).
 *
 * @param {Measured} measured
 */
export const moreIsBetter = (measured) => toRow(measured, (own, reference) => quotient(own, reference));

/**
 * A row of what came on top of the reference (memory, beside what there was at first). No growth is a ratio of 1.
 *
 * @param {Measured} measured
 */
export const growthOver = (measured) => toRow(measured, (own, reference) => quotient(reference, reference + own));

/** Nothing beside nothing is equal, too. @param {number} a @param {number} b */
const quotient = (a, b) => (a === b ? 1 : a / b);

/**
 * @param {Measured} measured
 * @param {(own: number, reference: number) => number} compare
 * @returns {Row}
 */
function toRow({ row, case: name, unit, values, reference, goal, note }, compare) {
  const own = median(values);
  const other = median(reference.values);
  const ratio = compare(own, other);
  const limit = limitOf(goal, other);
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
    goalRatio: limit === null ? goalRatioOf(goal) : compare(limit, other),
    met: goal && (limit === null ? ratio >= (goalRatioOf(goal) ?? 0) : own <= limit),
    ...(note !== undefined && { note }),
  };
}

/** In the row's own unit; null where the goal is a ratio, or none. @param {Goal} goal @param {number} reference */
function limitOf(goal, reference) {
  if (goal === null || 'ratio' in goal) return null;
  return 'atMost' in goal ? goal.atMost : reference + goal.overReference;
}

/** @param {Goal} goal */
const goalRatioOf = (goal) => (goal !== null && 'ratio' in goal ? goal.ratio : null);

/** @param {number} value */
export const figure = (value) =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

/** @param {number} ratio */
export const ratioText = (ratio) => (Number.isFinite(ratio) ? ratio.toFixed(2) : '∞');

/** @param {Pick<Row, 'goal' | 'met' | 'unit'>} row */
export function goalWords({ goal, met, unit }) {
  if (goal === null) return 'no goal';
  return `goal ${aimWords(goal, unit)}: ${met ? 'met' : 'not met'}`;
}

/** @param {NonNullable<Goal>} goal @param {string} unit */
function aimWords(goal, unit) {
  if ('ratio' in goal) return `${goal.ratio}`;
  if ('atMost' in goal) return `at most ${figure(goal.atMost)} ${unit}`;
  return `at most the reference + ${figure(goal.overReference)} ${unit}`;
}

/** @param {Row} row */
export function printRow(row) {
  console.log(
    `${row.row.padEnd(8)}${row.case.padEnd(16)}${figure(row.median).padStart(9)} ${row.unit} ` +
      `(${figure(row.min)} to ${figure(row.max)})   ${row.reference.name}: ${figure(row.reference.median)} ${row.unit}   ` +
      `ratio ${ratioText(row.ratio)}, ${goalWords(row)}${row.note === undefined ? '' : ` (${row.note})`}`,
  );
}
