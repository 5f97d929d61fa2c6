/**
 * The drawing worker as the page sees it: one that is always there. Should it fail or end, another takes its place and is
 * told what the one before knew; only its points are gone, which the streams bring again.
 */
import type { FromDrawing, ToDrawing } from './worker/messages';
import { whenEnded } from './workerLife';

export interface DrawingWorker {
  tell(message: ToDrawing, transfer?: Transferable[]): void;
  close(): void;
}

export interface DrawingWorkerListener {
  onMessage(message: FromDrawing): void;
  /** Another worker has taken the place of one that ended; it has no points port yet. */
  onRestart(why: string): void;
  /** It ends as soon as it is started: no further one is. */
  onFailed(message: string): void;
}

/** More losses than this within so many ms are too often. */
const MOST_LOSSES = 3;
const OFTEN_MS = 10_000;
/** One that has not said by then that it runs, ms, never will: it has ended before anybody could watch it. */
const READY_WITHIN_MS = 15_000;

/** What a worker is told once, and has to know for good: the last of each kind. */
const LASTING: ReadonlySet<ToDrawing['kind']> = new Set<ToDrawing['kind']>([
  'theme',
  'painter',
  'layers',
  'trail-fixes',
  'picture',
  'smooth',
  'view',
  'seen',
  'select',
]);

interface Started {
  readonly worker: Worker;
  /** The lock that it holds for as long as it lives (workerLife.ts). */
  readonly lock: string;
  /** What it said before anybody listened. */
  readonly said: FromDrawing[];
  /** Why it failed before anybody listened. */
  failed: string | null;
}

function startWorker(): Started {
  const lock = `drawing ${crypto.randomUUID()}`;
  const worker = new Worker(new URL('./worker/drawing.worker.ts', import.meta.url), { type: 'module', name: lock });
  const started: Started = { worker, lock, said: [], failed: null };
  worker.onmessage = ({ data }: MessageEvent<FromDrawing>) => started.said.push(data);
  worker.onerror = (event) => {
    event.preventDefault();
    started.failed = reasonOf(event);
  };
  return started;
}

const reasonOf = (event: ErrorEvent) => event.message || 'it could not be started';

/** Started ahead of the map that it is for: a thread takes some 400 ms to come up, and the page some 200 to be built. */
let ahead: Started | null = null;

/** Call it first of all; the next worker that is opened is this one. */
export function startDrawingWorkerAhead(): void {
  ahead ??= startWorker();
}

export function openDrawingWorker({ onMessage, onRestart, onFailed }: DrawingWorkerListener): DrawingWorker {
  const lasting = new Map<ToDrawing['kind'], ToDrawing>();
  /** Questions without an answer. */
  const probes = new Set<number>();
  const closing = new AbortController();
  let losses: number[] = [];
  let starting: ReturnType<typeof setTimeout> | undefined;
  let worker: Worker | null = start();

  function start(): Worker {
    const { worker: started, lock, said, failed } = ahead ?? startWorker();
    ahead = null;
    const hear = (data: FromDrawing) => {
      if (started !== worker) {
        if (data.kind === 'frame') for (const { bitmap } of data.parts) bitmap.close();
        return;
      }
      if (data.kind === 'ready') watch(started, lock);
      else {
        if (data.kind === 'probed') probes.delete(data.request);
        onMessage(data);
      }
    };
    starting = setTimeout(() => lose(started, 'it did not start'), READY_WITHIN_MS);
    started.onerror = (event) => {
      event.preventDefault();
      lose(started, reasonOf(event));
    };
    started.onmessageerror = () => lose(started, 'a message of it could not be read');
    started.onmessage = ({ data }: MessageEvent<FromDrawing>) => hear(data);
    // Once whoever opens it has it.
    queueMicrotask(() => {
      if (failed !== null) lose(started, failed);
      else for (const data of said) hear(data);
    });
    return started;
  }

  function watch(started: Worker, lock: string): void {
    clearTimeout(starting);
    whenEnded(lock, closing.signal, () => lose(started, 'it ended'));
  }

  function lose(lost: Worker, why: string): void {
    if (lost !== worker) return;
    lost.terminate();
    clearTimeout(starting);
    worker = null;
    for (const request of [...probes]) onMessage({ kind: 'probed', request, entity: null, inCell: null });
    probes.clear();
    const now = performance.now();
    losses = [...losses.filter((at) => now - at < OFTEN_MS), now];
    if (losses.length > MOST_LOSSES) {
      onFailed(why);
      return;
    }
    worker = start();
    for (const message of lasting.values()) worker.postMessage(message);
    onRestart(why);
  }

  return {
    tell: (message, transfer = []) => {
      if (LASTING.has(message.kind)) lasting.set(message.kind, message);
      if (message.kind === 'probe') probes.add(message.request);
      worker?.postMessage(message, transfer);
    },
    close: () => {
      closing.abort();
      clearTimeout(starting);
      worker?.terminate();
      worker = null;
    },
  };
}
