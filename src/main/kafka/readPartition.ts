/** What the reader keeps of one partition: who leads it, the next offset to read, and where reading it is to stop. */
import type { StopPosition } from '../../shared/contract';
import type { KafkaError } from './kafkaError';
import type { EpochStart } from './leaderEpochs';
import type { Passed } from './reading';
import type { ReadBounds } from './recordBatches';

export interface ReadPartition {
  readonly partition: number;
  /** It was there when reading began; one that was added since is read from its first record. */
  readonly isFirst: boolean;
  /** Node id; negative: it has none. */
  leader: number;
  /** The next offset to read; undefined until it is known where to start. */
  position: number | undefined;
  /** Of the leaders that wrote what has been read. */
  epochs: readonly EpochStart[];
  /** Reading ends before this offset; undefined while there is no end. */
  stop: number | undefined;
  /** Why it cannot be read. */
  trouble: KafkaError | undefined;
  /** Its leader answered with an error: it is not asked again before the layout has been looked at anew. */
  suspended: boolean;
  /** It has been answered since it began, or since its last trouble. */
  answered: boolean;
  /** The fetch whose answer counts: when the leader moves, two may be under way. */
  claim: symbol | undefined;
  /** Its records are being handed over; whoever leads it now, nothing more is fetched meanwhile. */
  handingOver: boolean;
}

export const newPartition = (partition: number, leader: number, isFirst: boolean): ReadPartition => ({
  partition,
  isFirst,
  leader,
  position: undefined,
  epochs: [],
  stop: undefined,
  trouble: undefined,
  suspended: false,
  answered: false,
  claim: undefined,
  handingOver: false,
});

export const isAtStop = ({ position, stop }: ReadPartition): boolean =>
  position !== undefined && stop !== undefined && position >= stop;

export const setTrouble = (partition: ReadPartition, error: KafkaError): void => {
  partition.trouble = error;
  partition.answered = false;
};

/** Offset and time (epoch ms) before which reading ends, as far as they are known. */
export const boundsOf = ({ position = 0, stop }: ReadPartition, rule: StopPosition): ReadBounds => ({
  position,
  end: stop ?? Number.POSITIVE_INFINITY,
  before: rule.kind === 'time' && stop === undefined ? rule.at : Number.POSITIVE_INFINITY,
});

/**
 * Goes on to where the records were taken in. The first record that is later than a time to come sets the stop; so
 * does the time itself, once everything that was there has been read. `now`: epoch ms.
 */
export function goOn(
  partition: ReadPartition,
  rule: StopPosition,
  { next, late }: Passed,
  highWatermark: number,
  now: number,
): void {
  partition.position = next;
  if (rule.kind !== 'time' || partition.stop !== undefined) return;
  if (late !== null) partition.stop = late;
  else if (next >= highWatermark && now > rule.at) partition.stop = next;
}

export function byLeader<T extends { readonly leader: number }>(partitions: Iterable<T>): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const partition of partitions) {
    const group = groups.get(partition.leader);
    if (group) group.push(partition);
    else groups.set(partition.leader, [partition]);
  }
  return groups;
}
