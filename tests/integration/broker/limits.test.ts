/** Every limit of the broker, met by a client that goes beyond it, with another one beside it that does not. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from '../../../src/broker/broker.ts';
import type { BrokerLimits } from '../../../src/broker/limits.ts';
import type { LogDetails } from '../../../src/broker/logger.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/broker/wire/messages/apiVersions.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../src/broker/wire/messages/deleteTopics.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { heartbeatRequest, heartbeatResponse } from '../../../src/broker/wire/messages/heartbeat.ts';
import { joinGroupRequest, joinGroupResponse } from '../../../src/broker/wire/messages/joinGroup.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/broker/wire/messages/offsetCommit.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { syncGroupRequest, syncGroupResponse } from '../../../src/broker/wire/messages/syncGroup.ts';
import { sampleBatch } from '../../unit/broker/sampleBatch.ts';
import { makeDataDir, removeDataDir } from './startBrokerProcess.ts';
import { WireClient } from './wireClient.ts';

const API_VERSIONS = [apiVersionsRequest, apiVersionsResponse] as const;
const CREATE_TOPICS = [createTopicsRequest, createTopicsResponse] as const;
const FETCH = [fetchRequest, fetchResponse] as const;
const JOIN = [joinGroupRequest, joinGroupResponse] as const;

interface Line {
  readonly message: string;
  readonly details: LogDetails;
}

let lines: Line[] = [];
const running: RunningBroker[] = [];
const clients: WireClient[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const broker of running.splice(0)) {
    await broker.close();
    await removeDataDir(broker.dataDir);
  }
});

async function start(limits: Partial<BrokerLimits>): Promise<RunningBroker> {
  lines = [];
  const note = (message: string, details: LogDetails = {}) => void lines.push({ message, details });
  const log = { info: note, warn: note, error: note };
  const broker = await startBroker({ port: 0, dataDir: await makeDataDir(), limits, log });
  running.push(broker);
  return broker;
}

async function open(broker: RunningBroker): Promise<WireClient> {
  const client = await WireClient.open(broker);
  clients.push(client);
  return client;
}

/** A socket from which nobody reads. */
function openDeaf(broker: RunningBroker): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(broker.port, broker.host, () => resolve(socket));
    socket.once('error', reject).on('error', () => {});
    sockets.push(socket);
  });
}

const askVersions = (client: WireClient) =>
  client.ask(18, 0, API_VERSIONS, { clientSoftwareName: '', clientSoftwareVersion: '' });

async function isServed(client: WireClient) {
  expect((await askVersions(client)).errorCode).toBe(0);
}

function reasonsOf(message: string): string {
  return lines
    .filter((line) => line.message === message)
    .map((line) => String(line.details.reason))
    .join('\n');
}

const wantedTopic = (name: string, numPartitions = 1) => ({
  name,
  numPartitions,
  replicationFactor: 1,
  assignments: [],
  configs: [],
});

async function createTopics(client: WireClient, ...topics: ReturnType<typeof wantedTopic>[]) {
  return (await client.ask(19, 5, CREATE_TOPICS, { topics, timeoutMs: 1000 })).topics;
}

const fetchBody = (topic: string, options: { maxWaitMs: number; minBytes: number; rackId?: string }) => ({
  ...options,
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 64 << 20 }] }],
});

async function fillTopic(client: WireClient, topic: string, batches: number, bytes: number) {
  await createTopics(client, wantedTopic(topic));
  for (let batch = 0; batch < batches; batch += 1) {
    const records = sampleBatch([{ value: 'v'.repeat(bytes), timestamp: 1000 }]);
    const topics = [{ name: topic, partitions: [{ index: 0, records }] }];
    const answer = await client.ask(0, 9, [produceRequest, produceResponse], { acks: 1, timeoutMs: 1000, topics });
    expect(answer.responses[0]!.partitions[0]!.errorCode).toBe(0);
  }
}

const joinBody = (groupId: string, memberId = '', metadata = Buffer.from('topics')) => ({
  groupId,
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 30_000,
  memberId,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata }],
});

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

