/**
 * Which partition a record goes to: by its key as in Java's client (murmur2), so that every client of a topic puts an
 * entity in the same partition; without a key, round robin. kafkajs brings the same hash, but on objects for 64-bit
 * numbers: a key of 900 KB takes it minutes.
 */

interface PartitionInfo {
  readonly partitionId: number;
  readonly leader: number;
}

const SEED = 0x9747b28c | 0;
const MULTIPLIER = 0x5bd1e995;

/** 32-bit MurmurHash2 as in org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let hash = SEED ^ length;
  const blocks = length & ~3;
  const at = (index: number) => data[index] ?? 0;
  for (let i = 0; i < blocks; i += 4) {
    let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    k = Math.imul(k, MULTIPLIER);
    k ^= k >>> 24;
    k = Math.imul(k, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ k;
  }
  const rest = length & 3;
  if (rest === 3) hash ^= at(blocks + 2) << 16;
  if (rest >= 2) hash ^= at(blocks + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ at(blocks), MULTIPLIER);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** A partitioner in the form that kafkajs asks for. Partitions without a leader are passed over for records without a key. */
export function createPartitioner() {
  const turns = new Map<string, number>();
  return ({
    topic,
    partitionMetadata,
    message,
  }: {
    topic: string;
    partitionMetadata: readonly PartitionInfo[];
    message: { key?: Buffer | string | null; partition?: number };
  }): number => {
    if (message.partition !== undefined && message.partition !== null) return message.partition;
    const { key } = message;
    if (key !== undefined && key !== null) {
      return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitionMetadata.length;
    }
    const led = partitionMetadata.filter(({ leader }) => leader >= 0);
    const open = led.length > 0 ? led : partitionMetadata;
    const turn = turns.get(topic) ?? 0;
    turns.set(topic, turn + 1);
    return open[turn % open.length]?.partitionId ?? 0;
  };
}
