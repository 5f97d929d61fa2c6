/** The one thing a broker reads in what a member says of itself: the topics it reads (ConsumerProtocolSubscription). */
import { ByteReader } from '../wire/byteReader.ts';
import { ProtocolError } from '../wire/protocolError.ts';

/** Undefined where the bytes are of no such form, as those of a client's own protocol may be. */
export function subscribedTopics(metadata: Buffer): string[] | undefined {
  const reader = new ByteReader(metadata);
  try {
    if (reader.int16() < 0) return undefined;
    const count = reader.checkCount(reader.int32());
    if (count < 0) return undefined;
    return Array.from({ length: count }, () => reader.utf8(Math.max(reader.int16(), 0)));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
