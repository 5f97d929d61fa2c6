/**
 * The built-in broker beside Apache Kafka: the same client does the same on both, by turns, on the same machine.
 * Records have values of 100 bytes. Apache Kafka runs as for the tests: a small heap, and the quick compiler alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTopics, startBroker } from '../builtInBroker.mjs';
import { bareKafkajs, measureIn } from '../ownProcess.mjs';
import { lessIsBetter, moreIsBetter } from '../rows.mjs';
import { apacheKafka, residentMib } from './brokers.mjs';

const CLIENT = join(import.meta.dirname, 'client.mjs');
const VALUE_BYTES = 100;

/** @typedef {import('./brokers.mjs').Broker} Broker */

/**
 * @param {{ short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function brokerRows({ short }) {
  const startApacheKafka = await apacheKafka();
  if (startApacheKafka === undefined) console.log('broker  there is no Apache Kafka here to compare with (see above)');
  const ours = await startBroker();
  const theirs = await startApacheKafka?.();
  const sides = [ours, ...(theirs ? [theirs] : [])];
  try {
    return await measure(sides, short);
  } finally {
    for (const side of sides) await side.close();
  }
}

/**
 * @param {readonly Broker[]} sides ours, and Apache Kafka where it is
 * @param {boolean} short
 */
async function measure(sides, short) {
  const runs = short ? 2 : 5;
  const records = short ? 30_000 : 300_000;
  const singles = short ? 300 : 3_000;
  const connections = short ? 100 : 500;
  const hasKcat = spawnSync('kcat', ['-V']).status === 0;
  if (!hasKcat) console.log('broker  kcat is not installed: its rows are left out');
  const idle = await Promise.all(sides.map(({ pid }) => residentMib(pid)));

  /** @type {Record<string, number[][]>} by name of the row, then by side */
  const values = {};
  /** @param {string} name @param {number} side @param {number} value */
  const note = (name, side, value) => {
    values[name] ??= sides.map(() => []);
    values[name][side]?.push(value);
  };
  for (let run = 0; run < runs; run++) {
    for (const [side, { address }] of sides.entries()) {
      const topics = [`kafkajs-${run}`, `kcat-${run}`, `latency-${run}`];
      await createTopics(address, topics, 1);
      const [byKafkajs = '', byKcat = '', single = ''] = topics;
      note('kafkajs writes', side, await measureIn(CLIENT, ['produce', address, byKafkajs, String(records)]));
      note('kafkajs reads', side, await bareKafkajs('read', address, byKafkajs, String(records)));
      if (hasKcat) {
        note('kcat writes', side, await kcatWrites(address, byKcat, records));
        note('kcat reads', side, await kcatReads(address, byKcat, records));
      }
      note('ack p50', side, await measureIn(CLIENT, ['p50', address, single, String(singles)]));
      note('ack p99', side, await measureIn(CLIENT, ['p99', address, single, String(singles)]));
    }
  }
  for (const [side, broker] of sides.entries()) {
    note('start', side, broker.startMs);
    note('memory idle', side, idle[side] ?? Number.NaN);
    note('memory after', side, await residentMib(broker.pid));
    note('a connection', side, await kibAConnection(broker, connections));
  }

  /** @param {typeof lessIsBetter} compare @param {string} name @param {string} unit @param {number} ratio */
  const row = (compare, name, unit, ratio) =>
    compare({
      row: 'broker',
      case: name,
      unit,
      values: values[name]?.[0] ?? [],
      reference: {
        name: sides.length > 1 ? 'Apache Kafka' : 'Apache Kafka is missing',
        values: values[name]?.[1] ?? [],
      },
      goal: sides.length > 1 && ratio > 0 ? { ratio } : null,
    });
  const rates = Object.keys(values).filter((name) => /writes|reads/.test(name));
  return [
    ...rates.map((name) => row(moreIsBetter, name, 'records/s', 1)),
    row(lessIsBetter, 'ack p50', 'ms', 1),
    row(lessIsBetter, 'ack p99', 'ms', 1),
    row(lessIsBetter, 'start', 'ms', 20),
    row(lessIsBetter, 'memory idle', 'MiB', 4),
    row(lessIsBetter, 'memory after', 'MiB', 4),
    row(lessIsBetter, 'a connection', 'KiB', 0),
  ];
}

/** Records a second, kcat's start and end included: they are the same on both sides. @param {string} address @param {string} topic @param {number} records */
async function kcatWrites(address, topic, records) {
  const input = Buffer.from(`${'x'.repeat(VALUE_BYTES)}\n`.repeat(records));
  return rateOf(['-P', '-b', address, '-t', topic, '-X', 'acks=all'], records, input);
}

/** @param {string} address @param {string} topic @param {number} records */
const kcatReads = (address, topic, records) =>
  rateOf(['-C', '-b', address, '-t', topic, '-o', 'beginning', '-c', String(records), '-q'], records);

/** @param {readonly string[]} args @param {number} records @param {Buffer} [input] */
async function rateOf(args, records, input) {
  const start = performance.now();
  const child = spawn('kcat', [...args], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`kcat ended with ${code}`);
  return records / ((performance.now() - start) / 1_000);
}

/** What the broker's memory grows by for each connection that does nothing, KiB. @param {Broker} broker @param {number} count */
async function kibAConnection({ host, port, pid }, count) {
  const before = await residentMib(pid);
  const sockets = Array.from({ length: count }, () => connect(port, host));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await wait(1_000);
  const after = await residentMib(pid);
  for (const socket of sockets) socket.destroy();
  return (Math.max(after - before, 0) * 1024) / count;
}
