/** Topics of three partitions that live for a moment, each with a group of its own that is deleted too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { offsetCommitRequest, offsetCommitResponse } from '../../src/broker/wire/messages/offsetCommit.ts';
import { produceRequest, produceResponse } from '../../src/broker/wire/messages/produce.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { sampleBatch } from '../unit/broker/sampleBatch.ts';
import type { Load } from './load.ts';

const PARTITIONS = 3;

export async function comeAndGo({ kafka, broker, random, counts, goesOn, fault }: Load): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const wire = await WireClient.open(broker);
  while (goesOn()) {
    const topic = `passing-${counts.topicsMade}`;
    const groupId = `${topic}-group`;
    await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] });
    await produce(wire, topic);
    await commit(wire, groupId, topic);
    await sleep(random.between(0, 500));
    await admin.deleteGroups([groupId]);
    await admin.deleteTopics({ topics: [topic] });
    counts.topicsMade += 1;
  }
  const left = (await admin.listTopics()).filter((topic) => topic.startsWith('passing-'));
  if (left.length > 0) fault(`${left.length} topics are there that were deleted, such as ${left[0]}`);
  wire.close();
  await admin.disconnect();
}

/** Not by kafkajs, whose producers ask for every topic that they ever wrote to, and so bring it back. */
async function produce(wire: WireClient, name: string): Promise<void> {
  const timestamp = Date.now();
  const partitions = Array.from({ length: PARTITIONS }, (_, index) => ({
    index,
    records: sampleBatch(Array.from({ length: 10 }, (_, value) => ({ value: String(value), timestamp }))),
  }));
  const body = { acks: -1, timeoutMs: 5_000, topics: [{ name, partitions }] };
  const { responses } = await wire.ask(0, 7, [produceRequest, produceResponse], body);
  const refused = responses[0]?.partitions.find(({ errorCode }) => errorCode !== 0);
  if (refused !== undefined) throw new Error(`records for ${name} were refused with ${refused.errorCode}`);
}

/** Without a member: kafkajs would join the group for it, and wait for a fetch. */
async function commit(wire: WireClient, groupId: string, name: string): Promise<void> {
  const partition = { partitionIndex: 0, committedOffset: 1, committedMetadata: '' };
  const body = { groupId, topics: [{ name, partitions: [partition] }] };
  const { topics } = await wire.ask(8, 7, [offsetCommitRequest, offsetCommitResponse], body);
  const errorCode = topics[0]?.partitions[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`a commit for ${name} was refused with ${errorCode}`);
}
