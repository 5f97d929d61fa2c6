export function lineThrough(xs: readonly number[], ys: readonly number[]): { slope: number; first: number };
