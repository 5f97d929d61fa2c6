/**
 * The bounded queue in front of the cluster. What waits for the same partition is written together, one request at a
 * time, so that its order holds and a retry is the same batch again; partitions go side by side. Time and the writing
 * itself are passed in.
 */
import { deliver, FIRST_RETRY_MS, LONGEST_RETRY_MS } from './delivery';
import { KafkaError } from './kafkaError';
import { abort, expire, giveUp, type QueuedRecord } from './queuedRecord';
import {
  type Acknowledgement,
  NOTHING_TO_SEND,
  type RecordToSend,
  recordBytes,
  SendError,
  type Sending,
  type SendOutcome,
} from './sending';
import type { Transport } from './transport';

export interface Clock {
  /** ms, never going back. */
  now(): number;
  /** Returns the function that cancels the call. */
  after(ms: number, call: () => void): () => void;
}

const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export interface SendQueueLimits {
  readonly records: number;
  readonly bytes: number;
  /** Of one batch; a record that is larger goes alone. Kafka takes 1 MiB unless told otherwise. */
  readonly batchBytes: number;
  readonly batchRecords: number;
  /** From the hand-over of a record to its acknowledgement, ms. */
  readonly deliverWithinMs: number;
  /** A broker that does not answer for so long, ms, is taken for hung. */
  readonly attemptWithinMs: number;
}

const LIMITS: SendQueueLimits = {
  records: 20_000,
  bytes: 32 << 20,
  batchBytes: 900_000,
  batchRecords: 10_000,
  deliverWithinMs: 30_000,
  attemptWithinMs: 10_000,
};

export interface SendQueueOptions {
  readonly transport: Transport;
  /** At most a few times a second, when something has changed. */
  readonly onSending: (sending: Sending) => void;
  readonly clock?: Clock;
  readonly limits?: Partial<SendQueueLimits>;
}

export interface SendQueue {
  /** One acknowledgement for each record, in order, once all are there; else SendError, which has the outcomes. */
  send(topic: string, records: readonly RecordToSend[]): Promise<Acknowledgement[]>;
  /** Fails whatever is not acknowledged yet. */
  close(): void;
}

const TELL_EVERY_MS = 250;
const SWEEP_EVERY_MS = 1_000;
/** A batch shares its fate; records handed over longer apart than this, ms, do not share one. */
const BATCH_SPAN_MS = 5_000;

/** Records of one topic whose partition is not known yet, or of one partition. */
interface Lane {
  waiting: QueuedRecord[];
  isRunning: boolean;
}