describe('connections', () => {
  it('beyond the limit are closed at once, and may come again when others have gone', async () => {
    const broker = await start({ maxConnections: 3 });
    const first = await open(broker);
    await open(broker);
    await open(broker);
    await isServed(first);
    const surplus = await WireClient.open(broker);
    await surplus.closed;
    expect(reasonsOf('a connection was refused')).toContain('--max-connections');
    await isServed(first);
    clients[1]!.close();
    for (;;) {
      const next = await open(broker);
      const served = await Promise.race([askVersions(next).then(() => true), next.closed.then(() => false)]);
      if (served) break;
    }
  });

  it('on which nothing happens are closed, but not one whose request is held back', async () => {
    const broker = await start({ maxIdleMs: 300 });
    const busy = await open(broker);
    await createTopics(busy, wantedTopic('idle'));
    const parked = busy.ask(1, 9, FETCH, fetchBody('idle', { maxWaitMs: 1500, minBytes: 1 }));
    const idle = await open(broker);
    const halfway = await open(broker);
    halfway.write(Buffer.concat([int32(1000), Buffer.alloc(10)]));
    await Promise.all([idle.closed, halfway.closed]);
    expect((await parked).errorCode).toBe(0);
    expect(reasonsOf('an idle connection was closed')).toContain('--max-idle-ms');
  });
});

describe('requests', () => {
  it('larger than allowed close their connection, by the length that they claim', async () => {
    const broker = await start({ maxRequestBytes: 5000 });
    const healthy = await open(broker);
    const large = await open(broker);
    large.write(int32(5001));
    await large.closed;
    expect(reasonsOf('a connection was closed')).toContain('--max-request-bytes 5000');
    await isServed(healthy);
  });

  it('in part may fill so much memory; then who holds the most is closed, and not who came last', async () => {
    const broker = await start({ maxRequestBytes: 1 << 20, maxUnfinishedBytes: 1 << 20 });
    const modest = await open(broker);
    modest.write(Buffer.concat([int32(200_000), Buffer.alloc(100_000)]));
    const greedy = await open(broker);
    greedy.write(Buffer.concat([int32(1 << 20), Buffer.alloc(900_000)]));
    const last = await open(broker);
    last.write(Buffer.concat([int32(200_000), Buffer.alloc(100_000)]));
    await greedy.closed;
    expect(reasonsOf('a connection was closed').match(/--max-unfinished-bytes/g)).toHaveLength(1);
    await isServed(await open(broker));
    const goesOn = Promise.race([modest.closed, last.closed]).then(() => 'closed');
    expect(await Promise.race([goesOn, isServed(await open(broker)).then(() => 'open')])).toBe('open');
  });

  it('beyond those that may be under way wait, and are all answered in their order', async () => {
    const broker = await start({ maxInFlight: 4 });
    const client = await open(broker);
    await createTopics(client, wantedTopic('flight'));
    const fetches = Array.from({ length: 20 }, () =>
      client.ask(1, 9, FETCH, fetchBody('flight', { maxWaitMs: 50, minBytes: 1 })),
    );
    const before = client.order.length;
    expect(before).toBe(1);
    for (const answer of await Promise.all(fetches)) expect(answer.errorCode).toBe(0);
    expect(client.order).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    expect(reasonsOf('a client has to wait')).toContain('--max-in-flight');
  });

  it('that wait may fill so much memory; then the fetches of who holds the most are answered at once', async () => {
    const broker = await start({ maxParkedBytes: 60_000 });
    const healthy = await open(broker);
    await createTopics(healthy, wantedTopic('parked'));
    const never = { maxWaitMs: 2_000_000_000, minBytes: 1 };
    let isAnswered = false;
    const modest = healthy.ask(1, 12, FETCH, fetchBody('parked', never)).then((answer) => {
      isAnswered = true;
      return answer;
    });
    const greedy = await open(broker);
    const heavy = () => greedy.ask(1, 12, FETCH, fetchBody('parked', { ...never, rackId: 'r'.repeat(25_000) }));
    const [one, two] = [heavy(), heavy()];
    const three = heavy();
    for (const answer of await Promise.all([one, two, three])) expect(answer.errorCode).toBe(0);
    expect(isAnswered).toBe(false);
    await isServed(healthy);
    expect((await modest).errorCode).toBe(0);
  });

  it('that wait and can only be answered by others close the connection that holds the most of them', async () => {
    const broker = await start({ maxParkedBytes: 60_000 });
    const healthy = await open(broker);
    const leader = await open(broker);
    const first = await leader.ask(11, 2, JOIN, joinBody('waiting'));
    expect(first.errorCode).toBe(0);
    const greedy = await open(broker);
    for (let member = 0; member < 3; member += 1) {
      greedy.send(11, 2, joinGroupRequest, joinBody('waiting', '', Buffer.alloc(25_000)));
    }
    await greedy.closed;
    expect(reasonsOf('a connection was closed')).toContain('--max-parked-bytes');
    await isServed(healthy);
    await isServed(leader);
  });
});

