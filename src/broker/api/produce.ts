/**
 * Produce 3-11: 3 brings v2 batches and transactional ids, 5 the log start offset, 7 zstd, 8 error messages (KIP-467),
 * 9 is flexible, 10 names a new leader (KIP-951), 11 is for transactions (KIP-890).
 * Advertised from 0 on: librdkafka before 2.10 takes a broker without Produce 0 for one that knows no compression.
 */
import type { PartitionLog } from '../log/partitionLog.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { produceRequest, produceResponse } from '../wire/messages/produce.ts';
import type { Decoded } from '../wire/schema.ts';
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
    const responses = request.topics.map(({ name, partitions }) => ({
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
  if (request.transactionalId !== null) {
    return refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 'this broker has no transactions yet');
  }
  const log = broker.topics.get(topicName)?.logs[index];
  if (log === undefined) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no ${topicName}-${index}`);
  if (records === null) return refuse(ErrorCode.INVALID_RECORD, 'there are no records');
  const result = log.append(records, Date.now());
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

/** KAFKA_STORAGE_ERROR came with version 4 (KIP-112). */
function gated(errorCode: ErrorCode, version: number): ErrorCode {
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
