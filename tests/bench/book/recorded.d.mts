import type { Row } from '../rows.mjs';

export interface Circumstances {
  date: string;
  short: boolean;
  machine: { cores: number; memoryGib: number; cpu: string; system: string };
  versions: Record<string, string>;
}
export type RecordedRow = Row & { circumstances: Circumstances };
export function readRecorded(): Promise<RecordedRow[] | null>;
export function record(rows: readonly Row[], options: { electron: string; short: boolean }): Promise<void>;
export function mergeRows(before: readonly RecordedRow[], now: readonly RecordedRow[]): RecordedRow[];
