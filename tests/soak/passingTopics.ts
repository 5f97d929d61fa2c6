/** Topics of three partitions that live for a moment, each with a group of its own that is deleted too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { offsetCommitRequest, offsetCommitResponse } from '../../src/broker/wire/messages/offsetCommit.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import type { Load } from './load.ts';

export async function comeAndGo({ kafka, broker, random, counts, goesOn }: Load): Promise<void> {
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const wire = await WireClient.open(broker);
  while (goesOn()) {
    const topic = `passing-${counts.topicsMade}`;
    const groupId = `${topic}-group`;
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
    await producer.send({ topic, messages: Array.from({ length: 10 }, (_, index) => ({ value: `${index}` })) });
    await commit(wire, groupId, topic);
    await sleep(random.between(0, 500));
    await admin.deleteGroups([groupId]);
    await admin.deleteTopics({ topics: [topic] });
    counts.topicsMade += 1;
  }
  wire.close();
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

/** Without a member: kafkajs would join the group for it, and wait for a fetch. */
async function commit(wire: WireClient, groupId: string, name: string): Promise<void> {
  const partition = { partitionIndex: 0, committedOffset: 1, committedMetadata: '' };
  const body = { groupId, topics: [{ name, partitions: [partition] }] };
  const { topics } = await wire.ask(8, 7, [offsetCommitRequest, offsetCommitResponse], body);
  const errorCode = topics[0]?.partitions[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`a commit for ${name} was refused with ${errorCode}`);
}
