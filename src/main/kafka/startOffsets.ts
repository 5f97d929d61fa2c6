/** Where reading starts, as an offset for each partition. */
import type { StartPosition } from '../../shared/contract';
import type { Offsets } from './offsets';

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

/** What has to be asked for first, by rule. */
export interface OffsetSource {
  /** The first record at or after a time (epoch ms); partitions without one are absent. */
  at(time: number): Promise<Offsets>;
  committed(): Promise<Offsets>;
}

/**
 * `began` is when the layer was started (epoch ms). A partition that could not be asked then is `late`: "now" is that
 * time still, or what came meanwhile would be missed. Partitions that are absent start at their first record.
 */
export async function startOffsets(
  start: StartPosition,
  span: Span,
  source: OffsetSource,
  began: number,
  late: boolean,
): Promise<Offsets> {
  const at = async (time: number) => new Map([...span.latest, ...(await source.at(time))]);
  switch (start.kind) {
    case 'beginning':
      return span.earliest;
    case 'now':
      return late ? at(began) : span.latest;
    case 'committed':
      return source.committed();
    case 'time':
      return at(start.at);
    case 'ago':
      return at(Math.max(0, began - start.ms));
    case 'offset':
      return new Map([...span.latest].map(([partition, end]) => [partition, Math.min(start.offset, end)]));
    case 'last':
      return lastRecords(start.records, span);
  }
}
