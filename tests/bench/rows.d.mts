export type Goal = { ratio: number } | { atMost: number } | { overReference: number } | null;
export interface Measured {
  row: string;
  case: string;
  unit: string;
  values: readonly number[];
  reference: { name: string; values: readonly number[] };
  goal: Goal;
  note?: string | undefined;
}
export interface Row {
  row: string;
  case: string;
  unit: string;
  median: number;
  min: number;
  max: number;
  reference: { name: string; median: number };
  ratio: number;
  goal: Goal;
  goalRatio: number | null;
  met: boolean | null;
  note?: string | undefined;
}
export function median(values: readonly number[]): number;
export function lessIsBetter(measured: Measured): Row;
export function moreIsBetter(measured: Measured): Row;
export function growthOver(measured: Measured): Row;
export function figure(value: number): string;
export function ratioText(ratio: number): string;
export function goalWords(row: Pick<Row, 'goal' | 'met' | 'unit'>): string;
export function printRow(row: Row): void;
