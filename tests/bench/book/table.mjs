/** docs/bench/table.md: the recorded rows for people to read. */
import { figure, goalWords, ratioText } from '../rows.mjs';

/** @typedef {import('./recorded.mjs').RecordedRow} RecordedRow */

/** @param {readonly RecordedRow[]} rows */
export function tableMarkdown(rows) {
  const runs = [...new Set(rows.map(({ circumstances }) => circumstancesWords(circumstances)))];
  const lines = rows.map((row) =>
    [
      row.row,
      row.note === undefined ? row.case : `${row.case} (${row.note})`,
      `${figure(row.median)} ${row.unit} (${figure(row.min)} to ${figure(row.max)})`,
      `${row.reference.name}: ${figure(row.reference.median)} ${row.unit}`,
      ratioText(row.ratio),
      goalWords(row),
      String(runs.indexOf(circumstancesWords(row.circumstances)) + 1),
    ].map(cell),
  );
  const heads = ['row', 'case', 'median (spread)', 'reference', 'ratio', 'goal', 'run'];
  return [
    '# What was measured',
    '',
    'Written by `npm run bench -- --table`. Each row was measured beside a reference in the same run; above 1, the ratio',
    'is in favour of GeoStream. Ratios can be compared between machines, times cannot.',
    '',
    '![The ratio of each row, on a logarithmic axis](ratios.svg)',
    '',
    ...[heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'Runs:',
    '',
    ...runs.map((words, i) => `${i + 1}. ${words}`),
    '',
  ].join('\n');
}

/** @param {string} words */
const cell = (words) => words.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param {RecordedRow['circumstances']} circumstances */
function circumstancesWords({ date, short, machine, versions }) {
  const { cores, memoryGib, cpu, system } = machine;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${date}${short ? ', with `--short`' : ''}, on ${cores} ${cores === 1 ? 'core' : 'cores'} (${cpu}) ` +
    `with ${memoryGib} GiB, ${system}; ${named.join(', ')}`
  );
}
