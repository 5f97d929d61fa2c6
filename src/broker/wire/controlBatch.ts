/**
 * The batch that ends a transaction in a partition (KIP-98): one control record, which clients step over. Its key is
 * version int16 and type int16 (0 abort, 1 commit), its value version int16 and coordinator epoch int32.
 */
import { BATCH_HEADER_BYTES, sealBatch } from './recordBatch.ts';

const TRANSACTIONAL_AND_CONTROL = 0x30;
const NO_SEQUENCE = -1;
const ABORT = 0;
const COMMIT = 1;
/** The coordinator is always this node: its epoch never changes. */
const COORDINATOR_EPOCH = 0;
/** Length 16 as a varint, attributes, time delta 0, offset delta 0, key length 4 as a varint. */
const BEFORE_KEY = Buffer.from([32, 0, 0, 0, 8]);
const KEY_AT = BATCH_HEADER_BYTES + BEFORE_KEY.length;

export interface EndMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
}

/** `now` in ms. */
export function endMarkerBatch({ producerId, producerEpoch, committed }: EndMarker, now: number): Buffer {
  const record = Buffer.alloc(12);
  record.writeInt16BE(0, 0);
  record.writeInt16BE(committed ? COMMIT : ABORT, 2);
  // Value length 6 as a varint; version; coordinator epoch; no headers.
  record.writeInt8(12, 4);
  record.writeInt16BE(0, 5);
  record.writeInt32BE(COORDINATOR_EPOCH, 7);
  record.writeInt8(0, 11);
  const header = { attributes: TRANSACTIONAL_AND_CONTROL, timestamp: now, producerId, producerEpoch };
  return sealBatch(Buffer.concat([BEFORE_KEY, record]), { ...header, baseSequence: NO_SEQUENCE, recordCount: 1 });
}

/** Whether a whole control batch says commit or abort; undefined if it is another kind of control record, or empty. */
export function readEndMarker(bytes: Buffer): 'commit' | 'abort' | undefined {
  if (bytes.length < KEY_AT + 4 || !bytes.subarray(BATCH_HEADER_BYTES + 4, KEY_AT).equals(BEFORE_KEY.subarray(4))) {
    return undefined;
  }
  const type = bytes.readInt16BE(KEY_AT + 2);
  if (type === COMMIT) return 'commit';
  return type === ABORT ? 'abort' : undefined;
}
