/** Where reading starts, as an offset for each partition. */
import type { StartPosition } from '../../shared/contract';
import { committedOffsets } from './committedOffsets';
import { offsetsAt } from './offsets';
import type { Session } from './session';

export type Offsets = ReadonlyMap<number, number>;

export interface Span {
  /** First offset that Kafka still holds. */
  readonly earliest: Offsets;
  /** Offset that the next record will get. */
  readonly latest: Offsets;
}

/**
 * The newest `records` of a topic, shared evenly between its partitions; what a short partition cannot give, the
 * others do.
 */
export function lastRecords(records: number, { earliest, latest }: Span): Offsets {
  const held = [...latest].map(([partition, end]) => ({
    partition,
    end,
    held: end - (earliest.get(partition) ?? end),
  }));
  held.sort((a, b) => a.held - b.held);
  const starts = new Map<number, number>();
  let left = records;
  for (const [i, one] of held.entries()) {
    const share = Math.min(one.held, Math.ceil(left / (held.length - i)));
    starts.set(one.partition, one.end - share);
    left -= share;
  }
  return starts;
}

/** `now` is the wall clock, epoch ms. Partitions that are absent start at their first record. */
export async function startOffsets(
  session: Session,
  groupId: string,
  topic: string,
  start: StartPosition,
  span: Span,
  now: number,
): Promise<Offsets> {
  const partitions = [...span.latest.keys()];
  const at = async (time: number) => new Map([...span.latest, ...(await offsetsAt(session, topic, partitions, time))]);
  switch (start.kind) {
    case 'beginning':
      return span.earliest;
    case 'now':
      return span.latest;
    case 'committed':
      return committedOffsets(session, groupId, topic, partitions);
    case 'time':
      return at(start.at);
    case 'ago':
      return at(Math.max(0, now - start.ms));
    case 'offset':
      return new Map([...span.latest].map(([partition, end]) => [partition, Math.min(start.offset, end)]));
    case 'last':
      return lastRecords(start.records, span);
  }
}
