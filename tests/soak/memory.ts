/**
 * What a broker holds over time, and whether that grows. Two figures: what is in use on the heap and beside it once the
 * garbage is collected, which shows a leak within minutes, and the resident memory, which is what the machine has to give
 * (Linux only: it is read from /proc). What there is to keep has its share in both: where it shrinks, a leak might hide
 * behind that; where it grows, as in a short run, memory that stays within the bounds all the same is flat, and memory
 * that does not may be no leak. So the data on the disk are looked at too.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrokerProcess, memoryOf } from '../integration/broker/startBrokerProcess.ts';

const MIB = 1 << 20;

export interface Sample {
  /** Since the start, s. */
  readonly seconds: number;
  /** In use once the garbage is collected: the heap and what hangs on it outside, MiB. */
  readonly inUse: number;
  /** Resident before that collection, MiB; undefined where there is no /proc. */
  readonly resident: number | undefined;
  /** Data on the disk, MiB. */
  readonly kept: number;
}

/** The broker has to have been started with `withMemoryProbe`. */
export async function takeSample(broker: BrokerProcess, seconds: number): Promise<Sample> {
  const kept = (await folderBytes(broker.dataDir)) / MIB;
  const resident = await residentMib(broker.child.pid ?? 0);
  const { heapUsed, external } = await memoryOf(broker);
  return { seconds, inUse: (heapUsed + external) / MIB, resident, kept };
}

async function residentMib(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found) / 1024;
}

/** Files and folders come and go meanwhile: what is gone counts nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return folderBytes(path);
    return stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export interface MemoryVerdict {
  /** Medians of the second, third and last quarter of the run; the first is the warm-up. */
  readonly lines: readonly string[];
  /** In words; empty where nothing grows. */
  readonly faults: readonly string[];
}

/** Growth from the second to the last quarter that is still none, MiB. */
const BOUNDS = {
  /** A count more here, a longer array there: a leak of a byte for each record would be 50 times that in an hour. */
  inUse: 1,
  /** Buffers of answers that were sent lie about until they are collected; how many, depends on how busy the machine is. */
  resident: 16,
} as const;
/** A share of the data on the disk by which quarters differ all the same: old segments go one at a time. */
const KEPT_SHARE = 0.15;
const LEAST_SAMPLES = 12;
/** Until then the runtime makes room for itself, the more the faster the machine; what is in use shows a leak before, s. */
const RESIDENT_FROM_S = 600;

export function judgeMemory(samples: readonly Sample[]): MemoryVerdict {
  if (samples.length < LEAST_SAMPLES)
    return { lines: [], faults: [`memory: ${samples.length} samples are too few; let it run for longer`] };
  const quarter = Math.floor(samples.length / 4);
  const quarters = [2, 3, 4].map((which) =>
    samples.slice(-quarter * (5 - which), samples.length - quarter * (4 - which)),
  );
  const lines: string[] = [];
  const faults: string[] = [];
  const look = (what: string, of: (sample: Sample) => number | undefined): readonly [number, number] => {
    const medians = quarters.map((some) => median(some.map(of).filter((value) => value !== undefined)));
    lines.push(`memory: ${what} ${medians.map((value) => value.toFixed(2)).join(', ')} MiB`);
    return [medians[0] ?? Number.NaN, medians.at(-1) ?? Number.NaN];
  };
  const [keptFirst, keptLast] = look('data on the disk', ({ kept }) => kept);
  if (!(keptLast >= keptFirst * (1 - KEPT_SHARE))) {
    faults.push('memory: the broker had less and less to keep, so that nothing can be said; let it run for longer');
  }
  const hasMore = keptLast > keptFirst * (1 + KEPT_SHARE);
  if (hasMore) lines.push('memory: the broker was given more to keep all along, which is in these figures');
  const perhaps = hasMore ? '; it had more to keep, so let it run for longer' : '';
  const [inUseFirst, inUseLast] = look('in use after a collection', ({ inUse }) => inUse);
  if (!(inUseLast - inUseFirst <= BOUNDS.inUse)) {
    faults.push(
      `memory: in use grew by ${(inUseLast - inUseFirst).toFixed(2)} MiB, ${BOUNDS.inUse} are allowed${perhaps}`,
    );
  }
  if (samples.some(({ resident }) => resident === undefined)) {
    lines.push('memory: resident was not looked at: it is read from /proc, which only Linux has');
    return { lines, faults };
  }
  const [residentFirst, residentLast] = look('resident', ({ resident }) => resident);
  if ((samples.at(-1)?.seconds ?? 0) < RESIDENT_FROM_S) {
    lines.push('memory: resident is not judged in so short a run: the runtime itself still takes what it needs');
  } else if (!(residentLast - residentFirst <= BOUNDS.resident)) {
    const growth = (residentLast - residentFirst).toFixed(2);
    faults.push(`memory: resident grew by ${growth} MiB, ${BOUNDS.resident} are allowed${perhaps}`);
  }
  return { lines, faults };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
