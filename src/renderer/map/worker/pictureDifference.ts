/**
 * How far two pictures of the same size lie apart, and when they count as the same. They are compared as they are laid
 * on the map, premultiplied: of what can hardly be seen the colour hardly counts.
 */

/**
 * Two painters round differently, by a level for each of the layers that are mixed in a pixel. And a driver may count a
 * pixel at the very edge of a line in, or leave it out; those are few, and faint.
 */
export const TOLERANCE = {
  /** Levels of 255 that any channel of a pixel may differ by. */
  levels: 4,
  /** The part of the painted pixels that may differ by more, */
  strays: 0.001,
  /** but by so many levels at most. */
  strayLevels: 32,
} as const;

export interface PictureDifference {
  /** Pixels that are not empty in one or the other. */
  readonly painted: number;
  /** Levels of 255 by which the channel that differs most does so. */
  readonly worst: number;
  /** Painted pixels that differ by more than `TOLERANCE.levels`. */
  readonly strays: number;
}

/** @param one RGBA as ImageData holds it, not premultiplied; as long as `other` */
export function pictureDifference(one: Uint8ClampedArray, other: Uint8ClampedArray): PictureDifference {
  if (one.length !== other.length) throw new Error(`pictures of ${one.length} and ${other.length} bytes`);
  let [painted, worst, strays] = [0, 0, 0];
  for (let i = 0; i < one.length; i += 4) {
    const [alpha, otherAlpha] = [one[i + 3] ?? 0, other[i + 3] ?? 0];
    if (alpha === 0 && otherAlpha === 0) continue;
    painted++;
    let most = Math.abs(alpha - otherAlpha);
    for (let channel = i; channel < i + 3; channel++) {
      const difference = ((one[channel] ?? 0) * alpha - (other[channel] ?? 0) * otherAlpha) / 255;
      most = Math.max(most, Math.abs(difference));
    }
    if (most > worst) worst = most;
    if (most > TOLERANCE.levels) strays++;
  }
  return { painted, worst, strays };
}

export const isSamePicture = ({ painted, worst, strays }: PictureDifference) =>
  worst <= TOLERANCE.strayLevels && strays <= painted * TOLERANCE.strays;
