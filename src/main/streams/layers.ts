/**
 * The layers on the map: which topics, from where, in which style; each with its running stream. Streams run while
 * there is a points port, which a page that is loading may not have taken yet. Another page gets every stream again from
 * where it had started, so the map fills again: Kafka holds the data, not we.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  Layer,
  LayerCounts,
  LayerStatus,
  LayerStyle,
  Limits,
  StartPosition,
  StopPosition,
} from '../../shared/contract';
import { noCounts } from '../../shared/layerCounts';
import { newLayerColors } from '../../shared/layerPalette';
import type { FromWorker } from '../../shared/pointsPort';
import { CommandFailure } from '../ipc/commandFailure';
import type { KafkaClient } from '../kafka/kafkaClient';
import type { KnownPositions } from '../kafka/reading';
import type { LayerSetting } from '../settings/settings';
import type { Decoding } from './decoding/decoding';
import type { PointsPort } from './pointsPort';
import { readerEventWords } from './readerEventWords';
import { openStream, type Stream } from './stream';

const MINUTE = 60_000;
const COMMIT_EVERY_MS = 2_000;
const MAX_LAYERS = 50;
/** Before a stream that the map could not follow is started anew, ms. */
const BROKEN_PAUSE_MS = 1_000;

export interface LayersListener {
  onLayers(): void;
  onCounts(): void;
  /** A layer has read all that there was when it began. */
  onCaughtUp(): void;
  onConfigured(): void;
  onNotice(level: 'info' | 'warning' | 'error', message: string, action: string | null): void;
  onRead(records: number): void;
  log(level: 'warn' | 'error', message: string): void;
}

interface Entry {
  readonly topic: string;
  start: StartPosition;
  stop: StopPosition;
  style: LayerStyle;
  number: number;
  status: LayerStatus;
  stream: Stream | undefined;
  /** Where this reading began; kept so that a new page sees the same. */
  origin: KnownPositions | undefined;
  /** Highest position committed, by partition. */
  committed: Map<number, number>;
}

export interface Layers {
  list(): Layer[];
  counts(): LayerCounts[];
  settings(): LayerSetting[];
  has(topic: string): boolean;
  add(topic: string, start: StartPosition, stop?: StopPosition): Layer;
  remove(topic: string): Promise<void>;
  restart(topic: string, start: StartPosition, stop: StopPosition): Layer;
  style(topic: string, style: LayerStyle): Layer;
  /** Other caps: every stream starts again from where it started. */
  useLimits(limits: Limits): void;
  /** The page is there (again): start every stream over this port. Undefined: it is gone, end them. */
  connect(port: PointsPort | undefined): void;
  /** The cluster is reachable under this client, or (undefined) not yet. */
  useClient(client: KafkaClient | undefined): void;
  /**
   * Another cluster: its layers take the place of all there are, and wait for its client. Resolves when the client
   * that was in use has committed what was read, or could not.
   */
  replace(saved: readonly LayerSetting[]): Promise<void>;
  close(): Promise<void>;
}