describe('answers', () => {
  it('that nobody reads stop the requests of that client, and close it in the end', async () => {
    const broker = await start({ maxUnsentBytes: 100_000, maxStalledMs: 400 });
    const healthy = await open(broker);
    await fillTopic(healthy, 'unread', 8, 1_000_000);
    const deaf = await openDeaf(broker);
    const closed = new Promise((resolve) => deaf.once('close', resolve));
    const body = fetchBody('unread', { maxWaitMs: 0, minBytes: 1 });
    const teller = await open(broker);
    const request = teller.bytesOf(1, 9, fetchRequest, body);
    for (let round = 0; round < 50; round += 1) deaf.write(request);
    // A socket of Node is closed for its owner only once he has read: a write tells that the other side is gone.
    const nudge = setInterval(() => deaf.write(request), 50);
    for (;;) {
      await isServed(healthy);
      if (reasonsOf('a connection was closed').includes('--max-stalled-ms')) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    clearInterval(nudge);
    deaf.resume();
    await closed;
  });

  it('that are read slowly, but read, arrive whole', async () => {
    const broker = await start({ maxUnsentBytes: 100_000, maxStalledMs: 1000 });
    await fillTopic(await open(broker), 'slow', 8, 1_000_000);
    const slow = await openDeaf(broker);
    const request = (await open(broker)).bytesOf(1, 9, fetchRequest, fetchBody('slow', { maxWaitMs: 0, minBytes: 1 }));
    for (let round = 0; round < 3; round += 1) slow.write(request);
    let received = 0;
    slow.on('data', (chunk) => {
      received += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 5);
    });
    while (received < 24_000_000) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reasonsOf('a connection was closed')).toBe('');
  });

  it('get smaller when the memory for them is short, and still bring something', async () => {
    const broker = await start({ maxUnsentTotalBytes: 8 << 20 });
    const client = await open(broker);
    await fillTopic(client, 'room', 10, 900_000);
    const answer = await client.ask(1, 9, FETCH, fetchBody('room', { maxWaitMs: 60_000, minBytes: 50_000_000 }));
    const { length } = answer.responses[0]!.partitions[0]!.records!;
    expect(length).toBeGreaterThan(900_000);
    expect(length).toBeLessThanOrEqual(2 << 20);
  });
});

