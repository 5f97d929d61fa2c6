/** Fetch, by topic id where the broker has them: a topic that was made anew then never passes for the one before it. */
import {
  ask,
  type BrokerConnection,
  type Decoder,
  type Encoder,
  type Message,
  newestVersion,
  readArray,
  writeArray,
} from './brokerConnection';
import { KafkaError } from './kafkaError';
import { type Divergence, NO_EPOCH } from './leaderEpochs';
import type { AbortedTransaction } from './recordBatches';
import { READ_COMMITTED } from './session';

export interface FetchRequest {
  readonly topic: string;
  readonly topicId: string | null;
  /** The offset to read from, by partition. In this order while the answer has room. */
  readonly positions: ReadonlyMap<number, number>;
  /** Epoch of the leader that wrote the record before the position, by partition, where it is known. */
  readonly lastEpochs?: ReadonlyMap<number, number>;
  /** How long the broker may wait for a first record, ms. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}

export interface FetchedPartition {
  readonly partition: number;
  /** 0, or the protocol's error code. */
  readonly errorCode: number;
  /** The offset that the next record will get, once it is on all in-sync replicas. */
  readonly highWatermark: number;
  /** Up to where no transaction is open; what is behind it cannot be read yet. */
  readonly lastStableOffset: number;
  readonly abortedTransactions: readonly AbortedTransaction[];
  /** Then there are no records: what is before the position is not what was read there. */
  readonly divergence: Divergence | undefined;
  readonly data: Buffer;
}

export interface FetchResponse {
  /** The broker answers nothing else on the connection for so long: a quota. */
  readonly throttleMs: number;
  /** Of the whole request. */
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

const FETCH = 1;
/** Topics by name: from the first with transactions (Kafka 0.11) to the last that is not flexible. */
const BY_NAME = [4, 5, 6, 7, 8, 9, 10, 11];
/** The first with topic ids (KIP-516, Kafka 3.1), flexible. */
const WITH_TOPIC_IDS = 13;
/** Number of a tagged field. */
const DIVERGING_EPOCH = 0;

/** Throws KafkaError UNSUPPORTED_VERSION for brokers before Kafka 0.11. */
export async function askFetch(
  broker: BrokerConnection,
  request: FetchRequest,
  withinMs: number,
): Promise<FetchResponse> {
  const versions = request.topicId === null ? BY_NAME : [...BY_NAME, WITH_TOPIC_IDS];
  const version = newestVersion(broker, FETCH, versions);
  if (version < 0) {
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      'The broker is older than Kafka 0.11, or newer than what is known here.',
      'Use a cluster of Kafka 0.11 to 4.',
      false,
    );
  }
  return ask(broker, fetchMessage(request, version), withinMs);
}

/** The message in one version: 4 to 11, or 13. */
export function fetchMessage(request: FetchRequest, version: number): Message<FetchResponse> {
  const flexible = version >= WITH_TOPIC_IDS;
  return {
    apiKey: FETCH,
    apiName: 'Fetch',
    apiVersion: version,
    flexible,
    write: (body) => writeRequest(body, request, version, flexible),
    read: (body) => readResponse(body, version, flexible),
  };
}

function writeRequest(body: Encoder, request: FetchRequest, version: number, flexible: boolean): void {
  body.writeInt32(-1).writeInt32(request.maxWaitMs).writeInt32(1).writeInt32(request.maxBytes);
  body.writeInt8(READ_COMMITTED);
  if (version >= 7) body.writeInt32(0).writeInt32(-1); // no fetch session
  writeArray(body, flexible, [request], ({ topic, topicId, positions, lastEpochs }) => {
    if (version >= WITH_TOPIC_IDS) body.writeBufferInternal(Buffer.from(topicId ?? '', 'hex'));
    else body.writeString(topic);
    writeArray(body, flexible, [...positions], ([partition, position]) => {
      body.writeInt32(partition);
      if (version >= 9) body.writeInt32(-1); // the leader's epoch is not checked
      body.writeInt64(position);
      if (flexible) body.writeInt32(lastEpochs?.get(partition) ?? NO_EPOCH);
      if (version >= 5) body.writeInt64(-1);
      body.writeInt32(request.maxBytesPerPartition);
      if (flexible) body.writeUVarInt(0);
    });
    if (flexible) body.writeUVarInt(0);
  });
  if (version >= 7) writeArray(body, flexible, [], () => undefined); // forgotten topics
  if (version >= 11) {
    if (flexible) body.writeUVarIntString('');
    else body.writeString('');
  }
  if (flexible) body.writeUVarInt(0);
}

function readResponse(body: Decoder, version: number, flexible: boolean): FetchResponse {
  const throttleMs = body.readInt32();
  const errorCode = version >= 7 ? body.readInt16() : 0;
  if (version >= 7) body.readInt32(); // session
  const topics = readArray(body, flexible, () => {
    if (version >= WITH_TOPIC_IDS) body.readBytes(16);
    else body.readString();
    const partitions = readArray(body, flexible, () => readPartition(body, version, flexible));
    if (flexible) body.readTaggedFields();
    return partitions;
  });
  return { throttleMs, errorCode, partitions: topics.flat() };
}

function readPartition(body: Decoder, version: number, flexible: boolean): FetchedPartition {
  const partition = body.readInt32();
  const errorCode = body.readInt16();
  const highWatermark = Number(body.readInt64().toString());
  const lastStableOffset = Number(body.readInt64().toString());
  if (version >= 5) body.readInt64(); // log start offset
  const abortedTransactions = readArray(body, flexible, () => {
    const producerId = BigInt(body.readInt64().toString());
    const firstOffset = Number(body.readInt64().toString());
    if (flexible) body.readTaggedFields();
    return { producerId, firstOffset };
  });
  if (version >= 11) body.readInt32(); // preferred replica
  // Not readUVarIntBytes: kafkajs gives one byte too many there.
  const data = (flexible ? body.readBytes(body.readUVarInt() - 1) : body.readBytes()) ?? Buffer.alloc(0);
  const divergence = flexible ? readDivergence(body) : undefined;
  return { partition, errorCode, highWatermark, lastStableOffset, abortedTransactions, divergence, data };
}

/** Among the tagged fields behind a partition, which kafkajs only skips. */
function readDivergence(body: Decoder): Divergence | undefined {
  let found: Divergence | undefined;
  for (let left = body.readUVarInt(); left > 0; left--) {
    const tag = body.readUVarInt();
    const field = body.readBytes(body.readUVarInt());
    if (tag === DIVERGING_EPOCH && field && field.length >= 12) {
      found = { epoch: field.readInt32BE(0), endOffset: Number(field.readBigInt64BE(4)) };
    }
  }
  return found;
}
