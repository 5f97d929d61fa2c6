/**
 * npm run bench -- [ROW…] [--short] [--json FILE]
 *
 * Runs the named rows (all, when none is named), prints medians, spread and the ratio to the reference of each, and
 * writes the rows as JSON where asked. A goal that is not met is printed, and is no failure: machines differ.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { backlogRows } from './backlog/backlog.mjs';
import { brokerRows } from './broker/broker.mjs';
import { ingestRows } from './ingest/ingest.mjs';
import { memoryRows } from './memory/memory.mjs';
import { paintRows } from './paint/paint.mjs';
import { restRows } from './rest/rest.mjs';
import { printRow } from './rows.mjs';
import { startRows } from './start/start.mjs';
import { tickRows } from './tick/tick.mjs';
import { topicsRows } from './topics/topics.mjs';

const benches = {
  start: startRows,
  paint: paintRows,
  rest: restRows,
  tick: tickRows,
  backlog: backlogRows,
  ingest: ingestRows,
  memory: memoryRows,
  topics: topicsRows,
  broker: brokerRows,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, short: { type: 'boolean', default: false } },
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

const rows = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const row of await bench({ electron, short: values.short })) {
    printRow(row);
    rows.push(row);
  }
}
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`Written to ${values.json}.`);
}
