/**
 * npm run bench -- [ROW…] [--short] [--json FILE] [--table] [--check]
 *
 * Runs the named rows (all, when none is named), prints medians, spread and the ratio to the reference of each, and
 * writes the rows as JSON where asked. A goal that is not met is printed, and is no failure: machines differ.
 *
 * `--check` compares ratios, never times, with docs/bench/rows.json, and fails where one has lost a third. Machines are
 * noisy: a row that has fallen is measured once more, and the better one counts. `--table` then writes rows.json, and
 * from it the table and the plot beside it; rows that did not run stay as they were.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { backlogRows } from './backlog/backlog.mjs';
import { checkRows, verdictWords } from './book/check.mjs';
import { readRecorded, record } from './book/recorded.mjs';
import { brokerRows } from './broker/broker.mjs';
import { ingestRows } from './ingest/ingest.mjs';
import { latencyRows } from './latency/latency.mjs';
import { layersRows } from './layers/layers.mjs';
import { memoryRows } from './memory/memory.mjs';
import { paintRows } from './paint/paint.mjs';
import { restRows } from './rest/rest.mjs';
import { printRow } from './rows.mjs';
import { soakRows } from './soak/soak.mjs';
import { startRows } from './start/start.mjs';
import { tickRows } from './tick/tick.mjs';
import { topicsRows } from './topics/topics.mjs';

const benches = {
  start: startRows,
  paint: paintRows,
  rest: restRows,
  tick: tickRows,
  latency: latencyRows,
  backlog: backlogRows,
  ingest: ingestRows,
  memory: memoryRows,
  layers: layersRows,
  topics: topicsRows,
  broker: brokerRows,
  soak: soakRows,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no row named ${unknown.join(', ')}. Rows: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const electron = process.env.GEOSTREAM_ELECTRON;
if (electron === undefined) {
  console.error('GEOSTREAM_ELECTRON is not set: run this with `npm run bench`.');
  process.exit(2);
}

const { short } = values;
// Before anything is measured: minutes later is too late to hear that there is nothing to compare with.
const recorded = values.check || values.table ? await readRecorded() : null;
if (values.check && recorded === null) {
  console.error('There is no docs/bench/rows.json to compare with: write it with `npm run bench -- --table`.');
  process.exit(2);
}

const rows = [];
const verdicts = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const measure = async () => {
    const measured = await bench({ electron, short });
    for (const row of measured) printRow(row);
    return measured;
  };
  const measured = await measure();
  if (!values.check) {
    rows.push(...measured);
    continue;
  }
  const checked = await checkRows(measured, recorded ?? [], () => {
    console.log(`${name} fell below what is recorded, and is measured once more.`);
    return measure();
  });
  rows.push(...checked.rows);
  verdicts.push(...checked.verdicts);
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`Written to ${values.json}.`);
}
if (values.table) {
  await record(rows, { electron, short });
  console.log('Written to docs/bench: rows.json, table.md, ratios.svg.');
}
for (const verdict of verdicts) console.log(verdictWords(verdict));
if (verdicts.some(({ kind }) => kind === 'fell')) process.exitCode = 1;
