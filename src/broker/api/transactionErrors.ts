/** Which versions of a request know PRODUCER_FENCED (KIP-588); to older ones it is INVALID_PRODUCER_EPOCH. */
import { ErrorCode } from '../wire/errorCode.ts';

export function fencedSince(firstVersion: number, version: number, errorCode: ErrorCode): ErrorCode {
  if (errorCode === ErrorCode.PRODUCER_FENCED && version < firstVersion) return ErrorCode.INVALID_PRODUCER_EPOCH;
  return errorCode;
}
