/**
 * What every client is asked to do, and the lines in which its driver tells what happened. A driver is given a `Scene`
 * and gives one `Line` for each check; conformance.test.ts holds them against what kafkajs reads and what is on the wire.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { z } from 'zod';

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** In the order of the table's columns. */
export const CHECKS = [...CODECS, 'records', 'group', 'offset', 'time', 'idempotence', 'transactions'] as const;
export type Check = (typeof CHECKS)[number];

export interface Scene {
  /** `host:port` of the broker. */
  readonly bootstrap: string;
  /** Topics and groups of a driver begin with it. */
  readonly prefix: string;
  /** A topic of one partition that is there before, for the checks that only read. */
  readonly given: {
    readonly topic: string;
    readonly count: number;
    /** To read from, in the check "offset". */
    readonly offset: number;
    /** To read from, in the check "time"; epoch ms. */
    readonly time: number;
    /** How many have that time or a later one. */
    readonly afterTime: number;
    /** How many the first member of the group reads. */
    readonly firstRead: number;
  };
}

const text = z.string().max(10_000).nullable();
const record = z.object({ key: text, value: text, header: text });
const found = record.extend({ offset: z.number().int() });

/** Of the one header named "h", in text; null without it. */
export type SentRecord = z.infer<typeof record>;
export type FoundRecord = z.infer<typeof found>;

export const line = z.object({
  check: z.enum(CHECKS),
  topic: z.string().optional(),
  sent: z.array(record).max(1_000).optional(),
  /** Sent in a transaction that was aborted. */
  aborted: z.number().int().optional(),
  found: z.array(found).max(1_000).optional(),
  /** What the client says that it has committed. */
  committed: z.object({ group: z.string(), topic: z.string(), offset: z.number().int() }).optional(),
  /** Why the client cannot do it, for the table. */
  lacks: z.string().max(100).optional(),
  error: z.string().max(10_000).optional(),
});
export type Line = z.infer<typeof line>;

export interface Outcome {
  readonly version: string;
  readonly lines: readonly Line[];
}

export interface Client {
  readonly name: string;
  /** What stands on the same code, for the table. */
  readonly kind: string;
  /** Why it cannot be run on this machine, in words that say what to do; undefined where it can. */
  missing(): Promise<string | undefined>;
  run(scene: Scene): Promise<Outcome>;
}

export const RECORDS = 50;

/** What is sent with every codec: compressible, and with letters of more than one byte. */
export const someRecords = (what: string, count = RECORDS): SentRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `key ${index}`,
    value: `${what} ${index} ø ${'x'.repeat(60)}`,
    header: 'conformance',
  }));

export const ODD_RECORDS: readonly SentRecord[] = [
  { key: 'k', value: 'v', header: 'h' },
  { key: 'tombstone', value: null, header: null },
  { key: null, value: 'no key', header: null },
];

/** Only what hangs is meant to meet it. */
const TIME_LIMIT_MS = 120_000;

/** Turns what goes wrong in one check into its line, so that the others are still made. */
export async function attempt(check: Check, work: () => Promise<Omit<Line, 'check'>>): Promise<Line> {
  const limit = new AbortController();
  const tooLong = sleep(TIME_LIMIT_MS, undefined, { signal: limit.signal }).then(
    () => Promise.reject(new Error(`${check} did not end within ${TIME_LIMIT_MS / 1_000} s`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    return { check, ...(await Promise.race([work(), tooLong])) };
  } catch (error) {
    return { check, error: inspect(error, { depth: 5 }).slice(0, 10_000) };
  } finally {
    limit.abort();
  }
}
