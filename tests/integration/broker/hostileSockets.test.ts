/** Whatever comes in on a socket closes that socket at most: the broker, and everyone else's connection, go on. */
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diceOf } from './generatedRequests.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

/** The same bytes in every run; GEOSTREAM_SEED=n tries others. */
const dice = diceOf(Number(process.env.GEOSTREAM_SEED ?? 7));
const randomBytes = (count: number) => Buffer.from(Array.from({ length: count }, () => dice(256)));

let broker: BrokerProcess;
let bystander: Socket;

beforeAll(async () => {
  broker = await startBrokerProcess();
  bystander = await open();
});

afterAll(async () => {
  bystander.destroy();
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(broker.port, broker.host, () => resolve(socket));
    socket.once('error', reject);
  });
}

function framed(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function header(key: number, version: number, correlationId = 7): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeInt16BE(key, 0);
  bytes.writeInt16BE(version, 2);
  bytes.writeInt32BE(correlationId, 4);
  bytes.writeInt16BE(-1, 8);
  return bytes;
}

/** Sends bytes and waits until the broker closes the connection. */
async function isClosedAfter(bytes: Buffer): Promise<true> {
  const socket = await open();
  const closed = new Promise<true>((resolve) => socket.once('close', () => resolve(true)));
  socket.on('error', () => {}).resume();
  socket.write(bytes);
  return closed;
}

/** The next framed response on a socket, without its length. */
function nextResponse(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      socket.off('data', take);
      resolve(received.subarray(4, 4 + received.readInt32BE(0)));
    };
    socket.on('data', take);
  });
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

it.each<[string, Buffer]>([
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ['a TLS hello', Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), Buffer.alloc(500)])],
  [
    'an HTTP POST of a page in a browser',
    Buffer.from('POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n\0\0\0\x0a\0\x12\0\0\0'),
  ],
  ['an SSH banner', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a negative length', int32(-1)],
  ['the most negative length', int32(-0x8000_0000)],
  ['a length just above the largest', int32(104_857_601)],
  ['a frame too short for a header', framed(Buffer.from([0, 18, 0, 0, 0, 0, 0]))],
  ['a length of zero', int32(0)],
  ['a length of 2 GiB', int32(0x7fff_ffff)],
  ['the unknown API key 999', framed(header(999, 0))],
  ['a negative API key', framed(header(-1, 0))],
  ['a version that is not served', framed(header(1, 99))],
  ['a body that is cut short', framed(header(1, 11), Buffer.from([0, 0]))],
  ['an array that claims two thousand million elements', framed(header(3, 1), int32(0x7fff_fff0))],
  ['a negative array length', framed(header(3, 1), int32(-5))],
  ['a client id of a negative length', framed(header(18, 0).fill(0xf0, 8))],
  ['more tagged fields than there are bytes', framed(header(3, 9), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]))],
  ['a varint that does not end', framed(header(3, 9), Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
  [
    'a string longer than strings are',
    framed(header(10, 3), Buffer.from([0, 0x81, 0x80, 0x02]), Buffer.alloc(40_000, 97)),
  ],
  ['a string longer than the request', framed(header(3, 1), int32(1), Buffer.from([0x7f, 0xff, 0x61]))],
])('closes the connection on %s', async (_, bytes) => {
  expect(await isClosedAfter(bytes)).toBe(true);
});

it('survives random frames for every key', async () => {
  for (let round = 0; round < 150; round += 1) {
    const key = round % 75;
    const socket = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {}).resume();
    socket.write(framed(header(key, dice(12)), randomBytes(dice(300))));
    socket.end(framed(header(999, 0)));
    await closed;
  }
});

it('survives a request that trickles in and never ends', async () => {
  const socket = await open();
  socket.write(Buffer.concat([int32(100_000_000), randomBytes(1000)]));
  socket.destroy();
});

it('answers an unknown ApiVersions version in version 0 with error 35', async () => {
  const socket = await open();
  const response = nextResponse(socket);
  socket.write(framed(header(18, 99, 41), randomBytes(8)));
  const bytes = await response;
  expect(bytes.readInt32BE(0)).toBe(41);
  expect(bytes.readInt16BE(4)).toBe(35);
  socket.destroy();
});

it('answers requests in their order, also those that come in one piece or byte by byte', async () => {
  const socket = await open();
  const requests = [1, 2, 3].map((correlationId) => framed(header(18, 0, correlationId)));
  const responses = (async () => {
    const ids: number[] = [];
    let received = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        ids.push(received.readInt32BE(4));
        received = received.subarray(4 + received.readInt32BE(0));
      }
      if (ids.length === 6) return ids;
    }
    return ids;
  })();
  socket.write(Buffer.concat(requests));
  for (const byte of Buffer.concat(requests)) socket.write(Buffer.from([byte]));
  expect(await responses).toEqual([1, 2, 3, 1, 2, 3]);
  socket.destroy();
});

it('has served others all along', async () => {
  const response = nextResponse(bystander);
  bystander.write(framed(header(18, 0, 99)));
  expect((await response).readInt32BE(0)).toBe(99);
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'still-here' }] });
  expect(await admin.listTopics()).toContain('still-here');
  await admin.disconnect();
  const lines = broker
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter((line) => line.message === 'a connection was closed').length).toBeGreaterThan(10);
  expect(lines.filter((line) => line.level === 'error')).toEqual([]);
});
