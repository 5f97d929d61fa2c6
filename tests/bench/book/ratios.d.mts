import type { Row } from '../rows.mjs';

export type Bar = Pick<Row, 'row' | 'case' | 'ratio' | 'goalRatio' | 'met'>;
export function ratiosSvg(rows: readonly Bar[]): string;
