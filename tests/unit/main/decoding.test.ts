/** The decoder's thread, with small threads in its place: what becomes of the streams when it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Decoding, decodeInThread } from '../../../src/main/streams/decoding/decoding';

let folder: string;
let decoding: Decoding | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-decoding-'));
});
afterEach(async () => {
  decoding?.close();
  await rm(folder, { recursive: true });
});

/** A thread that answers `open` with what it was told before, and fails at `credit`. */
const THREAD = `
  import { parentPort } from 'node:worker_threads';
  let entities = 'nothing';
  parentPort.on('message', (message) => {
    if (message.kind === 'limit') entities = message.entities;
    if (message.kind === 'credit') throw new Error('a mistake');
    if (message.kind === 'open') parentPort.postMessage({ kind: 'held', stream: message.stream, held: entities });
  });
`;
const options = { measure: null, batches: 8, examples: 1 };
const order = {
  access: { bootstrap: ['localhost:1'], clientId: 'c', tls: null, sasl: null },
  topic: 't',
  start: { kind: 'beginning' },
  stop: { kind: 'never' },
  groupId: 'g',
} as const;

async function start(source: string) {
  const entry = join(folder, 'thread.mjs');
  await writeFile(entry, source);
  const ends: string[] = [];
  const told: unknown[] = [];
  decoding = decodeInThread(entry, (_level, message) => ends.push(message));
  const open = (stream: number) => {
    decoding!.listen(stream, (message) => told.push(message));
    decoding!.post({ kind: 'open', stream, order, options });
  };
  return { decoding, ends, told, open };
}

describe("the decoder's thread", () => {
  it('tells every stream when it ends, and the next stream gets a new one that knows the limit', async () => {
    const { decoding, ends, told, open } = await start(THREAD);
    decoding.post({ kind: 'limit', entities: 7 });
    open(1);
    open(2);
    await vi.waitFor(() => expect(told).toHaveLength(2), 20_000);
    decoding.post({ kind: 'credit', stream: 1, nextIn: null });
    await vi.waitFor(() => expect(ends).toEqual([expect.stringContaining('a mistake')]), 20_000);
    const reason = expect.stringContaining('a mistake');
    expect(told.slice(2)).toEqual([
      { kind: 'failed', stream: 1, reason },
      { kind: 'failed', stream: 2, reason },
    ]);
    // Streams that have failed are closed, which starts nothing.
    decoding.post({ kind: 'close', stream: 1 });
    decoding.post({ kind: 'close', stream: 2 });
    open(3);
    await vi.waitFor(() => expect(told.at(-1)).toEqual({ kind: 'held', stream: 3, held: 7 }), 20_000);
    expect(ends).toHaveLength(1);
  });

  it('that cannot start is not tried again before a stream asks for it', async () => {
    const { ends, told, open } = await start("throw new Error('no way');");
    await vi.waitFor(() => expect(ends).toEqual([expect.stringContaining('no way')]), 20_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ends).toHaveLength(1);
    open(1);
    await vi.waitFor(() => expect(ends).toHaveLength(2), 20_000);
    expect(told).toEqual([{ kind: 'failed', stream: 1, reason: expect.stringContaining('no way') }]);
  });
});
