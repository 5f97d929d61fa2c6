/**
 * What a scenario is: a name, the API it is about, and what is said to the broker. It runs once in each version of
 * that API which both brokers serve; the other APIs that it speaks are spoken in their newest common version.
 */
import type { Talk } from './talk.ts';

export interface Scenario {
  readonly api: string;
  readonly name: string;
  /** Versions of the API in which it makes sense; all unless given. */
  readonly from: number;
  readonly to: number;
  /** Where the built-in broker differs on purpose. Each has to be met, or the test fails: the list cannot rot. */
  readonly differs: readonly Difference[];
  run(talk: Talk): Promise<unknown>;
}

export interface Difference {
  /** Of the path that is printed, as `2 Fetch: errorCode`. */
  readonly at: RegExp;
  readonly because: string;
  /** Versions in which it shows; all unless given. */
  readonly from?: number;
  readonly to?: number;
}

type Run = (talk: Talk) => Promise<unknown>;

interface Limited {
  readonly from?: number;
  readonly to?: number;
  readonly differs?: readonly Difference[];
  readonly run: Run;
}

/** Scenarios about one API, by their names. */
export function about(api: string, cases: Readonly<Record<string, Run | Limited>>): Scenario[] {
  return Object.entries(cases).map(([name, given]) => {
    const { from = 0, to = Number.POSITIVE_INFINITY, differs = [], run } = 'run' in given ? given : { run: given };
    return { api, name, from, to, differs, run };
  });
}
