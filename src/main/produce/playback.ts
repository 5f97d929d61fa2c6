/** Sends a file's rows to a topic at the file's own pace, N times faster, or as fast as the cluster takes them. */
import { randomUUID } from 'node:crypto';
import type { Playback } from '../../shared/contract';
import { CommandFailure } from '../ipc/commandFailure';
import type { KafkaClient, RecordToSend } from '../kafka/kafkaClient';
import { toKafkaError } from '../kafka/kafkaError';
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
  dismiss(id: string): void;
  close(): void;
}

interface Running {
  readonly view: () => Playback;
  readonly cancel: () => void;
}

function play(id: string, spec: PlaybackSpec, options: PlaybackOptions): Running {
  const { file, topic, keyField, speed } = spec;
  let state: Playback['state'] = 'running';
  let reason: string | null = null;
  let sent = 0;
  let failed = 0;
  let bytesRead = 0;
  let wake: (() => void) | undefined;
  const cancelled = () => state === 'cancelled';

  const set = (next: Playback['state'], why: string | null) => {
    if (state === 'cancelled' && next !== 'cancelled') return;
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

  /** Sends until acknowledged. A record that the cluster will never take is counted as failed; the others go on. */
  async function send(records: readonly RecordToSend[], firstRow: number): Promise<void> {
    while (!cancelled()) {
      const client = options.client();
      try {
        if (!client) throw new Error('There is no connection to the cluster.');
        await client.send(topic, records);
        sent += records.length;
        options.onSent(records.length);
        if (state === 'retrying') set('running', null);
        options.onChange();
        return;
      } catch (error) {
        const known = toKafkaError(error);
        const lasting = !known.retriable && client !== undefined && known.code !== 'CLUSTER';
        if (lasting && records.length > 1) {
          for (const [i, record] of records.entries()) await send([record], firstRow + i);
          return;
        }
        if (lasting) {
          failed += 1;
          reason = `Row ${firstRow}: ${known.message} ${known.action}`;
          options.onChange();
          return;
        }
        set('retrying', known.message);
        await sleep(RETRY_MS);
      }
    }
  }

  async function run(): Promise<void> {
    let batch: RecordToSend[] = [];
    let batchBytes = 0;
    let batchStart = 0;
    const flush = async () => {
      const records = batch;
      batch = [];
      batchBytes = 0;
      if (records.length > 0) await send(records, batchStart);
    };
    const started = performance.now();
    let origin: number | null = null;
    /** When the row is due, in ms of the file's own time since its first row. Never goes back. */
    let due = 0;

    for await (const row of fileRows(file.path, file.format, file.name)) {
      if (cancelled()) return;
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
          if (cancelled()) return;
        }
      }
      if (row.value === null) {
        failed += 1;
        reason = `Row ${row.number} is longer than 8 MiB and was not sent.`;
        bytesRead = row.end;
        continue;
      }
      if (batch.length >= BATCH_RECORDS || batchBytes + row.value.length > BATCH_BYTES) await flush();
      if (batch.length === 0) batchStart = row.number;
      batch.push({ key: keyOf(row), value: row.value });
      batchBytes += row.value.length;
      bytesRead = row.end;
    }
    await flush();
    bytesRead = file.bytes;
    set('done', reason);
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
      reason,
    }),
    cancel: () => {
      if (state !== 'running' && state !== 'retrying') return;
      set('cancelled', null);
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
    cancel: (id) => find(id).cancel(),
    dismiss: (id) => {
      find(id).cancel();
      playbacks.delete(id);
      options.onChange();
    },
    close: () => {
      for (const playback of playbacks.values()) playback.cancel();
    },
  };
}
