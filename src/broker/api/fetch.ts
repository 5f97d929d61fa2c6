/**
 * Fetch 4-16: 4 brings isolation levels, 5 the log start offset, 7 fetch sessions (declined), 9 leader epochs, 11 racks,
 * 12 is flexible, 13 topic ids (KIP-516), 15 a tagged replica state (KIP-903), 16 node endpoints (KIP-951).
 *
 * A fetch that finds less than it asks for is parked: the same look at the logs is taken again when one of them grows.
 */
import { LEADER_EPOCH, type PartitionLog } from '../log/partitionLog.ts';
import type { Topic } from '../log/topicStore.ts';
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
type WantedPartition = FetchRequest['topics'][number]['partitions'][number];

interface Look {
  readonly response: FetchResponse;
  /** There is enough, or something that the client has to know at once. */
  readonly isDue: boolean;
  readonly logs: readonly PartitionLog[];
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
    const look = lookAtLogs(request, context);
    if (look.isDue || request.maxWaitMs <= 0) return look.response;
    return waitForMore(request, context, look);
  },
});

function waitForMore(request: FetchRequest, context: RequestContext, first: Look): Promise<FetchResponse> {
  return new Promise((resolve) => {
    // Only the logs are kept, not the records that were found and do not suffice: many requests may wait here.
    let { logs } = first;
    let stops: (() => void)[] = [];
    let woken = false;
    let ended = false;
    const stopListening = () => {
      for (const stop of stops) stop();
      stops = [];
    };
    const finish = (look?: Look) => {
      ended = true;
      stopListening();
      clearTimeout(timer);
      unpark();
      resolve(context.isGone() ? NOTHING : (look ?? lookAtLogs(request, context)).response);
    };
    const lookAgain = () => {
      if (ended) return;
      woken = false;
      const look = lookAtLogs(request, context);
      logs = look.logs;
      if (look.isDue) finish(look);
      else listen();
    };
    // One look for all the partitions that one produce request fills.
    const wake = () => {
      stopListening();
      if (woken) return;
      woken = true;
      queueMicrotask(lookAgain);
    };
    const listen = () => {
      stops = logs.map((log) => log.whenAppended(wake));
    };
    const timer = setTimeout(() => finish(), Math.min(request.maxWaitMs, MAX_TIMER_MS));
    const unpark = context.park(() => finish());
    listen();
  });
}

function lookAtLogs(request: FetchRequest, context: RequestContext): Look {
  const { topics, memory } = context.broker;
  const most = Math.min(Math.max(request.maxBytes, 0), MAX_RESPONSE_BYTES);
  const logs: PartitionLog[] = [];
  const room = memory.responseRoom;
  let budget = Math.min(most, room);
  // More than can be sent must not be waited for; nor, while memory is short, as much as whole batches may just miss.
  const enough = Math.min(request.minBytes, room < most ? room / 2 : most);
  let bytes = 0;
  let failed = false;
  let asked = 0;
  const responses = withPartitions(request.topics).map((wanted) => {
    const byId = context.version >= 13;
    const topic = byId ? topics.getById(wanted.topicId) : topics.get(wanted.topic);
    const partitions = wanted.partitions.map((partition) => {
      asked += 1;
      const log = topic?.logs[partition.partition];
      const errorCode = check(topic, log, partition, byId);
      if (log === undefined || errorCode !== ErrorCode.NONE) {
        failed = true;
        return refused(partition.partition, errorCode);
      }
      logs.push(log);
      const limit = Math.min(budget, Math.max(partition.partitionMaxBytes, 0));
      const end = request.isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.nextOffset;
      const records = readFrom(log, partition.fetchOffset, end, limit, bytes === 0);
      bytes += records.length;
      budget = Math.max(budget - records.length, 0);
      return found(partition, log, request.isolationLevel, records);
    });
    return { topic: wanted.topic, topicId: wanted.topicId, partitions };
  });
  return { response: { responses }, isDue: failed || asked === 0 || bytes >= enough, logs };
}

function check(
  topic: Topic | undefined,
  log: PartitionLog | undefined,
  { fetchOffset, currentLeaderEpoch, lastFetchedEpoch }: WantedPartition,
  byId: boolean,
): ErrorCode {
  if (topic === undefined && byId) return ErrorCode.UNKNOWN_TOPIC_ID;
  if (log === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (currentLeaderEpoch > LEADER_EPOCH) return ErrorCode.UNKNOWN_LEADER_EPOCH;
  if (lastFetchedEpoch > LEADER_EPOCH) return ErrorCode.OFFSET_OUT_OF_RANGE;
  if (fetchOffset < log.startOffset || fetchOffset > log.nextOffset) return ErrorCode.OFFSET_OUT_OF_RANGE;
  return ErrorCode.NONE;
}

function readFrom(log: PartitionLog, offset: number, end: number, maxBytes: number, atLeastOne: boolean): Buffer {
  if (offset >= end) return NO_BYTES;
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
