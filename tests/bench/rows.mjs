/**
 * One form for every benchmark row: medians and spread, a reference measured beside it in the same run, and their
 * ratio, where above 1 is better than the reference.
 *
 * @typedef {{ row: string, case: string, unit: string, median: number, min: number, max: number,
 *   reference: { name: string, median: number }, ratio: number, goal: number, met: boolean }} Row
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * A row of measurements where less is better (times).
 *
 * @param {{ row: string, case: string, unit: string, values: readonly number[],
 *   reference: { name: string, values: readonly number[] }, goal: number }} measured
 * @returns {Row}
 */
export function lessIsBetter({ row, case: name, unit, values, reference, goal }) {
  const own = median(values);
  const other = median(reference.values);
  const ratio = other / own;
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
    met: ratio >= goal,
  };
}

/** @param {Row} row */
export function printRow(row) {
  const n = (/** @type {number} */ value) =>
    value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
  console.log(
    `${row.row.padEnd(8)}${row.case.padEnd(14)}${n(row.median).padStart(8)} ${row.unit} (${n(row.min)} to ${n(row.max)})   ` +
      `${row.reference.name}: ${n(row.reference.median)} ${row.unit}   ` +
      `ratio ${row.ratio.toFixed(2)}, goal ${row.goal}: ${row.met ? 'met' : 'not met'}`,
  );
}
