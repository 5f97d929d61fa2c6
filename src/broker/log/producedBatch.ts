/** What a broker asks of a batch before it takes it in. The records inside are the producer's own business. */
import { ErrorCode } from '../wire/errorCode.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  hasValidChecksum,
  readBatchHeader,
  readBatchSize,
} from '../wire/recordBatch.ts';
import { openPlainBatch } from './batchFilter.ts';
import type { LogSettings } from './topicConfig.ts';

export interface BatchProblem {
  readonly errorCode: ErrorCode;
  readonly message: string;
}

const CODEC_BITS = 0x07;
/** Zstandard. */
const NEWEST_CODEC = 4;

function problem(errorCode: ErrorCode, message: string): BatchProblem {
  return { errorCode, message };
}

/** The header of exactly one sound batch, or why it is refused. `now` in ms. */
export function checkProducedBatch(bytes: Buffer, settings: LogSettings, now: number): BatchHeader | BatchProblem {
  if (bytes.length < BATCH_HEADER_BYTES) return problem(ErrorCode.INVALID_RECORD, 'the batch is cut short');
  const size = readBatchSize(bytes, 0);
  const header = readBatchHeader(bytes);
  if (header.magic !== 2) {
    const isOld = header.magic === 0 || header.magic === 1;
    const errorCode = isOld ? ErrorCode.INVALID_RECORD : ErrorCode.CORRUPT_MESSAGE;
    return problem(errorCode, `batches have to be of magic 2, not ${header.magic}`);
  }
  if (size < BATCH_HEADER_BYTES || size > bytes.length) {
    const errorCode = size > bytes.length ? ErrorCode.INVALID_RECORD : ErrorCode.CORRUPT_MESSAGE;
    return problem(errorCode, `the batch claims ${size} bytes, ${bytes.length} came`);
  }
  if (size < bytes.length) return problem(ErrorCode.INVALID_RECORD, 'one batch per partition is allowed in a request');
  if (size > settings.maxMessageBytes) {
    return problem(ErrorCode.MESSAGE_TOO_LARGE, `the batch has ${size} bytes, ${settings.maxMessageBytes} are allowed`);
  }
  if (!hasValidChecksum(bytes)) return problem(ErrorCode.CORRUPT_MESSAGE, 'the checksum of the batch does not hold');
  if (header.baseOffset !== 0) {
    return problem(ErrorCode.INVALID_RECORD, `the base offset has to be 0, not ${header.baseOffset}`);
  }
  if ((bytes.readInt16BE(21) & CODEC_BITS) > NEWEST_CODEC) {
    return problem(ErrorCode.UNKNOWN_SERVER_ERROR, 'the batch is packed by a codec that does not exist');
  }
  const lastOffsetDelta = header.lastOffset - header.baseOffset;
  if (header.recordCount <= 0 || lastOffsetDelta !== header.recordCount - 1) {
    return problem(
      ErrorCode.INVALID_RECORD,
      `${header.recordCount} records do not fit a last offset delta of ${lastOffsetDelta}`,
    );
  }
  if (settings.compacts && !header.compressed && !hasKeys(bytes)) {
    return problem(ErrorCode.INVALID_RECORD, 'a compacted topic takes no records without a key');
  }
  if (header.control) return problem(ErrorCode.INVALID_RECORD, 'clients may not write control records');
  if (header.transactional && header.producerId < 0) {
    return problem(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 'a transactional batch needs a producer id');
  }
  if (header.producerId >= 0 && (header.producerEpoch < 0 || header.baseSequence < 0)) {
    return problem(ErrorCode.INVALID_RECORD, 'an idempotent batch needs an epoch and a sequence number');
  }
  return checkTimes(header, settings, now) ?? header;
}

/** Of an uncompressed batch: nothing is unpacked for a producer. */
function hasKeys(bytes: Buffer): boolean {
  return openPlainBatch(bytes)?.records.every(({ key }) => key !== null) ?? false;
}

function checkTimes(header: BatchHeader, settings: LogSettings, now: number): BatchProblem | undefined {
  if (settings.logAppendTime || header.maxTimestamp < 0) return undefined;
  if (header.maxTimestamp - now > settings.timestampAfterMaxMs) {
    return problem(
      ErrorCode.INVALID_TIMESTAMP,
      `timestamp ${header.maxTimestamp} is more than ${settings.timestampAfterMaxMs} ms ahead of the broker`,
    );
  }
  if (now - header.baseTimestamp > settings.timestampBeforeMaxMs) {
    return problem(
      ErrorCode.INVALID_TIMESTAMP,
      `timestamp ${header.baseTimestamp} is more than ${settings.timestampBeforeMaxMs} ms behind the broker`,
    );
  }
  return undefined;
}