describe('groups', () => {
  it('take no more members than allowed, not even ones that only ask for an id', async () => {
    const broker = await start({ maxGroupMembers: 2 });
    const client = await open(broker);
    expect((await client.ask(11, 5, JOIN, joinBody('full'))).errorCode).toBe(79);
    const second = await client.ask(11, 5, JOIN, joinBody('full'));
    expect(second.errorCode).toBe(79);
    expect((await client.ask(11, 5, JOIN, joinBody('full'))).errorCode).toBe(81);
    expect(reasonsOf('a group was refused')).toContain('--max-group-members');
    const known = client.ask(11, 5, JOIN, joinBody('full', second.memberId));
    expect((await (await open(broker)).ask(11, 5, JOIN, joinBody('other'))).errorCode).toBe(79);
    void known;
  });

  it('are no more than allowed, where one that was only a name makes room', async () => {
    const broker = await start({ maxGroups: 2 });
    const client = await open(broker);
    await createTopics(client, wantedTopic('offsets'));
    const commit = async (groupId: string, partition: number) => {
      const partitions = [{ partitionIndex: partition, committedOffset: 1, committedMetadata: '' }];
      const body = { groupId, topics: [{ name: 'offsets', partitions }] };
      const answer = await client.ask(8, 2, [offsetCommitRequest, offsetCommitResponse], {
        ...body,
        generationId: -1,
        memberId: '',
      });
      return answer.topics[0]!.partitions[0]!.errorCode;
    };
    expect(await commit('kept', 0)).toBe(0);
    expect(await commit('only a name', 7)).toBe(3);
    expect(await commit('another', 0)).toBe(0);
    expect(await commit('too many', 0)).toBe(44);
    expect((await client.ask(11, 2, JOIN, joinBody('too many'))).errorCode).toBe(44);
    expect(await commit('kept', 0)).toBe(0);
    expect(reasonsOf('a group was refused')).toContain('--max-groups');
  });

  it('keep no more bytes of committed offsets than allowed, and can go on with those that they have', async () => {
    const broker = await start({ maxOffsetBytes: 2000 });
    const client = await open(broker);
    await createTopics(client, wantedTopic('offsets', 20));
    const commit = async (groupId: string, partitionIndex: number, committedOffset: number, committedMetadata = '') => {
      const partitions = [{ partitionIndex, committedOffset, committedMetadata }];
      const body = { groupId, topics: [{ name: 'offsets', partitions }] };
      const answer = await client.ask(8, 7, [offsetCommitRequest, offsetCommitResponse], body);
      return answer.topics[0]!.partitions[0]!.errorCode;
    };
    const codes: number[] = [];
    for (let partition = 0; partition < 12; partition += 1) codes.push(await commit('g', partition, 1));
    expect(codes).toEqual([...Array(7).fill(0), ...Array(5).fill(28)]);
    expect(await commit('other', 0, 1)).toBe(28);
    expect(await commit('g', 0, 2)).toBe(0);
    expect(await commit('g', 0, 3, 'm'.repeat(2000))).toBe(28);
    expect(reasonsOf('a commit was refused')).toContain('--max-offset-bytes');
    await isServed(client);
  });

  it('keep no more bytes of subscriptions and assignments than allowed', async () => {
    const broker = await start({ maxGroupBytes: 20_000 });
    const client = await open(broker);
    expect((await client.ask(11, 2, JOIN, joinBody('big', '', Buffer.alloc(30_000)))).errorCode).toBe(81);
    const joined = await client.ask(11, 2, JOIN, joinBody('small'));
    expect(joined.errorCode).toBe(0);
    const { memberId, generationId } = joined;
    const sync = (bytes: number) =>
      client.ask(14, 2, [syncGroupRequest, syncGroupResponse], {
        groupId: 'small',
        generationId,
        memberId,
        assignments: [{ memberId, assignment: Buffer.alloc(bytes) }],
      });
    expect((await sync(30_000)).errorCode).toBe(81);
    expect((await sync(100)).errorCode).toBe(0);
    const heartbeat = { groupId: 'small', generationId, memberId };
    expect((await client.ask(12, 2, [heartbeatRequest, heartbeatResponse], heartbeat)).errorCode).toBe(0);
    expect(reasonsOf('a group was refused')).toContain('--max-group-bytes');
  });
});

describe('topics', () => {
  it('are no more than allowed, made or asked for; a deleted one makes room', async () => {
    const broker = await start({ maxTopics: 2 });
    const client = await open(broker);
    const made = await createTopics(client, wantedTopic('a'), wantedTopic('b'), wantedTopic('c'));
    expect(made.map(({ errorCode }) => errorCode)).toEqual([0, 0, 44]);
    expect(made[2]!.errorMessage).toContain('--max-topics');
    const asked = await client.ask(3, 5, [metadataRequest, metadataResponse], {
      topics: [{ name: 'd' }, { name: 'a' }],
      allowAutoTopicCreation: true,
    });
    expect(asked.topics.map(({ errorCode }) => errorCode)).toEqual([44, 0]);
    expect(reasonsOf('a topic was refused')).toContain('--max-topics');
    await client.ask(20, 1, [deleteTopicsRequest, deleteTopicsResponse], { topicNames: ['b'], timeoutMs: 1000 });
    expect((await createTopics(client, wantedTopic('c')))[0]!.errorCode).toBe(0);
  });

  it('have no more partitions in all than allowed', async () => {
    const broker = await start({ maxPartitions: 10 });
    const client = await open(broker);
    const made = await createTopics(client, wantedTopic('a', 8), wantedTopic('b', 3), wantedTopic('c', 2));
    expect(made.map(({ errorCode }) => errorCode)).toEqual([0, 44, 0]);
    expect(made[1]!.errorMessage).toContain('--max-partitions');
    expect((await createTopics(client, wantedTopic('d', 1001)))[0]!.errorCode).toBe(37);
  });
});
