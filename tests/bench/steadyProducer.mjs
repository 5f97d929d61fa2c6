/**
 * Positions at a steady rate, from a process of its own: `steadyProducer.mjs ADDRESS TOPIC PARTITIONS RATE` sends what
 * is due every 10 ms: some 500 entities in two bands of the app's first view, and between them every 200 ms one named
 * "probe", at its first place until it is told to go, then from place to place. A late turn sends all that is due.
 *
 * It is told 'go' and 'stop'; it tells `{ kind: 'probe', step, at }` with the epoch ms at which each probe that moves
 * was handed to the client, and at its end `{ kind: 'produced', records, perSecond }`.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { ProduceAcks, Producer } from '@platformatic/kafka';
import { PROBE, PROBE_EVERY_MS, probePlace } from './latency/probe.mjs';

const [address = '', topic = '', partitionsText = '1', rateText = '1000'] = process.argv.slice(2);
const partitions = Number(partitionsText);
const rate = Number(rateText);
const BATCH_MS = 10;
const ENTITIES = 500;
/** Of one request, where the machine had no time for a while. */
const MOST_AT_ONCE = 5_000;

let going = false;
let stopped = false;
process.on('message', (word) => {
  if (word === 'go') going = true;
  if (word === 'stop') stopped = true;
});
process.once('disconnect', () => process.exit());

/** North and south of the probe, each band 20 by 13 or 12 entities, on their way to and fro. @param {number} index */
function background(index) {
  const entity = index % ENTITIES;
  const turn = Math.abs((Math.floor(index / ENTITIES) % 200) - 100);
  const band = entity % 2 === 0 ? 59.6 : 59.92;
  const lat = (band + (Math.floor(entity / 2) % 13) * 0.006).toFixed(5);
  const lon = (24.4 + Math.floor(entity / 26) * 0.05 + turn * 1e-4).toFixed(5);
  return `{"name":"v${entity}","lat":${lat},"lon":${lon},"course":${turn + 40}.5,"time":${Date.now()}}`;
}

const producer = new Producer({ clientId: 'steady', bootstrapBrokers: [address], acks: ProduceAcks.LEADER });
/** @param {number} step */
function probe(step) {
  const { lat, lon } = probePlace(step);
  const value = Buffer.from(`{"lat":${lat},"lon":${lon},"step":${step},"time":${Date.now()}}`);
  return { topic, partition: 0, key: Buffer.from(PROBE), value };
}

let produced = 0;
let step = 0;
let probeDue = performance.now();
const started = performance.now();
while (!stopped) {
  const now = performance.now();
  const due = Math.min(MOST_AT_ONCE, Math.floor(((now - started) / 1_000) * rate) - produced);
  const messages = Array.from({ length: Math.max(0, due) }, (_, i) => ({
    topic,
    partition: (produced + i) % partitions,
    key: /** @type {Buffer | undefined} */ (undefined),
    value: Buffer.from(background(produced + i)),
  }));
  const withProbe = now >= probeDue;
  if (withProbe) {
    probeDue = Math.max(probeDue + PROBE_EVERY_MS, now);
    if (going) step++;
    // In the place of the batch's last record, so that the rate and the count stay as they are.
    messages.splice(-1, 1, probe(step));
  }
  if (messages.length > 0) {
    const at = Date.now();
    await producer.send({ messages });
    produced += messages.length;
    if (withProbe && going) process.send?.({ kind: 'probe', step, at });
  }
  await wait(Math.max(0, BATCH_MS - (performance.now() - now)));
}
const perSecond = produced / ((performance.now() - started) / 1_000);
await producer.close();
process.send?.({ kind: 'produced', records: produced, perSecond }, () => process.exit());