export function createLayers(decoding: Decoding, startLimits: Limits, listener: LayersListener): Layers {
  let limits = startLimits;
  const entries = new Map<string, Entry>();
  let client: KafkaClient | undefined;
  let port: PointsPort | undefined;
  let lastNumber = 0;
  decoding.post({ kind: 'limit', entities: limits.entities });
  let commitTimer: NodeJS.Timeout | undefined;

  function newEntry(topic: string, start: StartPosition, stop: StopPosition, style: LayerStyle): Entry {
    lastNumber += 1;
    return {
      topic,
      start,
      stop,
      style,
      number: lastNumber,
      status: { kind: 'starting' },
      stream: undefined,
      origin: undefined,
      committed: new Map(),
    };
  }

  function find(topic: string): Entry {
    const entry = entries.get(topic);
    if (entry) return entry;
    throw new CommandFailure(
      'not-found',
      `The topic ${topic} is not on the map.`,
      'Tick it in the list of topics first.',
    );
  }

  const toLayer = ({ topic, number, start, stop, style, status }: Entry): Layer => ({
    topic,
    stream: number,
    start,
    stop,
    style,
    status,
  });

  function end(entry: Entry): void {
    const { stream } = entry;
    if (!stream) return;
    entry.origin = stream.origin() ?? entry.origin;
    stream.close();
    entry.stream = undefined;
  }

  function run(entry: Entry): void {
    if (!client || !port || entry.stream) return;
    const to = port;
    lastNumber += 1;
    entry.number = lastNumber;
    entry.status = { kind: 'starting' };
    entry.stream = openStream({
      number: entry.number,
      topic: entry.topic,
      range: { start: entry.origin ?? entry.start, stop: entry.stop },
      client,
      decoding,
      limits,
      measure: entry.style.measure?.field ?? null,
      post: (message) => to.post(message),
      onRead: listener.onRead,
      listener: {
        onStatus: (status) => {
          entry.status = status;
          listener.onLayers();
        },
        onCounts: () => {
          scheduleCommit();
          listener.onCounts();
        },
        onCaughtUp: listener.onCaughtUp,
        onEvent: (event) => {
          // What is read there next has offsets that were committed before.
          if (event.kind === 'truncated') entry.committed.delete(event.partition);
          const { level, message, action } = readerEventWords(entry.topic, event);
          listener.onNotice(level, message, action);
        },
        onReplaced: () => {
          listener.onNotice(
            'warning',
            `${entry.topic} was deleted and made anew; the new topic is read from its first record.`,
            null,
          );
          end(entry);
          entry.origin = { kind: 'positions', topicId: null, positions: new Map() };
          entry.committed = new Map();
          run(entry);
          listener.onCounts();
        },
        onBroken: (message) => {
          listener.log('error', message);
          listener.onNotice('error', `The map lost count of ${entry.topic}; it is being read again.`, null);
          end(entry);
          // Not at once: what broke it may break it again.
          setTimeout(() => {
            if (entries.get(entry.topic) === entry) run(entry);
          }, BROKEN_PAUSE_MS);
        },
      },
    });
    listener.onLayers();
  }

  function scheduleCommit(): void {
    commitTimer ??= setTimeout(() => {
      commitTimer = undefined;
      for (const entry of entries.values()) void commit(entry);
    }, COMMIT_EVERY_MS);
  }

  async function commit(entry: Entry): Promise<void> {
    const { stream } = entry;
    if (!client || client.readOnly || !stream) return;
    const fresh = new Map<number, number>();
    for (const [partition, position] of stream.applied()) {
      // A page that was loaded again reads old records once more; where one left off does not move back by that.
      if (position > (entry.committed.get(partition) ?? -1)) fresh.set(partition, position);
    }
    if (fresh.size === 0) return;
    for (const [partition, position] of fresh) entry.committed.set(partition, position);
    try {
      await client.commit(entry.topic, fresh);
    } catch (error) {
      for (const partition of fresh.keys()) entry.committed.delete(partition);
      listener.log('warn', `could not commit where ${entry.topic} was left: ${String(error)}`);
    }
  }

  function freshStart(entry: Entry, start: StartPosition, stop: StopPosition): void {
    end(entry);
    entry.start = start;
    entry.stop = stop;
    entry.origin = undefined;
    entry.committed = new Map();
    run(entry);
    listener.onLayers();
    listener.onCounts();
    listener.onConfigured();
  }

  function nextColor(): string {
    const used = new Map(newLayerColors.map((color) => [color, 0]));
    for (const { style } of entries.values()) used.set(style.color, (used.get(style.color) ?? 0) + 1);
    return newLayerColors.reduce((best, color) => ((used.get(color) ?? 0) < (used.get(best) ?? 0) ? color : best));
  }

  return {
    list: () => [...entries.values()].map(toLayer),
    counts: () => {
      const now = performance.now();
      return [...entries.values()].map((entry) => entry.stream?.counts(now) ?? noCounts(entry.topic));
    },
    settings: () => [...entries.values()].map(({ topic, start, stop, style }) => ({ topic, start, stop, style })),
    has: (topic) => entries.has(topic),
    add: (topic, start, stop = { kind: 'never' }) => {
      const known = entries.get(topic);
      if (known) return toLayer(known);
      if (entries.size >= MAX_LAYERS) {
        throw new CommandFailure('refused', `The map holds at most ${MAX_LAYERS} layers.`, 'Take one off first.');
      }
      const entry = newEntry(topic, start, stop, {
        color: nextColor(),
        visible: true,
        trails: true,
        fadeAfterMs: 10 * MINUTE,
        hideAfterMs: 60 * MINUTE,
        measure: null,
      });
      entries.set(topic, entry);
      freshStart(entry, start, stop);
      return toLayer(entry);
    },
    remove: async (topic) => {
      const entry = find(topic);
      entries.delete(topic);
      const committed = commit(entry);
      end(entry);
      listener.onLayers();
      listener.onCounts();
      listener.onConfigured();
      await committed;
    },
    restart: (topic, start, stop) => {
      const entry = find(topic);
      const committed = commit(entry);
      if (start.kind === 'committed') {
        // Go on from what is on the map now, once Kafka has been told.
        end(entry);
        void committed.then(() => {
          if (entries.get(topic) === entry) freshStart(entry, start, stop);
        });
      } else freshStart(entry, start, stop);
      return toLayer(entry);
    },
    style: (topic, style) => {
      const entry = find(topic);
      const sameField = entry.style.measure?.field === style.measure?.field;
      entry.style = style;
      if (!sameField && style.measure) {
        // Only the records have its number.
        end(entry);
        run(entry);
        listener.onCounts();
      }
      listener.onLayers();
      listener.onConfigured();
      return toLayer(entry);
    },
    useLimits: (next) => {
      if (isDeepStrictEqual(next, limits)) return;
      for (const entry of entries.values()) end(entry);
      limits = next;
      decoding.post({ kind: 'limit', entities: limits.entities });
      for (const entry of entries.values()) run(entry);
      listener.onCounts();
    },
    connect: (next) => {
      for (const entry of entries.values()) end(entry);
      port?.close();
      port = next;
      next?.listen((message: FromWorker) => {
        for (const { stream } of entries.values()) if (stream?.number === message.stream) stream.fromWorker(message);
      });
      for (const entry of entries.values()) run(entry);
      listener.onCounts();
    },
    useClient: (next) => {
      if (client === next) return;
      for (const entry of entries.values()) end(entry);
      client = next;
      for (const entry of entries.values()) run(entry);
    },
    replace: async (saved) => {
      const commits = [...entries.values()].map(commit);
      for (const entry of entries.values()) end(entry);
      client = undefined;
      entries.clear();
      for (const { topic, start, stop, style } of saved.slice(0, MAX_LAYERS)) {
        entries.set(topic, newEntry(topic, start, stop, style));
      }
      listener.onLayers();
      listener.onCounts();
      await Promise.allSettled(commits);
    },
    close: async () => {
      if (commitTimer !== undefined) clearTimeout(commitTimer);
      const commits = [...entries.values()].map(commit);
      for (const entry of entries.values()) end(entry);
      await Promise.race([Promise.allSettled(commits), new Promise((resolve) => setTimeout(resolve, 700))]);
      port?.close();
    },
  };
}
