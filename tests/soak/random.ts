/** A seeded source of random numbers (mulberry32), so that a run can be had again. */
export interface Random {
  /** A whole number from `least` to `greatest`. */
  between(least: number, greatest: number): number;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return { between: (least, greatest) => least + Math.floor(next() * (greatest - least + 1)) };
}
