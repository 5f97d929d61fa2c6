import type { Row } from '../rows.mjs';

export type Ratio = Pick<Row, 'row' | 'case' | 'ratio'>;
export type Verdict =
  | { kind: 'held' | 'fell'; name: string; before: number; now: number }
  | { kind: 'new'; name: string }
  | { kind: 'no-ratio'; name: string };
export function nameOf(row: Ratio): string;
export function compare(row: Ratio, recorded: readonly Ratio[]): Verdict;
export function checkRows<R extends Ratio>(
  rows: readonly R[],
  recorded: readonly Ratio[],
  measureAgain: () => Promise<readonly R[]>,
): Promise<{ rows: R[]; verdicts: Verdict[] }>;
export function verdictWords(verdict: Verdict): string;
