/** One whole record, by topic, partition and offset. */
import { exchange, protocolError } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { READ_COMMITTED } from './session';

export interface WholeRecord {
  readonly partition: number;
  readonly offset: string;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer }[];
}

/** As kafkajs unpacks it, which keeps the headers. */
interface FetchResponse {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly errorCode: number;
      readonly messages: readonly {
        readonly offset: string;
        readonly timestamp: string;
        readonly key: Buffer | null;
        readonly value: Buffer | null;
        readonly headers?: Readonly<Record<string, Buffer | Buffer[] | string | undefined>>;
      }[];
    }[];
  }[];
}

const MAX_BYTES = 1 << 20;
const WITHIN_MS = 10_000;

/** null when there is no such partition, or no record at that offset (any more). */
export async function readRecord(
  cluster: ClusterConnections,
  topic: string,
  partition: number,
  offset: string,
): Promise<WholeRecord | null> {
  const { partitions } = await cluster.layout(topic);
  const leader = partitions.find(({ partitionId }) => partitionId === partition)?.leader;
  if (leader === undefined) return null;
  const request = {
    replicaId: -1,
    maxWaitTime: 0,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: MAX_BYTES }] }],
  };
  const answer = (await cluster.askBroker(leader, (broker) =>
    exchange(broker, 'Fetch', request, WITHIN_MS),
  )) as FetchResponse;
  const fetched = answer.responses.flatMap((response) => response.partitions);
  const failed = fetched.find(({ errorCode }) => errorCode !== 0);
  if (failed) throw protocolError(failed.errorCode);
  const message = fetched.flatMap(({ messages }) => messages).find((candidate) => candidate.offset === offset);
  if (!message) return null;
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ key, value: Buffer.from(one ?? '') })),
  );
  const { timestamp, key, value } = message;
  return { partition, offset, timestamp: Number(timestamp), key, value, headers };
}
