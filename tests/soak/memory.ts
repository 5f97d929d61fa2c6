/** The resident memory of a process over time, and whether it grows. Linux only: it reads /proc. */
import { readFile } from 'node:fs/promises';

export interface Sample {
  /** Since the start, s. */
  readonly seconds: number;
  /** Resident, MiB. */
  readonly mib: number;
}

/** Resident memory, MiB; undefined where there is no /proc. */
export async function residentMib(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found) / 1024;
}

export interface Growth {
  /** Of a straight line through the samples after the warm-up, MiB an hour. */
  readonly slope: number;
  /** Median of the first and of the last quarter after the warm-up, MiB. */
  readonly first: number;
  readonly last: number;
  readonly isBounded: boolean;
}

/** A quarter of the run, in which buffers and compiled code find their size. */
const WARM_UP = 0.25;
/** What a garbage collector may leave lying about at one time and not at another, MiB. */
const SLACK_MIB = 24;

/** By medians, not by the slope: over minutes a slope is made by when garbage was collected last. */
export function growthOf(samples: readonly Sample[]): Growth | undefined {
  const end = samples.at(-1)?.seconds ?? 0;
  const warm = samples.filter(({ seconds }) => seconds >= end * WARM_UP);
  const quarter = Math.floor(warm.length / 4);
  if (quarter < 3) return undefined;
  const first = median(warm.slice(0, quarter));
  const last = median(warm.slice(-quarter));
  return { slope: slopeOf(warm) * 3_600, first, last, isBounded: last - first <= SLACK_MIB };
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ mib }) => mib).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Least squares, MiB a second. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const seconds = mean((sample) => sample.seconds);
  const mib = mean((sample) => sample.mib);
  const covariance = mean((sample) => (sample.seconds - seconds) * (sample.mib - mib));
  return covariance / mean((sample) => (sample.seconds - seconds) ** 2);
}
