/**
 * The line of least squares.
 *
 * @param {readonly number[]} xs
 * @param {readonly number[]} ys
 * @returns {{ slope: number, first: number }} `first`: its value at the first x
 */
export function lineThrough(xs, ys) {
  const mean = (/** @type {readonly number[]} */ values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  let over = 0;
  let under = 0;
  for (const [i, x] of xs.entries()) {
    over += (x - x0) * ((ys[i] ?? Number.NaN) - y0);
    under += (x - x0) ** 2;
  }
  const slope = over / under;
  return { slope, first: y0 + slope * ((xs[0] ?? Number.NaN) - x0) };
}
