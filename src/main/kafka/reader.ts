/**
 * Reads one topic without a consumer group: it keeps its own position for each partition, so nothing is left behind on
 * the cluster, nothing is read twice and nothing is skipped, whatever breaks on the way. Each broker is read by itself:
 * one that is away holds up its own partitions and no others.
 *
 * Back-pressure is the listener's promise: while it is unresolved, no more than the next answer is fetched from that
 * broker, and only where there is a backlog.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type BrokerConnection, protocolError } from './brokerConnection';
import { createClusterConnections, type TopicLayout } from './clusterConnections';
import type { FetchedPartition } from './fetch';
import { type Fetching, startFetch } from './fetching';
import { KafkaError, toKafkaError } from './kafkaError';
import { partedAt, withEpochsOf } from './leaderEpochs';
import { askOffsetsOf, EARLIEST, LATEST } from './offsets';
import { type Ahead, readAhead } from './readAhead';
import { locate } from './readerStart';
import { readerStateOf } from './readerState';
import type { Located, Reader, ReaderListener, ReadOrder } from './reading';
import { boundsOf, byLeader, goOn, isAtStop, newPartition, type ReadPartition, setTrouble } from './readPartition';
import type { SessionOptions } from './session';

export type * from './reading';

export interface ReaderOptions extends ReadOrder, SessionOptions {
  readonly listener: ReaderListener;
}

/** How long a broker holds a fetch that finds nothing, ms. A produce ends the wait at once. */
const LONG_POLL_MS = 5_000;
/** The same while a partition has no leader that answers: it may come to this broker. */
const TROUBLED_POLL_MS = 500;
const LAYOUT_AGE_MS = 5_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** The more it fails, the longer; what only somebody's doing can change is not hurried. */
const retryDelay = (attempt: number, isHopeful: boolean) =>
  isHopeful ? Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 10), MAX_RETRY_MS) : MAX_RETRY_MS;

const NO_LEADER = new KafkaError(
  'LEADER_AWAY',
  'It has no leader at the moment.',
  'Wait until its broker is back, or the cluster has chosen another one.',
  true,
);

