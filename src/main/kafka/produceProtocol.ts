/**
 * kafkajs's connections and requests for producing, typed by hand, without its producer: that one puts a record without
 * a key into another partition when it tries again, may take a partition whose leader has moved for written, forgets
 * which part of a request was acknowledged when another part was not, and uses the sequence number of a batch that it
 * gave up for the next one. Errors inside an answer stay there, each beside its own topic or partition.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Compression } from '../../shared/contract';
import { KafkaError } from './kafkaError';
import type { InternalCluster } from './kafkajsInternals';
import type { RecordToSend } from './sending';

const requireHere = createRequire(import.meta.url);

interface Exchange<T> {
  readonly request: unknown;
  readonly response: { decode(raw: unknown): Promise<T>; parse(data: T): Promise<T> };
}

export interface ProduceBroker {
  readonly rootLogger: unknown;
  readonly connectionPool: {
    readonly host: string;
    readonly port: number;
    readonly pool: readonly { readonly socket?: Socket | null }[];
    send<T>(exchange: Exchange<T> & { readonly logResponseError: boolean }): Promise<T>;
  };
  isConnected(): boolean;
  connect(): Promise<void>;
  lookupRequest(apiKey: number, definition: unknown): (options: unknown) => Exchange<unknown>;
}

interface ProducingCluster {
  readonly connectionPoolBuilder: {
    build(address: { host: string; port: number; rack: string | null }): Promise<unknown>;
  };
  readonly brokerPool: {
    readonly seedBroker: ProduceBroker;
    createBroker(options: { connectionPool: unknown; logger: unknown; nodeId: number }): ProduceBroker;
  };
}

export interface ClusterMetadata {
  readonly brokers: readonly { nodeId: number; host: string; port: number; rack: string | null }[];
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}

export interface ProduceRequest {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly compression: Compression;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly RecordToSend[];
    }[];
  }[];
}

export interface ProduceResponse {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
    }[];
  }[];
}

/** KIP-110 and its forerunners: the codec's number in a batch's attributes. */
const CODEC: Readonly<Record<Compression, number>> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

/** Milliseconds that a broker may wait for the replicas are this much less than those that we wait for the broker. */
const ANSWER_MS = 500;

const NO_ANSWER = new KafkaError(
  'TIMEOUT',
  'The broker did not answer in time.',
  'Check that the broker is not overloaded.',
  true,
);

/** Throws when nothing has come in time; it may still come. kafkajs keeps no time of less than its own 15 s. */
export async function within<T>(ms: number, coming: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(NO_ANSWER), ms);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(broker: ProduceBroker, api: string, options: unknown, withinMs: number): Promise<unknown> {
  const apiKeys = requireHere('kafkajs/src/protocol/requests/apiKeys') as Record<string, number>;
  const { requests } = requireHere('kafkajs/src/protocol/requests') as { requests: Record<string, unknown> };
  const { request, response } = broker.lookupRequest(apiKeys[api] ?? -1, requests[api])(options);
  const answer = broker.connectionPool.send({
    request,
    response: { decode: response.decode, parse: async (data) => data },
    logResponseError: true,
  });
  return within(withinMs, answer);
}

/** Asks about one topic, which a cluster that may do so creates. */
export async function askMetadata(broker: ProduceBroker, topic: string, withinMs: number): Promise<ClusterMetadata> {
  const options = { topics: [topic], allowAutoTopicCreation: true };
  return (await exchange(broker, 'Metadata', options, withinMs)) as ClusterMetadata;
}

/** The error code is in the answer. */
export async function askProducerId(
  broker: ProduceBroker,
  withinMs: number,
): Promise<{ errorCode: number; producerId: string; producerEpoch: number }> {
  return (await exchange(broker, 'InitProducerId', {}, withinMs)) as Awaited<ReturnType<typeof askProducerId>>;
}

/** Acknowledged by all in-sync replicas. */
export async function askToWrite(
  broker: ProduceBroker,
  request: ProduceRequest,
  withinMs: number,
): Promise<ProduceResponse> {
  const options = {
    ...request,
    acks: -1,
    timeout: Math.max(1, withinMs - ANSWER_MS),
    compression: CODEC[request.compression],
  };
  return (await exchange(broker, 'Produce', options, withinMs)) as ProduceResponse;
}

/** The broker that the cluster was reached by. */
export function seedOf(cluster: InternalCluster): ProduceBroker {
  return (cluster as unknown as ProducingCluster).brokerPool.seedBroker;
}

export async function createBroker(
  cluster: InternalCluster,
  { nodeId, host, port, rack }: ClusterMetadata['brokers'][number],
): Promise<ProduceBroker> {
  const { connectionPoolBuilder, brokerPool } = cluster as unknown as ProducingCluster;
  const connectionPool = await connectionPoolBuilder.build({ host, port, rack });
  return brokerPool.createBroker({ connectionPool, logger: brokerPool.seedBroker.rootLogger, nodeId });
}

/** Cuts its connections, whatever is under way on them. */
export function cutBroker(broker: ProduceBroker): void {
  for (const { socket } of broker.connectionPool.pool) socket?.destroy(new Error('given up by the app'));
}

/** The protocol's error for a code, as kafkajs has it. */
export function protocolError(code: number): Error & { readonly type: string; readonly retriable: boolean } {
  const { createErrorFromCode } = requireHere('kafkajs/src/protocol/error') as {
    createErrorFromCode(code: number): Error & { readonly type: string; readonly retriable: boolean };
  };
  return createErrorFromCode(code);
}
