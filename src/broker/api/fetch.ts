/**
 * Fetch 4-16: 4 brings isolation levels, 5 the log start offset, 7 fetch sessions (declined), 9 leader epochs, 11 racks,
 * 12 is flexible, 13 topic ids (KIP-516), 15 a tagged replica state (KIP-903), 16 node endpoints (KIP-951).
 *
 * A fetch that finds less than it asks for is parked, and what is appended meanwhile is counted: the same look at the logs
 * is taken again when that is enough.
 */
import { LEADER_EPOCH, type PartitionLog } from '../log/partitionLog.ts';
import type { Topic } from '../log/topicStore.ts';
import type { Steps } from '../turns.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { fetchRequest, fetchResponse } from '../wire/messages/fetch.ts';
import { readBatchSize, readLastOffset } from '../wire/recordBatch.ts';
import type { Decoded, Encodable } from '../wire/schema.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi, type RequestContext } from './registry.ts';

export const FETCH_KEY = 1;

/** Kafka's fetch.max.bytes of a broker: no response is larger, whatever is asked for. */
const MAX_RESPONSE_BYTES = 57_671_680;
/** Isolation level: no record of a transaction that is open; with those of aborted ones comes the list of them. */
const READ_COMMITTED = 1;
/** Epochs of sessions (KIP-227). */
const NEW_SESSION = 0;
const NO_SESSION = -1;
const MAX_TIMER_MS = 0x7fff_ffff;
const NO_BYTES = Buffer.alloc(0);
const NOTHING = { responses: [] };

type FetchRequest = Decoded<typeof fetchRequest.shape>;
type FetchResponse = Encodable<typeof fetchResponse.shape>;
type TopicFound = NonNullable<FetchResponse['responses']>[number];
type PartitionFound = NonNullable<TopicFound['partitions']>[number];
type WantedTopic = FetchRequest['topics'][number];
type WantedPartition = WantedTopic['partitions'][number];

/** A partition of which there was not enough, as it was then. */
interface Watched {
  readonly topic: WantedTopic;
  readonly partition: WantedPartition;
  readonly log: PartitionLog;
  /** Bytes of records that were found. */
  readonly found: number;
  readonly appendedBytes: number;
  readonly end: number;
}

interface Look {
  readonly response: FetchResponse;
  /** There is enough, or something that the client has to know at once. */
  readonly isDue: boolean;
  /** Bytes of records that the client waits for. */
  readonly enough: number;
  readonly watched: readonly Watched[];
}

defineApi({
  key: FETCH_KEY,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 16,
  request: fetchRequest,
  response: fetchResponse,
  handle(request, context) {
    // Sessions are declined by answering with id 0; whoever goes on with one takes us for a broker that had begun it.
    if (request.sessionEpoch !== NEW_SESSION && request.sessionEpoch !== NO_SESSION)
      return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, responses: [] };
    const answer = (look: Look) =>
      look.isDue || request.maxWaitMs <= 0 ? look.response : waitForMore(request, context, look);
    const look = context.work(looking(request, context));
    return look instanceof Promise ? look.then(answer) : answer(look);
  },
});

/** What is found at first is not kept, and not read again before there is enough: many requests may wait here. */
function waitForMore(request: FetchRequest, context: RequestContext, first: Look): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    let waits = waitFor(first);
    let ended = false;
    const finish = (look?: Look) => {
      if (ended) return;
      ended = true;
      waits.stop();
      clearTimeout(timer);
      unpark();
      resolve(context.isGone() ? NOTHING : responseOf(look ?? context.work(looking(request, context))));
    };
    const lookAgain = async () => {
      if (ended) return;
      const look = await context.work(looking(request, context));
      if (ended) return;
      if (look.isDue) finish(look);
      else waits = waitFor(look);
    };
    function waitFor({ watched, enough }: Look) {
      // One look for all the partitions that one produce request fills.
      return new EnoughBytes(request, context, watched, enough, () => queueMicrotask(() => lookAgain().catch(reject)));
    }
    const timer = setTimeout(() => finish(), Math.min(request.maxWaitMs, MAX_TIMER_MS));
    const unpark = context.park(() => finish());
  });
}

const responseOf = async (look: Look | Promise<Look>) => (await look).response;

/** Counts what is appended to the logs, and says once when it is enough, or when one of them has something else to tell. */
class EnoughBytes {
  private readonly stops = new Map<Watched, () => void>();
  /** What there is of each partition, where that is more than was found. */
  private readonly available = new Map<Watched, number>();
  private bytes: number;
  private isTold = false;

  constructor(
    private readonly request: FetchRequest,
    private readonly context: RequestContext,
    watched: readonly Watched[],
    private readonly enough: number,
    private readonly onEnough: () => void,
  ) {
    this.bytes = watched.reduce((sum, { found }) => sum + found, 0);
    for (const one of watched) {
      if (this.isTold) break;
      // The others had their turns between the look and now.
      if (this.grownBy(one) > 0 || this.hasFailed(one)) this.appended(one);
      else this.listen(one);
    }
  }

  private listen(one: Watched): void {
    this.stops.set(
      one,
      one.log.whenAppended(() => this.appended(one)),
    );
  }