export function openReader(options: ReaderOptions): Reader {
  const { topic, start, stop, listener } = options;
  const cluster = createClusterConnections({ ...options, createsTopics: false });
  const began = Date.now();
  const partitions = new Map<number, ReadPartition>();
  /** Brokers that are being read. */
  const lanes = new Set<number>();
  const closing = new AbortController();
  // Every broker that is away may be waited for at once.
  setMaxListeners(0, closing.signal);
  let topicId = start.kind === 'positions' ? start.topicId : null;
  let isKnown = false;
  /** Why the topic's layout cannot be had. */
  let layoutTrouble: KafkaError | undefined;
  let throttledMs = 0;
  let told = '';
  let lookSoon: () => void = () => undefined;

  const isClosed = () => closing.signal.aborted;
  const sleep = (ms: number) => delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  const unfinished = () => [...partitions.values()].filter((one) => !isAtStop(one));

  function close(): void {
    closing.abort();
    cluster.close();
  }

  function tellState(): void {
    const state = isClosed() ? undefined : readerStateOf(unfinished(), layoutTrouble, throttledMs);
    if (!state) return;
    const key = JSON.stringify('error' in state ? { ...state, error: state.error.message } : state);
    if (key === told) return;
    told = key;
    listener.onState(state);
  }

  function endWhenDone(): void {
    if (isClosed() || partitions.size === 0 || unfinished().length > 0) return;
    close();
    listener.onDone();
  }

  function endReplaced(): void {
    if (isClosed()) return;
    close();
    listener.onReplaced();
  }

  /** Takes over who leads what; false when the topic is another one than before. */
  function learn(layout: TopicLayout): boolean {
    const isOther = topicId !== null && layout.topicId !== null && layout.topicId !== topicId;
    if (isOther || layout.partitions.length < partitions.size) return false;
    topicId = layout.topicId ?? topicId;
    const added: number[] = [];
    for (const { partitionId, leader } of layout.partitions) {
      const one = partitions.get(partitionId) ?? newPartition(partitionId, leader, !isKnown);
      if (!partitions.has(partitionId)) added.push(partitionId);
      partitions.set(partitionId, one);
      one.leader = leader;
      one.suspended = false;
      if (leader < 0) setTrouble(one, NO_LEADER);
    }
    if (isKnown && added.length > 0) listener.onEvent({ kind: 'partitions-added', partitions: added });
    isKnown = true;
    return true;
  }

  /** Follows the topic's layout, and starts what can be read. */
  async function follow(): Promise<void> {
    for (let attempt = 0, rounds = 0; !isClosed(); rounds++) {
      try {
        const layout = await cluster.layout(topic);
        if (isClosed()) return;
        layoutTrouble = undefined;
        if (!learn(layout)) return endReplaced();
      } catch (thrown) {
        layoutTrouble = toKafkaError(thrown);
      }
      const missing = layoutTrouble ? [] : [...partitions.values()].filter(({ position }) => position === undefined);
      if (missing.length > 0) await locate(missing, startOptions, rounds > 0);
      if (isClosed()) return;
      endWhenDone();
      readAll();
      tellState();
      const isWell = !layoutTrouble && unfinished().every(({ trouble }) => trouble === undefined);
      attempt = isWell ? 0 : attempt + 1;
      if (isWell) {
        await new Promise<void>((resolve) => {
          lookSoon = resolve;
          void sleep(LAYOUT_AGE_MS).then(resolve);
        });
      } else await sleep(retryDelay(attempt - 1, layoutTrouble?.retriable ?? true));
    }
  }

  const startOptions = {
    cluster,
    topic,
    groupId: options.groupId,
    start,
    stop,
    began,
    onEvent: listener.onEvent,
    onLocated: (located: Omit<Located, 'topicId'>) => {
      if (isClosed()) return;
      listener.onStart({ topicId, ...located });
      readAll();
    },
  };

  /** What can be fetched from this broker now. */
  const readable = (nodeId: number) =>
    unfinished().filter(
      (one) => one.leader === nodeId && one.position !== undefined && !one.handingOver && !one.suspended,
    );

  function readAll(): void {
    if (isClosed()) return;
    for (const nodeId of byLeader(unfinished()).keys()) {
      if (nodeId < 0 || lanes.has(nodeId) || readable(nodeId).length === 0) continue;
      lanes.add(nodeId);
      void readBroker(nodeId).finally(() => {
        lanes.delete(nodeId);
        // A partition may have come to it just as it ended.
        if (!isClosed() && readable(nodeId).length > 0) readAll();
      });
    }
  }

  /** Reads what one broker leads, until it leads nothing any more. Never throws. */
  async function readBroker(nodeId: number): Promise<void> {
    let ahead: Fetching | undefined;
    for (let attempt = 0, turn = 0; ; turn++) {
      const mine = readable(nodeId);
      if (isClosed() || mine.length === 0) return;
      // Whoever is first in the request is served first: everyone in turn.
      const inTurn = [...mine.slice(turn % mine.length), ...mine.slice(0, turn % mine.length)];
      let broker: BrokerConnection | undefined;
      try {
        broker = await cluster.connection(nodeId);
        if (isClosed()) return;
        // One that failed while nobody waited for it was never asked.
        const fetching = ahead?.broker === broker && !ahead.failed ? ahead : ask(broker, inTurn);
        const outcome = await fetched(fetching, nodeId);
        ahead = outcome.ahead;
        if (outcome.served) attempt = 0;
        else await sleep(retryDelay(attempt++, true));
      } catch (thrown) {
        if (isClosed()) return;
        ahead = undefined;
        if (broker) cluster.drop(broker);
        const error = toKafkaError(thrown);
        for (const one of mine) if (one.leader === nodeId) setTrouble(one, error);
        lookSoon();
        tellState();
        await sleep(retryDelay(attempt++, error.retriable));
      }
    }
  }

  function ask(broker: BrokerConnection, asked: readonly ReadPartition[]): Fetching {
    // The first answer comes at once, so that the state is known.
    const isTroubled = unfinished().some(({ trouble }) => trouble !== undefined);
    const isFirst = asked.some(({ answered }) => !answered);
    const maxWaitMs = isFirst ? 0 : isTroubled ? TROUBLED_POLL_MS : LONG_POLL_MS;
    return send(
      broker,
      asked.map(({ partition, position = 0, epochs }) => ({ partition, position, epochs })),
      maxWaitMs,
    );
  }

  function send(broker: BrokerConnection, asked: readonly Ahead[], maxWaitMs: number): Fetching {
    const fetching = startFetch(broker, topic, topicId, asked, maxWaitMs);
    for (const { partition } of asked) {
      const one = partitions.get(partition);
      if (one) one.claim = fetching.claim;
    }
    return fetching;
  }

  /** Takes in an answer. `served`: false when the broker had nothing but errors; `ahead`: what was asked meanwhile. */
  async function fetched({ broker, claim, positions, answer }: Fetching, nodeId: number) {
    const response = await answer;
    if (response.errorCode !== 0) throw protocolError(response.errorCode);
    throttledMs = response.throttleMs;
    let served = 0;
    if (throttledMs > 0 && response.partitions.length === 0) {
      // Nothing is given to who has had too much; that is an answer all the same, and may be the only one for long.
      for (const partition of positions.keys()) {
        const one = partitions.get(partition);
        if (one?.claim !== claim) continue;
        Object.assign(one, { trouble: undefined, answered: true });
        served += 1;
      }
    }
    const current = response.partitions.flatMap((fetched) => {
      const one = partitions.get(fetched.partition);
      if (one?.claim !== claim) return [];
      if (one.position === positions.get(fetched.partition) && !isAtStop(one)) return [{ one, fetched }];
      // Asked for ahead, and taking in has ended elsewhere.
      served += 1;
      return [];
    });
    const ahead = throttledMs > 0 ? undefined : askAhead(broker, nodeId, current);
    const taking = current.map(async ({ one, fetched }) => {
      if (await take(broker, one, fetched)) served += 1;
    });
    await Promise.all(taking);
    if (isClosed()) return { served: true };
    tellState();
    if (throttledMs > 0) await sleep(throttledMs);
    return { served: served > 0, ahead };
  }

  /** Asks for what is behind an answer that is about to be taken in, unless somebody else waits for this broker, too. */
  function askAhead(
    broker: BrokerConnection,
    nodeId: number,
    answer: readonly { readonly one: ReadPartition; readonly fetched: FetchedPartition }[],
  ): Fetching | undefined {
    if (isClosed() || readable(nodeId).length !== answer.length) return undefined;
    const answered = answer.map(({ one, fetched }) => ({ ...one, position: one.position ?? 0, fetched }));
    const [first, ...others] = readAhead(answered) ?? [];
    // Whoever was first is last now.
    return first && send(broker, [...others, first], 0);
  }

  /** Hands over what was fetched of one partition; false when there was an error in its place. */
  async function take(broker: BrokerConnection, one: ReadPartition, fetched: FetchedPartition): Promise<boolean> {
    const { errorCode, highWatermark, data, abortedTransactions } = fetched;
    if (errorCode !== 0) {
      const error = protocolError(errorCode);
      if (error.type === 'OFFSET_OUT_OF_RANGE' && (await relocate(broker, one))) return true;
      setTrouble(one, toKafkaError(error));
      one.suspended = true;
      lookSoon();
      return false;
    }
    one.trouble = undefined;
    one.answered = true;
    tellState();
    const { partition, position = 0 } = one;
    if (fetched.divergence) {
      goBack(one, partedAt(one.epochs, fetched.divergence, position));
      return true;
    }
    one.handingOver = true;
    try {
      const epochs = withEpochsOf(data, one.epochs);
      const bounds = boundsOf(one, stop);
      const passed = await listener.onFetched({ partition, data, abortedTransactions, highWatermark, ...bounds });
      goOn(one, stop, passed, highWatermark, Date.now());
      one.epochs = epochs;
    } finally {
      one.handingOver = false;
    }
    endWhenDone();
    // Its leader may have moved meanwhile.
    if (!isClosed() && !lanes.has(one.leader)) readAll();
    return true;
  }

  /** Kafka does not have the position. Says what is missing and goes on behind it; false when it cannot be told. */
  async function relocate(broker: BrokerConnection, one: ReadPartition): Promise<boolean> {
    const { partition, position = 0 } = one;
    const ask = async (timestamp: number) =>
      (await askOffsetsOf(broker, topic, [partition], timestamp)).offsets.get(partition);
    const [low, high] = await Promise.all([ask(EARLIEST), ask(LATEST)]);
    if (low === undefined || high === undefined || isClosed()) return false;
    if (position < low) {
      listener.onEvent({ kind: 'gap', partition, from: position, to: low });
      one.position = low;
    } else if (position > high) {
      // Without ids, this is all that tells a topic that was made anew.
      if (topicId === null) endReplaced();
      else goBack(one, high);
    }
    // Kafka, too, says so when it cannot tell where an epoch ended: it is not asked about that again.
    else one.epochs = [];
    return true;
  }

  /** What was read from this offset on is gone from the log. */
  function goBack(one: ReadPartition, to: number): void {
    const { partition, position = 0 } = one;
    if (to < position) listener.onEvent({ kind: 'truncated', partition, from: to, to: position });
    one.position = to;
    one.epochs = one.epochs.filter(({ from }) => from < to);
  }

  void follow();
  return { close };
}
