/** Sends a file's rows to a topic at the file's own pace, N times faster, or as fast as the cluster takes them. */
import { randomUUID } from 'node:crypto';
import type { Playback } from '../../shared/contract';
import { CommandFailure } from '../ipc/commandFailure';
import type { KafkaClient, RecordToSend } from '../kafka/kafkaClient';
import { KafkaError, toKafkaError } from '../kafka/kafkaError';
import { outcomesOf } from '../kafka/sending';
import { endsSending, inWords } from './failedSend';
import { FileError, type FileRow, fieldAt, fileRows, keyText } from './fileRows';
import type { OpenedFile } from './playableFiles';

const BATCH_RECORDS = 500;
const BATCH_BYTES = 512 << 10;
const RETRY_MS = 1_000;
/** Pace of rows that carry no time: this long after the row before, at speed 1, ms. */
const UNTIMED_STEP_MS = 100;
const MAX_PLAYBACKS = 20;

export interface PlaybackSpec {
  readonly file: OpenedFile;
  readonly topic: string;
  readonly keyField: string | null;
  /** Times the file's own pace; null: as fast as the cluster takes it. */
  readonly speed: number | null;
}

export interface PlaybackOptions {
  readonly client: () => KafkaClient | undefined;
  readonly onChange: () => void;
  readonly onSent: (records: number) => void;
}

export interface Playbacks {
  list(): Playback[];
  start(spec: PlaybackSpec): Playback;
  cancel(id: string): void;
  /** Ends every playback that runs, for the same reason. */
  cancelAll(reason: string): void;
  dismiss(id: string): void;
  close(): void;
}

interface Running {
  readonly view: () => Playback;
  /** Nothing happens when it has ended already. */
  readonly cancel: (reason: string | null) => void;
}

interface Row {
  /** Of its line, from 1. */
  readonly number: number;
  readonly record: RecordToSend;
}

const NO_CLIENT = new KafkaError(
  'NO_CLIENT',
  'There is no connection to the cluster.',
  'Wait until the app has reached it.',
  true,
);

/** Whether a row that was not written may be taken another time; somebody may create the topic. */
const mayHelp = ({ retriable, code }: KafkaError) =>
  retriable || code === 'CLUSTER' || code === 'UNKNOWN_TOPIC_OR_PARTITION';

function play(id: string, spec: PlaybackSpec, options: PlaybackOptions): Running {
  const { file, topic, keyField, speed } = spec;
  let state: Playback['state'] = 'running';
  let reason: string | null = null;
  let sent = 0;
  let failed = 0;
  let bytesRead = 0;
  let wake: (() => void) | undefined;
  /** Why the last row that failed did. */
  let refusal: string | null = null;
  const isGoing = () => state === 'running' || state === 'retrying';

  const set = (next: Playback['state'], why: string | null) => {
    if (!isGoing()) return;
    state = next;
    reason = why;
    options.onChange();
  };

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /**
   * Sends each row until it is acknowledged. A row that the cluster will never take is counted as failed, and so is one
   * that may have been written or not: sent again it could be there twice. The others go on.
   */
  async function send(rows: readonly Row[]): Promise<void> {
    let left = rows;
    while (left.length > 0 && isGoing()) {
      const client = options.client();
      try {
        if (!client) throw NO_CLIENT;
        await client.send(
          topic,
          left.map(({ record }) => record),
        );
        acknowledged(left.length);
        if (state === 'retrying') set('running', null);
        return;
      } catch (thrown) {
        const error = toKafkaError(thrown);
        const again: Row[] = [];
        let written = 0;
        for (const [index, outcome] of outcomesOf(error, left.length).entries()) {
          const row = left[index];
          if (!row) continue;
          if (outcome.kind === 'acknowledged') written += 1;
          else if (outcome.written === 'no' && mayHelp(outcome.error)) again.push(row);
          else {
            failed += 1;
            refusal = `Row ${row.number}: ${inWords(outcome.error)}`;
          }
        }
        acknowledged(written);
        left = again;
        if (endsSending(error)) return set('failed', inWords(error));
        if (left.length === 0) {
          if (state === 'retrying') set('running', null);
          return;
        }
        set('retrying', error.message);
        await sleep(RETRY_MS);
      }
    }
  }

  function acknowledged(records: number): void {
    sent += records;
    if (records > 0) options.onSent(records);
    options.onChange();
  }

  async function run(): Promise<void> {
    let batch: Row[] = [];
    let batchBytes = 0;
    const flush = async () => {
      const rows = batch;
      batch = [];
      batchBytes = 0;
      await send(rows);
    };
    const started = performance.now();
    let origin: number | null = null;
    /** When the row is due, in ms of the file's own time since its first row. Never goes back. */
    let due = 0;

    for await (const row of fileRows(file.path, file.format, file.name)) {
      if (!isGoing()) return;
      if (speed !== null) {
        if (row.time === null) due += UNTIMED_STEP_MS;
        else {
          origin ??= row.time - due;
          due = Math.max(due, row.time - origin);
        }
        const wait = started + due / speed - performance.now();
        if (wait > 5) {
          await flush();
          await sleep(started + due / speed - performance.now());
          if (!isGoing()) return;
        }
      }
      if (row.value === null) {
        failed += 1;
        refusal = `Row ${row.number} is longer than 8 MiB and was not sent.`;
        bytesRead = row.end;
        continue;
      }
      if (batch.length >= BATCH_RECORDS || batchBytes + row.value.length > BATCH_BYTES) await flush();
      batch.push({ number: row.number, record: { key: keyOf(row), value: row.value } });
      batchBytes += row.value.length;
      bytesRead = row.end;
    }
    await flush();
    if (!isGoing()) return;
    bytesRead = file.bytes;
    set('done', refusal);
  }

  function keyOf(row: FileRow): string | null {
    return keyField === null ? null : keyText(fieldAt(row.fields, keyField));
  }

  run().catch((error: unknown) => {
    const words =
      error instanceof FileError ? `${error.message} ${error.action}` : `The file could not be read: ${String(error)}`;
    set('failed', words);
  });
  return {
    view: () => ({
      id,
      name: file.name,
      topic,
      keyField,
      speed,
      state,
      sent,
      failed,
      bytesRead,
      bytes: file.bytes,
      reason: reason ?? refusal,
    }),
    cancel: (why) => {
      set('cancelled', why);
      wake?.();
    },
  };
}

export function createPlaybacks(options: PlaybackOptions): Playbacks {
  const playbacks = new Map<string, Running>();
  const find = (id: string) => {
    const playback = playbacks.get(id);
    if (playback) return playback;
    throw new CommandFailure('not-found', 'That playback is no longer there.', 'Choose the file again.');
  };
  return {
    list: () => [...playbacks.values()].map((playback) => playback.view()),
    start: (spec) => {
      if (
        [...playbacks.values()].filter((p) => ['running', 'retrying'].includes(p.view().state)).length >= MAX_PLAYBACKS
      ) {
        throw new CommandFailure('refused', `At most ${MAX_PLAYBACKS} files play at once.`, 'Cancel one first.');
      }
      const id = randomUUID();
      const playback = play(id, spec, options);
      playbacks.set(id, playback);
      options.onChange();
      return playback.view();
    },
    cancel: (id) => find(id).cancel(null),
    cancelAll: (reason) => {
      for (const playback of playbacks.values()) playback.cancel(reason);
    },
    dismiss: (id) => {
      find(id).cancel(null);
      playbacks.delete(id);
      options.onChange();
    },
    close: () => {
      for (const playback of playbacks.values()) playback.cancel(null);
    },
  };
}
