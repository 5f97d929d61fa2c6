import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDrawingWorker, startDrawingWorkerAhead } from '../../../src/renderer/map/drawingWorker.ts';

/** A worker that does what the test says. */
class FakeWorker {
  static readonly started: FakeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  readonly told: unknown[] = [];
  terminated = false;
  readonly name: string;
  constructor(_url: URL, { name }: { name: string }) {
    this.name = name;
    FakeWorker.started.push(this);
  }
  postMessage(message: unknown) {
    this.told.push(message);
  }
  terminate() {
    this.terminated = true;
  }
}

/** Who waits for a lock, by its name: a worker's end gives it to them. */
const waiting = new Map<string, () => void>();
const locks = {
  request: (name: string, _options: unknown, granted: () => void) => {
    waiting.set(name, granted);
    return Promise.resolve();
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('navigator', { locks });
  FakeWorker.started.length = 0;
  waiting.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function open() {
  const restarts: string[] = [];
  const failures: string[] = [];
  const worker = openDrawingWorker({
    onMessage: () => undefined,
    onRestart: (why) => restarts.push(why),
    onFailed: (why) => failures.push(why),
  });
  return { worker, restarts, failures };
}

const last = () => {
  const worker = FakeWorker.started.at(-1);
  if (worker === undefined) throw new Error('there is no worker');
  return worker;
};
const getReady = () => last().onmessage?.({ data: { kind: 'ready' } });

describe('a drawing worker', () => {
  it('that ends without a word is replaced, and the next one is told what it knew', () => {
    const { worker, restarts } = open();
    worker.tell({ kind: 'theme', theme: 'light' });
    worker.tell({ kind: 'theme', theme: 'dark' });
    worker.tell({ kind: 'hover', entity: null });
    getReady();
    waiting.get(last().name)?.();
    expect(restarts).toEqual(['it ended']);
    expect(FakeWorker.started).toHaveLength(2);
    expect(last().told).toEqual([{ kind: 'theme', theme: 'dark' }]);
    worker.close();
  });

  it('that ends before anybody watches it is replaced after a while; one that runs is left alone', () => {
    const { worker, restarts } = open();
    vi.advanceTimersByTime(14_000);
    expect(restarts).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(restarts).toEqual(['it did not start']);
    expect(FakeWorker.started.map(({ terminated }) => terminated)).toEqual([true, false]);
    getReady();
    vi.advanceTimersByTime(60_000);
    expect(restarts).toHaveLength(1);
    worker.close();
    vi.advanceTimersByTime(60_000);
    expect(FakeWorker.started).toHaveLength(2);
  });

  it('that fails again and again is told of, and not started any more', () => {
    const { worker, restarts, failures } = open();
    for (let i = 0; i < 4; i++) last().onerror?.({ message: 'broken', preventDefault: () => undefined });
    expect(restarts).toEqual(['broken', 'broken', 'broken']);
    expect(failures).toEqual(['broken']);
    expect(FakeWorker.started).toHaveLength(4);
    vi.advanceTimersByTime(60_000);
    expect(FakeWorker.started).toHaveLength(4);
    worker.close();
  });

  it('that was started ahead is the one that is opened, with what it said meanwhile', async () => {
    startDrawingWorkerAhead();
    startDrawingWorkerAhead();
    expect(FakeWorker.started).toHaveLength(1);
    getReady();
    const { worker, restarts, failures } = open();
    worker.tell({ kind: 'theme', theme: 'dark' });
    expect(FakeWorker.started).toHaveLength(1);
    expect(last().told).toEqual([{ kind: 'theme', theme: 'dark' }]);
    await Promise.resolve();
    // It was heard to be ready: nobody takes it for one that did not start, and its end is noticed.
    vi.advanceTimersByTime(20_000);
    expect(restarts).toEqual([]);
    waiting.get(last().name)?.();
    expect(restarts).toEqual(['it ended']);
    expect(FakeWorker.started).toHaveLength(2);
    expect(failures).toEqual([]);
    worker.close();
  });

  it('that failed before it was opened is replaced as soon as it is', async () => {
    startDrawingWorkerAhead();
    last().onerror?.({ message: 'no script', preventDefault: () => undefined });
    const { worker, restarts } = open();
    worker.tell({ kind: 'smooth', smooth: true });
    await Promise.resolve();
    expect(restarts).toEqual(['no script']);
    expect(FakeWorker.started).toHaveLength(2);
    expect(last().told).toEqual([{ kind: 'smooth', smooth: true }]);
    worker.close();
  });
});
