/** Sends what the person lined up, and says for each what became of it. */
import type { Outgoing, SendResult } from '../../shared/contract';
import type { KafkaClient } from '../kafka/kafkaClient';
import { toKafkaError } from '../kafka/kafkaError';
import { composeMessage } from './message';

async function sendOne(client: KafkaClient, outgoing: Outgoing): Promise<SendResult> {
  const { topic } = outgoing;
  const message = composeMessage(outgoing, new Date());
  if (message === null) {
    return {
      kind: 'failed',
      topic,
      message: 'The message has no name.',
      action: 'Give a key, or a name among the fields.',
    };
  }
  const started = performance.now();
  try {
    const [written] = await client.send(topic, [message]);
    const ms = Math.round((performance.now() - started) * 10) / 10;
    if (!written)
      return { kind: 'failed', topic, message: 'The cluster acknowledged nothing.', action: 'Send it again.' };
    return {
      kind: 'acknowledged',
      topic,
      partition: written.partition,
      offset: written.offset,
      ms,
      value: message.value,
    };
  } catch (error) {
    const known = toKafkaError(error);
    return { kind: 'failed', topic, message: known.message, action: known.action };
  }
}

/** Results in the order of `messages`. Records for one topic keep their order; topics go side by side. */
export async function sendAll(client: KafkaClient, messages: readonly Outgoing[]): Promise<SendResult[]> {
  const results = new Array<SendResult>(messages.length);
  const lanes = new Map<string, number[]>();
  for (const [index, { topic }] of messages.entries()) {
    const lane = lanes.get(topic);
    if (lane) lane.push(index);
    else lanes.set(topic, [index]);
  }
  await Promise.all(
    [...lanes.values()].map(async (lane) => {
      for (const index of lane) {
        const message = messages[index];
        if (message) results[index] = await sendOne(client, message);
      }
    }),
  );
  return results;
}
