/**
 * Produce 3-11: 3 brings v2 batches and transactional ids, 5 the log start offset, 7 zstd, 8 error messages (KIP-467),
 * 9 is flexible, 10 names a new leader (KIP-951), 11 knows that a transaction has to be aborted (KIP-890). A
 * transactional batch has to belong to the open transaction of its producer; 12, which would take its partition into
 * the transaction by itself, is not served.
 * Advertised from 0 on: librdkafka before 2.10 takes a broker without Produce 0 for one that knows no compression.
 */
import type { BrokerState } from '../brokerState.ts';
import type { PartitionLog, TransactionCheck } from '../log/partitionLog.ts';
import type { Topic } from '../log/topicStore.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { produceRequest, produceResponse } from '../wire/messages/produce.ts';
import type { Decoded } from '../wire/schema.ts';
import { withPartitions } from './namedPartitions.ts';
import { CLOSE_CONNECTION, defineApi, NO_RESPONSE, type RequestContext } from './registry.ts';

type ProduceRequest = Decoded<typeof produceRequest.shape>;

interface PartitionResult {
  readonly index: number;
  readonly errorCode: ErrorCode;
  readonly baseOffset: number;
  readonly logAppendTimeMs?: number;
  readonly logStartOffset?: number;
  readonly errorMessage?: string;
}

defineApi({
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 11,
  advertisedMinVersion: 0,
  request: produceRequest,
  response: produceResponse,
  handle(request, context) {
    const touched = new Set<PartitionLog>();
    const responses = withPartitions(request.topics).map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, records }) => appendTo(request, context, name, index, records, touched)),
    }));
    if (request.acks === 0) {
      const failed = responses.some((topic) => topic.partitions.some(({ errorCode }) => errorCode !== ErrorCode.NONE));
      return failed ? CLOSE_CONNECTION : NO_RESPONSE;
    }
    const flushes = [...touched].filter((log) => log.mustFlush);
    if (flushes.length === 0) return { responses };
    return Promise.all(flushes.map((log) => log.flush())).then(
      () => ({ responses }),
      () => ({ responses: withStorageErrors(request) }),
    );
  },
});

function appendTo(
  request: ProduceRequest,
  { broker, version }: RequestContext,
  topicName: string,
  index: number,
  records: Buffer | null,
  touched: Set<PartitionLog>,
): PartitionResult {
  const refuse = (errorCode: ErrorCode, errorMessage: string) => ({ index, errorCode, baseOffset: -1, errorMessage });
  if (request.acks < -1 || request.acks > 1) {
    return refuse(ErrorCode.INVALID_REQUIRED_ACKS, `acks has to be -1, 0 or 1, not ${request.acks}`);
  }
  const topic = broker.topics.get(topicName);
  const log = topic?.logs[index];
  if (topic === undefined || log === undefined)
    return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no ${topicName}-${index}`);
  if (records === null) return refuse(ErrorCode.INVALID_RECORD, 'there are no records');
  const result = log.append(records, Date.now(), checkTransaction(request, broker, topic, index));
  if (result.kind === 'refused') return refuse(gated(result.errorCode, version), result.message);
  touched.add(log);
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: result.baseOffset,
    logAppendTimeMs: result.logAppendTime,
    logStartOffset: log.startOffset,
  };
}

function checkTransaction(
  { transactionalId }: ProduceRequest,
  { transactions }: BrokerState,
  topic: Topic,
  partition: number,
): TransactionCheck {
  return (batch) => {
    if (transactionalId === null) {
      const errorCode = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
      return { errorCode, message: 'a transactional batch needs a transactional id' };
    }
    const errorCode = transactions.checkBatch(transactionalId, batch, topic.id, partition);
    if (errorCode === ErrorCode.NONE) return undefined;
    // The transaction is still being ended: that passes, and this is what clients of every age try again.
    if (errorCode === ErrorCode.CONCURRENT_TRANSACTIONS) {
      return { errorCode: ErrorCode.NOT_ENOUGH_REPLICAS, message: 'the transaction before is still being ended' };
    }
    return { errorCode, message: `the partition or the producer is not in the transaction of ${transactionalId}` };
  };
}

/** KAFKA_STORAGE_ERROR came with version 4 (KIP-112), TRANSACTION_ABORTABLE with 11 (KIP-890). */
function gated(errorCode: ErrorCode, version: number): ErrorCode {
  if (errorCode === ErrorCode.INVALID_TXN_STATE && version >= 11) return ErrorCode.TRANSACTION_ABORTABLE;
  if (errorCode === ErrorCode.KAFKA_STORAGE_ERROR && version < 4) return ErrorCode.UNKNOWN_SERVER_ERROR;
  return errorCode;
}

function withStorageErrors(request: ProduceRequest) {
  const errorCode = ErrorCode.KAFKA_STORAGE_ERROR;
  return request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index }) => ({
      index,
      errorCode,
      baseOffset: -1,
      errorMessage: 'the disk refused a sync',
    })),
  }));
}