export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { transport, onSending, clock = systemClock } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { deliverWithinMs, attemptWithinMs } = limits;
  /** Waits for room, in the order of the calls. */
  let arrivals: { readonly topic: string; readonly queued: QueuedRecord }[] = [];
  const topics = new Map<string, Lane>();
  const partitions = new Map<string, Lane>();
  /** Admitted and not settled. */
  const held = new Set<QueuedRecord>();
  let bytes = 0;
  const troubles = new Map<string, string>();
  const sleepers = new Set<() => void>();
  let closed = false;
  let told = JSON.stringify(NOTHING_TO_SEND);
  let cancelTelling: (() => void) | undefined;
  let cancelSweep: (() => void) | undefined;

  function tell(): void {
    if (closed || cancelTelling) return;
    cancelTelling = clock.after(TELL_EVERY_MS, () => {
      cancelTelling = undefined;
      const [first] = troubles.values();
      const more = troubles.size > 1 ? ` (And ${troubles.size - 1} more.)` : '';
      const trouble = first === undefined ? null : `${first}${more}`;
      const sending: Sending = { records: held.size, bytes, full: arrivals.length > 0, trouble };
      const text = JSON.stringify(sending);
      if (text === told) return;
      told = text;
      onSending(sending);
    });
  }

  function setTrouble(where: string, error: KafkaError | null): void {
    if (error) troubles.set(where, `${error.message} Trying again.`);
    else if (!troubles.delete(where)) return;
    tell();
  }

  const isOverdue = (queued: QueuedRecord) => clock.now() - queued.handedOver >= deliverWithinMs;

  function expireOverdue(lane: Lane, cause?: KafkaError): void {
    for (const queued of lane.waiting) if (isOverdue(queued)) expire(queued, deliverWithinMs, cause);
    lane.waiting = lane.waiting.filter(({ isSettled }) => !isSettled);
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        sleepers.delete(wake);
        resolve();
      };
      const cancel = clock.after(ms, wake);
      sleepers.add(wake);
    });
  }

  /** Fails what is overdue and not in a batch; batches look after themselves. */
  function sweep(): void {
    cancelSweep = undefined;
    for (const { queued } of arrivals) if (isOverdue(queued)) expire(queued, deliverWithinMs, undefined);
    arrivals = arrivals.filter(({ queued }) => !queued.isSettled);
    for (const lane of [...topics.values(), ...partitions.values()]) expireOverdue(lane);
    admit();
  }

  function keepSweeping(): void {
    if (closed || cancelSweep || (held.size === 0 && arrivals.length === 0)) return;
    cancelSweep = clock.after(SWEEP_EVERY_MS, sweep);
  }

  /** Lets in as many as there is room for; a record larger than the queue when it is empty. */
  function admit(): void {
    let count = 0;
    for (const { topic, queued } of arrivals) {
      const hasRoom = held.size < limits.records && bytes + queued.bytes <= limits.bytes;
      if (!hasRoom && held.size > 0) break;
      held.add(queued);
      bytes += queued.bytes;
      const lane = topics.get(topic) ?? { waiting: [], isRunning: false };
      topics.set(topic, lane);
      lane.waiting.push(queued);
      count += 1;
    }
    if (count > 0) arrivals.splice(0, count);
    for (const [topic, lane] of topics) if (!lane.isRunning && lane.waiting.length > 0) void placeAll(topic, lane);
    keepSweeping();
    tell();
  }

  /** Gives each waiting record of a topic its partition. */
  async function placeAll(topic: string, lane: Lane): Promise<void> {
    lane.isRunning = true;
    let retryMs = FIRST_RETRY_MS;
    while (!closed && lane.waiting.length > 0) {
      const asked = [...lane.waiting];
      try {
        const records = asked.map(({ record }) => record);
        const placed = await transport.place(topic, records);
        if (closed) return;
        // Some may have become overdue meanwhile, and others have come behind.
        const done = new Set(asked);
        lane.waiting = lane.waiting.filter((queued) => !done.has(queued));
        for (const [index, queued] of asked.entries()) {
          if (!queued.isSettled) enqueue(topic, placed[index] ?? 0, queued);
        }
        retryMs = FIRST_RETRY_MS;
        setTrouble(topic, null);
      } catch (thrown) {
        if (closed) return;
        const error = thrown instanceof KafkaError ? thrown : new KafkaError('CLUSTER', String(thrown), '', true);
        if (!error.retriable) {
          const refused = lane.waiting;
          lane.waiting = [];
          for (const queued of refused) giveUp(queued, error);
          continue;
        }
        setTrouble(topic, error);
        expireOverdue(lane, error);
        if (lane.waiting.length > 0) await sleep(retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    setTrouble(topic, null);
    topics.delete(topic);
    if (!closed) admit();
  }

  function enqueue(topic: string, partition: number, queued: QueuedRecord): void {
    const name = `${topic}-${partition}`;
    const lane = partitions.get(name) ?? { waiting: [], isRunning: false };
    partitions.set(name, lane);
    lane.waiting.push(queued);
    if (lane.isRunning) return;
    lane.isRunning = true;
    // What is placed in the same moment goes into the same batch.
    queueMicrotask(() => void writeAll(name, topic, partition, lane));
  }

  async function writeAll(name: string, topic: string, partition: number, lane: Lane): Promise<void> {
    while (!closed && lane.waiting.length > 0) {
      await deliver(takeBatch(lane), {
        topic,
        partition,
        transport,
        deliverWithinMs,
        attemptWithinMs,
        now: clock.now,
        sleep,
        isClosed: () => closed,
        onTrouble: (error) => setTrouble(name, error),
      });
      if (closed) return;
      admit();
    }
    partitions.delete(name);
  }

  function takeBatch(lane: Lane): QueuedRecord[] {
    const from = lane.waiting[0]?.handedOver ?? 0;
    let count = 0;
    let size = 0;
    for (const queued of lane.waiting) {
      const fits = size + queued.bytes <= limits.batchBytes && count < limits.batchRecords;
      if (count > 0 && (!fits || queued.handedOver - from > BATCH_SPAN_MS)) break;
      count += 1;
      size += queued.bytes;
    }
    return lane.waiting.splice(0, count);
  }

  function queue(record: RecordToSend, onOutcome: (outcome: SendOutcome) => void): QueuedRecord {
    const queued: QueuedRecord = {
      record,
      bytes: recordBytes(record),
      handedOver: clock.now(),
      isSettled: false,
      inDoubt: false,
      settle: (outcome) => {
        if (queued.isSettled) return;
        queued.isSettled = true;
        if (held.delete(queued)) bytes -= queued.bytes;
        onOutcome(outcome);
        tell();
      },
    };
    return queued;
  }

  return {
    send: (topic, records) =>
      new Promise((resolve, reject) => {
        const outcomes = new Array<SendOutcome>(records.length);
        let open = records.length;
        if (open === 0) return resolve([]);
        for (const [index, record] of records.entries()) {
          const queued = queue(record, (outcome) => {
            outcomes[index] = outcome;
            open -= 1;
            if (open > 0) return;
            const written = outcomes.filter((outcome) => outcome.kind === 'acknowledged');
            if (written.length < outcomes.length) reject(new SendError(outcomes));
            else resolve(written.map(({ partition, offset }) => ({ partition, offset })));
          });
          if (closed) abort(queued);
          else arrivals.push({ topic, queued });
        }
        if (!closed) admit();
      }),

    close: () => {
      closed = true;
      cancelTelling?.();
      cancelSweep?.();
      for (const queued of [...held, ...arrivals.map((arrival) => arrival.queued)]) abort(queued);
      arrivals = [];
      for (const wake of [...sleepers]) wake();
    },
  };
}
