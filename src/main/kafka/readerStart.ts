/** Gives partitions the position at which reading them starts, leader by leader: one that is away keeps none waiting. */
import type { StartPosition, StopPosition } from '../../shared/contract';
import type { BrokerConnection } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { committedOffsets } from './committedOffsets';
import { toKafkaError } from './kafkaError';
import { askOffsetsOf, EARLIEST, LATEST, type Offsets } from './offsets';
import type { KnownPositions, Located, ReaderEvent } from './reading';
import { byLeader, type ReadPartition, setTrouble } from './readPartition';
import { startOffsets } from './startOffsets';

export interface ReaderStartOptions {
  readonly cluster: ClusterConnections;
  readonly topic: string;
  readonly groupId: string;
  readonly start: StartPosition | KnownPositions;
  readonly stop: StopPosition;
  /** When reading was asked for, epoch ms. */
  readonly began: number;
  readonly onEvent: (event: ReaderEvent) => void;
  readonly onLocated: (located: Omit<Located, 'topicId'>) => void;
}

/** One leader's partitions, and what it holds of them. */
interface Group {
  readonly broker: BrokerConnection;
  readonly partitions: readonly ReadPartition[];
  readonly earliest: Offsets;
  readonly latest: Offsets;
}

/**
 * Afterwards each of the partitions has a position or a trouble. `late`: it was tried before, and could not be.
 * Never throws.
 */
export async function locate(
  wanted: readonly ReadPartition[],
  options: ReaderStartOptions,
  late: boolean,
): Promise<void> {
  const groups = [...byLeader(wanted.filter(({ leader }) => leader >= 0))];
  const isShared = 'kind' in options.start && options.start.kind === 'last';
  const held = await Promise.all(
    groups.map(([leader, partitions]) =>
      guarded(partitions, async () => {
        const group = await look(leader, partitions, options);
        if (!isShared) await place([group], options, late);
        return group;
      }),
    ),
  );
  // The last records are shared out between all partitions.
  const all = held.filter((group) => group !== undefined);
  if (isShared && all.length > 0) await guarded(wanted, () => place(all, options, late));
}

async function guarded<T>(partitions: readonly ReadPartition[], take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (thrown) {
    for (const one of partitions) if (one.position === undefined) setTrouble(one, toKafkaError(thrown));
    return undefined;
  }
}

async function look(
  leader: number,
  partitions: readonly ReadPartition[],
  { cluster, topic }: ReaderStartOptions,
): Promise<Group> {
  const broker = await cluster.connection(leader);
  const numbers = partitions.map(({ partition }) => partition);
  const [earliest, latest] = await Promise.all([
    askOffsetsOf(broker, topic, numbers, EARLIEST),
    askOffsetsOf(broker, topic, numbers, LATEST),
  ]);
  for (const one of partitions) {
    const error = earliest.errors.get(one.partition) ?? latest.errors.get(one.partition);
    if (error) setTrouble(one, toKafkaError(error));
  }
  const answered = partitions.filter(
    ({ partition }) => earliest.offsets.has(partition) && latest.offsets.has(partition),
  );
  return { broker, partitions: answered, earliest: earliest.offsets, latest: latest.offsets };
}

async function place(groups: readonly Group[], options: ReaderStartOptions, late: boolean): Promise<void> {
  const partitions = groups.flatMap((group) => group.partitions);
  if (partitions.length === 0) return;
  const earliest = new Map(groups.flatMap((group) => [...group.earliest]));
  const latest = new Map(groups.flatMap((group) => [...group.latest]));
  const { start, stop, onEvent } = options;
  const found = await wantedOffsets(groups, { earliest, latest }, options, late);
  const stops = await stopOffsets(groups, latest, options);
  const positions = new Map<number, number>();
  for (const one of partitions) {
    const { partition } = one;
    const low = earliest.get(partition) ?? 0;
    const high = latest.get(partition) ?? low;
    const wanted = (one.isFirst ? found.get(partition) : undefined) ?? low;
    const isKnown = start.kind === 'positions';
    let position = wanted;
    if (wanted < low) {
      // Asked for by number, an offset that is gone is only where the person guessed; left off there, it is a loss.
      if (isKnown || start.kind === 'committed') onEvent({ kind: 'gap', partition, from: wanted, to: low });
      position = low;
    } else if (wanted > high) {
      const isSameTopic = isKnown && start.topicId !== null;
      if (isSameTopic) onEvent({ kind: 'truncated', partition, from: high, to: wanted });
      position = isSameTopic ? high : low;
    }
    one.position = position;
    one.stop = stop.kind === 'never' ? undefined : stops.get(partition);
    one.trouble = undefined;
    positions.set(partition, position);
  }
  options.onLocated({ positions, highWatermarks: latest, stops });
}

async function wantedOffsets(
  groups: readonly Group[],
  span: { readonly earliest: Offsets; readonly latest: Offsets },
  { cluster, topic, groupId, start, began }: ReaderStartOptions,
  late: boolean,
): Promise<Offsets> {
  if (start.kind === 'positions') return start.positions;
  const source = {
    at: async (time: number) => new Map((await atTime(groups, topic, time)).flatMap((offsets) => [...offsets])),
    committed: () => committedOffsets(cluster, groupId, topic, [...span.latest.keys()]),
  };
  return startOffsets(start, span, source, began, late);
}

/** By group; partitions without a record that late are absent. */
function atTime(groups: readonly Group[], topic: string, time: number): Promise<Offsets[]> {
  return Promise.all(
    groups.map(async ({ broker, partitions }) => {
      const numbers = partitions.map(({ partition }) => partition);
      const { offsets, errors } = await askOffsetsOf(broker, topic, numbers, time);
      for (const error of errors.values()) throw error;
      return offsets;
    }),
  );
}

async function stopOffsets(
  groups: readonly Group[],
  latest: Offsets,
  { topic, stop }: ReaderStartOptions,
): Promise<Offsets> {
  if (stop.kind === 'never') return new Map();
  if (stop.kind === 'end') return latest;
  if (stop.kind === 'offset') return new Map([...latest.keys()].map((partition) => [partition, stop.offset + 1]));
  const found = new Map((await atTime(groups, topic, stop.at)).flatMap((offsets) => [...offsets]));
  // No record is that late. What comes before a time that is past would have come by now.
  if (stop.at <= Date.now()) {
    for (const [partition, end] of latest) if (!found.has(partition)) found.set(partition, end);
  }
  return found;
}
