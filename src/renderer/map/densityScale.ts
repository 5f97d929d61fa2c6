/**
 * The density view counts entities in square cells of the map, and shows each count as a colour. Colours go by steps of
 * 1, 2 and 5, so that a colour always stands for the numbers from one round number up to the next. They are those of
 * measureRamp.ts, whose order everybody can see; more lies farther from the ground of the map, in either theme.
 */
import { measureRamp, RAMP_STEPS } from './measureRamp';

/** CSS pixels; the world is a whole number of cells wide at every zoom, so cells meet at the antimeridian. */
export const CELL = 8;

/** More entities in the viewport than this are a crowd. */
export const CROWD = 20_000;

/** The least count of each step; the last one has no end. */
export const densitySteps = [0, 1, 2, 3, 4, 5]
  .flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
  .slice(0, RAMP_STEPS);

/** Fewer colours than this say nothing. */
const FEWEST_STEPS = 4;

/** The step that a count, at least 1, belongs to. */
export function stepOf(count: number): number {
  let step = 0;
  while (step + 1 < densitySteps.length && count >= (densitySteps[step + 1] ?? 0)) step++;
  return step;
}

/** How many steps a scale has on which `most` is the highest count. */
export const stepsFor = (most: number) => Math.max(FEWEST_STEPS, stepOf(Math.max(1, most)) + 1);

/** Which colour of the ramp a step has on a scale of so many steps: the ramp is always used from end to end. */
export const rampStepOf = (step: number, steps: number) =>
  Math.round((Math.min(step, steps - 1) * (RAMP_STEPS - 1)) / (steps - 1));

/** The ramp from few to many, "#rrggbb". */
export const densityRamp = {
  light: [...measureRamp.light].reverse(),
  dark: measureRamp.dark,
} as const;

/** Metres that a CSS pixel is wide at a latitude: Web Mercator on its sphere, as Leaflet's scale bar has it. */
export const metresPerPixel = (lat: number, zoom: number) =>
  (2 * Math.PI * 6_371_000 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
