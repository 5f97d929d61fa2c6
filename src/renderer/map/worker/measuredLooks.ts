/** From an entity's number to the looks of its mark: a step of the colour ramp, a size, or both. */
import type { LayerMeasure, LayerStyle } from '../../../shared/contract';
import { measureRamp, measureSizes, RAMP_STEPS } from '../measureRamp';
import type { EntityStore } from './entityStore';
import { type Looks, type MarkKind, PER_KIND } from './looks';
import { USUAL_SIZE } from './sprites';

/** Ends of a scale, in the field's own unit. Both are the same when only one number was ever seen. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

/** The scale as the person set it; where they did not, it ends where the numbers seen so far do. Null: there are none. */
export function scaleOf({ min, max }: LayerMeasure, store: Pick<EntityStore, 'measured'>): Scale | null {
  const { measured } = store;
  const low = min ?? measured?.least;
  const high = max ?? measured?.most;
  if (low === undefined || high === undefined) return null;
  // All that was seen lies beyond the end that was set.
  if (high < low) return min === null ? { low: high, high } : { low, high: low };
  return { low, high };
}

/** What a frame needs to know of a layer that shows a number, once a layer: each entity then costs plain arithmetic. */
export class MeasuredLooks {
  readonly #plain: number;
  readonly #first: number;
  readonly #low: number;
  readonly #perUnit: number;
  readonly #shift: number;
  readonly #last: number;

  /**
   * @param plain first sprite of a mark without a number
   * @param first first sprite of the lowest of `steps` steps
   */
  constructor(plain: number, first: number, steps: number, { low, high }: Scale) {
    this.#plain = plain;
    this.#first = first;
    this.#low = low;
    this.#last = steps - 1;
    // One number is in the middle; what is below or above it is at an end all the same.
    this.#perUnit = high > low ? steps / (high - low) : Number.MAX_VALUE;
    this.#shift = high > low ? 0 : steps / 2;
  }

  /** First sprite of the marks of a number; NaN: of a mark that has none. */
  startOf(value: number): number {
    if (Number.isNaN(value)) return this.#plain;
    const at = (value - this.#low) * this.#perUnit + this.#shift;
    const step = at > 0 ? (at < this.#last ? Math.floor(at) : this.#last) : 0;
    return this.#first + step * PER_KIND;
  }
}

/** Null when the layer shows no number, or has not seen any. */
export function measuredLooks(looks: Looks, { color, measure }: LayerStyle, store: EntityStore): MeasuredLooks | null {
  if (measure === null) return null;
  const scale = scaleOf(measure, store);
  if (scale === null) return null;
  const kinds = () => kindsOf(looks, measure.by, color);
  // Only sizes are of the layer's own colour; the ramp is shared by all layers.
  const first = looks.startOfSteps(measure.by === 'size' ? `size ${color}` : measure.by, kinds);
  const steps = measure.by === 'size' ? measureSizes.length : RAMP_STEPS;
  return new MeasuredLooks(looks.startOf(color), first, steps, scale);
}

function kindsOf(looks: Looks, by: LayerMeasure['by'], layerColor: string): MarkKind[] {
  if (by === 'size') return measureSizes.map((size) => ({ color: layerColor, size }));
  return measureRamp[looks.theme].map((color, step) => ({
    color,
    size: by === 'color' ? USUAL_SIZE : (measureSizes[Math.floor((step * measureSizes.length) / RAMP_STEPS)] ?? 1),
  }));
}
