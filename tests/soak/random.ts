/** A seeded source of whole numbers, so that a run can be had again. */
import { seededRandom } from '../../src/geo/motion';

export interface Random {
  /** A whole number from `least` to `greatest`. */
  between(least: number, greatest: number): number;
}

export function randomFrom(seed: number): Random {
  const next = seededRandom(seed);
  return { between: (least, greatest) => least + Math.floor(next() * (greatest - least + 1)) };
}
