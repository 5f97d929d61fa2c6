/** The first and the next offset of partitions, or that of a time, as their leaders know them (ListOffsets). */
import { type BrokerConnection, exchange, protocolError } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import type { TopicMetadata } from './metadata';
import { READ_COMMITTED } from './session';

/** ListOffsets' special timestamps. */
export const EARLIEST = -2;
export const LATEST = -1;

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>;

/** What one leader answers: offsets, and for the partitions that it has none of, the error. */
export interface OffsetsAnswer {
  readonly offsets: Offsets;
  readonly errors: ReadonlyMap<number, Error & { readonly type: string }>;
}

const ASK_WITHIN_MS = 5_000;

interface ListOffsetsResponse {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { partition: number; errorCode: number; offset: string }[];
  }[];
}

/**
 * @param timestamp epoch ms: the offset of the first record at or after it; a partition without one is absent. EARLIEST:
 * the first record that Kafka still holds. LATEST: the offset that the next record will get, or, within a
 * transaction, the last stable one.
 */
export async function askOffsets(
  broker: BrokerConnection,
  wanted: ReadonlyMap<string, readonly number[]>,
  timestamp: number,
): Promise<ReadonlyMap<string, OffsetsAnswer>> {
  const topics = [...wanted].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map((partition) => ({ partition, timestamp: String(Math.trunc(timestamp)) })),
  }));
  const request = { replicaId: -1, isolationLevel: READ_COMMITTED, topics };
  const { responses } = (await exchange(broker, 'ListOffsets', request, ASK_WITHIN_MS)) as ListOffsetsResponse;
  return new Map(
    responses.map(({ topic, partitions }) => {
      const offsets = new Map<number, number>();
      const errors = new Map<number, Error & { readonly type: string }>();
      for (const { partition, errorCode, offset } of partitions) {
        if (errorCode !== 0) errors.set(partition, protocolError(errorCode));
        else if (Number(offset) >= 0) offsets.set(partition, Number(offset));
      }
      return [topic, { offsets, errors }] as const;
    }),
  );
}

/** The same, of one topic. Throws when there is nothing in the answer at all. */
export async function askOffsetsOf(
  broker: BrokerConnection,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<OffsetsAnswer> {
  const found = (await askOffsets(broker, new Map([[topic, partitions]]), timestamp)).get(topic);
  return found ?? { offsets: new Map(), errors: new Map() };
}

export interface RecordCount {
  /** Latest minus earliest offsets, summed. Compacted topics hold fewer. */
  readonly records: number;
  /** Latest offsets, summed. */
  readonly end: number;
}

/** Of each topic all of whose leaders answer. */
export async function recordCounts(
  cluster: ClusterConnections,
  topics: readonly TopicMetadata[],
): Promise<ReadonlyMap<string, RecordCount>> {
  const byLeader = new Map<number, Map<string, number[]>>();
  for (const { topic, partitionMetadata } of topics) {
    for (const { partitionId, leader } of partitionMetadata) {
      const wanted = byLeader.get(leader) ?? new Map<string, number[]>();
      byLeader.set(leader, wanted);
      const partitions = wanted.get(topic);
      if (partitions) partitions.push(partitionId);
      else wanted.set(topic, [partitionId]);
    }
  }
  const sums = new Map(topics.map(({ topic }) => [topic, { earliest: 0, latest: 0, missing: 0 }]));
  await Promise.all(
    [...byLeader].map(async ([leader, wanted]) => {
      const none: ReadonlyMap<string, OffsetsAnswer> = new Map();
      const [earliest, latest] = await askBoth(cluster, leader, wanted).catch(() => [none, none] as const);
      for (const [topic, partitions] of wanted) {
        const sum = sums.get(topic);
        if (!sum) continue;
        for (const partition of partitions) {
          const low = earliest.get(topic)?.offsets.get(partition);
          const high = latest.get(topic)?.offsets.get(partition);
          if (low === undefined || high === undefined) sum.missing += 1;
          else {
            sum.earliest += low;
            sum.latest += high;
          }
        }
      }
    }),
  );
  return new Map(
    [...sums]
      .filter(([, { missing }]) => missing === 0)
      .map(([topic, { earliest, latest }]) => [topic, { records: latest - earliest, end: latest }]),
  );
}

const askBoth = (cluster: ClusterConnections, leader: number, wanted: ReadonlyMap<string, readonly number[]>) =>
  cluster.askBroker(leader, (broker) =>
    Promise.all([askOffsets(broker, wanted, EARLIEST), askOffsets(broker, wanted, LATEST)] as const),
  );
