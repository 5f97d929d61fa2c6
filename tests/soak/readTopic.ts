/** All values of a partition, as kafkajs reads them, up to where the log ends now. */
import type { Kafka } from 'kafkajs';

export async function readTopic(kafka: Kafka, topic: string, groupId: string): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const [offsets] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const end = Number(offsets?.high);
  const values: string[] = [];
  if (!(end > 0)) return values;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) values.push(String(value));
          if (Number(batch.lastOffset()) >= end - 1) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values;
}
