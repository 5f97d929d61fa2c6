/** Which records of a partition time and size have outgrown (retention.ms, retention.bytes). */
import type { Segment } from './segment.ts';
import type { LogSettings } from './topicConfig.ts';

/**
 * The offset from which on records stay; all before it, whole segments, may go. It is the end of the log if nothing stays.
 *
 * @param segments in order, the last one active
 */
export function firstKeptOffset(segments: readonly Segment[], settings: LogSettings, now: number): number {
  const { retentionMs, retentionBytes } = settings;
  let size = segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
  for (const [index, segment] of segments.entries()) {
    const following = segments[index + 1];
    const isEmpty = segment.sizeInBytes === 0;
    if (isEmpty && following === undefined) return segment.baseOffset;
    // A record without a time is of no age: only size can let it go.
    const hasExpired = isEmpty || (segment.maxTimestamp >= 0 && segment.maxTimestamp < now - retentionMs);
    if (!hasExpired && size - segment.sizeInBytes < retentionBytes) return segment.baseOffset;
    size -= segment.sizeInBytes;
  }
  return segments.at(-1)?.nextOffset ?? 0;
}
