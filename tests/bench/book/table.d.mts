import type { RecordedRow } from './recorded.mjs';

export function tableMarkdown(rows: readonly RecordedRow[]): string;