  private appended(one: Watched): void {
    const { partition, found } = one;
    const before = this.available.get(one) ?? found;
    const now = Math.min(found + this.grownBy(one), Math.max(partition.partitionMaxBytes, found));
    this.available.set(one, now);
    this.bytes += now - before;
    if (!this.hasFailed(one) && this.bytes < this.enough) {
      this.listen(one);
      return;
    }
    this.isTold = true;
    this.stop();
    this.onEnough();
  }

  private hasFailed({ topic, partition }: Watched): boolean {
    return errorOf(topic, partition, this.context) !== ErrorCode.NONE;
  }

  private grownBy({ log, appendedBytes, end }: Watched): number {
    return endOf(log, this.request) > end ? log.appendedBytes - appendedBytes : 0;
  }

  stop(): void {
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
  }
}

function endOf(log: PartitionLog, { isolationLevel }: FetchRequest): number {
  return isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.nextOffset;
}

/** Reading many partitions may take long: others have turns between. */
function* looking(request: FetchRequest, context: RequestContext): Steps<Look> {
  const { memory } = context.broker;
  const most = Math.min(Math.max(request.maxBytes, 0), MAX_RESPONSE_BYTES);
  const watched: Watched[] = [];
  const room = memory.responseRoom;
  let budget = Math.min(most, room);
  // More than can be sent must not be waited for; nor, while memory is short, as much as whole batches may just miss.
  const enough = Math.min(request.minBytes, room < most ? room / 2 : most);
  let bytes = 0;
  let failed = false;
  let asked = 0;
  const responses: TopicFound[] = [];
  // Those who look meanwhile have to know what is taken already.
  const held = memory.unsent.share();
  try {
    for (const topic of withPartitions(request.topics)) {
      const partitions: PartitionFound[] = [];
      for (const partition of topic.partitions) {
        asked += 1;
        const errorCode = errorOf(topic, partition, context);
        const log = topicOf(topic, context)?.logs[partition.partition];
        if (log === undefined || errorCode !== ErrorCode.NONE) {
          failed = true;
          partitions.push(refused(partition.partition, errorCode));
        } else {
          const limit = Math.min(budget, Math.max(partition.partitionMaxBytes, 0));
          const end = endOf(log, request);
          const records = readFrom(log, partition.fetchOffset, end, limit, bytes === 0);
          watched.push({ topic, partition, log, found: records.length, appendedBytes: log.appendedBytes, end });
          bytes += records.length;
          held.set(bytes);
          budget = Math.max(budget - records.length, 0);
          partitions.push(found(partition, log, request.isolationLevel, records));
        }
        yield;
      }
      responses.push({ topic: topic.topic, topicId: topic.topicId, partitions });
    }
  } finally {
    memory.unsent.end(held);
  }
  return { response: { responses }, isDue: failed || asked === 0 || bytes >= enough, enough, watched };
}

function topicOf({ topic, topicId }: WantedTopic, { broker, version }: RequestContext): Topic | undefined {
  return version >= 13 ? broker.topics.getById(topicId) : broker.topics.get(topic);
}

function errorOf(wanted: WantedTopic, partition: WantedPartition, context: RequestContext): ErrorCode {
  const { fetchOffset, currentLeaderEpoch, lastFetchedEpoch } = partition;
  const topic = topicOf(wanted, context);
  if (topic === undefined && context.version >= 13) return ErrorCode.UNKNOWN_TOPIC_ID;
  const log = topic?.logs[partition.partition];
  if (log === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (currentLeaderEpoch > LEADER_EPOCH) return ErrorCode.UNKNOWN_LEADER_EPOCH;
  if (lastFetchedEpoch > LEADER_EPOCH) return ErrorCode.OFFSET_OUT_OF_RANGE;
  if (fetchOffset < log.startOffset || fetchOffset > log.nextOffset) return ErrorCode.OFFSET_OUT_OF_RANGE;
  return ErrorCode.NONE;
}

function readFrom(log: PartitionLog, offset: number, end: number, maxBytes: number, atLeastOne: boolean): Buffer {
  if (offset >= end || (maxBytes === 0 && !atLeastOne)) return NO_BYTES;
  return log.read(offset, maxBytes, atLeastOne, end);
}

function found(wanted: WantedPartition, log: PartitionLog, isolationLevel: number, records: Buffer) {
  return {
    partition: wanted.partition,
    errorCode: ErrorCode.NONE as ErrorCode,
    highWatermark: log.nextOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions: isolationLevel === READ_COMMITTED ? abortedIn(wanted, log, records) : null,
    records,
  };
}

/** The aborted transactions whose records or end markers are among the batches that are sent. */
function abortedIn({ fetchOffset }: WantedPartition, log: PartitionLog, records: Buffer) {
  if (records.length === 0) return [];
  let lastOffset = fetchOffset;
  for (let at = 0; at < records.length; at += readBatchSize(records, at)) lastOffset = readLastOffset(records, at);
  return log.abortedTransactions(fetchOffset, lastOffset + 1);
}

const isUnknown = (errorCode: ErrorCode) =>
  errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || errorCode === ErrorCode.UNKNOWN_TOPIC_ID;

function refused(partition: number, errorCode: ErrorCode) {
  return {
    partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: isUnknown(errorCode) ? [] : null,
    records: NO_BYTES,
  };
}
