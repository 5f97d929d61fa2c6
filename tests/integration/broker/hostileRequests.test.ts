/**
 * Thousands of requests that no client sends, in every API and version: each costs its own connection at most, and the
 * broker no memory. Another client is served all along.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import {
  damagedRequest,
  diceOf,
  everyApiVersion,
  requestsWithImpossibleCounts,
  soundRequest,
} from './generatedRequests.ts';
import { type BrokerProcess, memoryOf, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';
import { WireClient } from './wireClient.ts';

/** Another one every day would find more; this one can be looked into when it fails. GEOSTREAM_SEED=n tries another. */
const SEED = Number(process.env.GEOSTREAM_SEED ?? 20_261);
const DAMAGED_PER_VERSION = 24;
const AT_ONCE = 16;
/** Far above what a run grows by (0.2 MiB), far below what one believed array count would cost. */
const MAX_GROWTH_BYTES = 8 << 20;

const UNKNOWN_KEY = Buffer.from([0, 0, 0, 8, 0x03, 0xe7, 0, 0, 0, 0, 0, 1]);

let broker: BrokerProcess;

beforeAll(async () => {
  const args = ['--max-topics', '30', '--max-partitions', '200', '--max-groups', '40', '--max-connections', '100'];
  broker = await startBrokerProcess({ args, withMemoryProbe: true });
});

afterAll(async () => {
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

/** Sends bytes, and `ending` behind them if there is one, and waits until the broker closes the connection. */
function send(bytes: Buffer, ending?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(broker.port, broker.host, () => {
      socket.write(bytes);
      if (ending !== undefined) socket.write(ending);
    });
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') reject(error);
    });
    socket.on('close', () => resolve()).resume();
  });
}

async function sendAll(requests: readonly Buffer[], ending?: Buffer): Promise<void> {
  const queue = requests.values();
  const sendNext = async () => {
    for (const request of queue) await send(request, ending);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
}

/** Asks one question after the other for as long as `work` goes on; returns how many were answered meanwhile. */
async function besideAnother(work: Promise<void>): Promise<number> {
  const client = await WireClient.open(broker);
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let answers = 0;
  while (!isOver) {
    const answer = client.ask(3, 9, [metadataRequest, metadataResponse], { topics: [], allowAutoTopicCreation: false });
    const { clusterId } = await Promise.race([answer, client.closed.then(() => ({ clusterId: null }))]);
    expect(clusterId).not.toBeNull();
    answers += 1;
  }
  await over;
  client.close();
  return answers;
}

it('closes the connection on an impossible count in any array of any request in any version', async () => {
  const requests = everyApiVersion.flatMap(requestsWithImpossibleCounts);
  expect(requests.length).toBeGreaterThan(500);
  // Nothing is sent behind it: it is the count alone that closes the connection.
  expect(await besideAnother(sendAll(requests))).toBeGreaterThan(20);
});

it(`serves others, and holds no memory, through thousands of damaged requests (seed ${SEED})`, async () => {
  const dice = diceOf(SEED);
  const round = () =>
    everyApiVersion.flatMap((which) => [
      soundRequest(which, dice),
      ...Array.from({ length: DAMAGED_PER_VERSION / 2 }, () => damagedRequest(which, dice)),
    ]);
  expect(await besideAnother(sendAll(round(), UNKNOWN_KEY))).toBeGreaterThan(20);
  const before = await memoryOf(broker);
  const requests = round();
  expect(requests.length).toBeGreaterThan(1000);
  expect(await besideAnother(sendAll(requests, UNKNOWN_KEY))).toBeGreaterThan(20);
  const after = await memoryOf(broker);
  const held = ({ heapUsed, external }: NodeJS.MemoryUsage) => heapUsed + external;
  expect(held(after) - held(before)).toBeLessThan(MAX_GROWTH_BYTES);
});

it('has met nothing that it did not expect', () => {
  const lines = broker
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter((line) => line.level === 'error')).toEqual([]);
  expect(broker.child.exitCode).toBeNull();
});
