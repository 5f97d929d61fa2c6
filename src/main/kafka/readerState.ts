/** How reading goes as a whole, from how it goes in each partition. */
import type { KafkaError } from './kafkaError';
import type { ReaderState } from './reading';
import type { ReadPartition } from './readPartition';

/**
 * Undefined while that cannot be said yet.
 *
 * @param unfinished the partitions that are still to be read
 * @param layoutTrouble why the topic's layout cannot be had
 */
export function readerStateOf(
  unfinished: readonly ReadPartition[],
  layoutTrouble: KafkaError | undefined,
  throttledMs: number,
): ReaderState | undefined {
  const troubled = unfinished.filter(({ trouble }) => trouble !== undefined);
  const error = layoutTrouble ?? troubled[0]?.trouble;
  const answered = unfinished.filter((one) => one.answered);
  if (error && answered.length === 0 && (layoutTrouble || troubled.length === unfinished.length)) {
    return { kind: 'retrying', error };
  }
  // All is well only once every partition has been answered; one that is away must not be hidden by the others.
  if (answered.length + troubled.length < unfinished.length || unfinished.length === 0) return undefined;
  const reason = troubled[0]?.trouble;
  if (reason) return { kind: 'partly', partitions: troubled.map(({ partition }) => partition), error: reason };
  return throttledMs > 0 ? { kind: 'throttled', ms: throttledMs } : { kind: 'reading' };
}
