/** Headings as marks show them: in steps, so that each has a sprite. */

export const HEADING_STEPS = 64;
/** The heading step of a mark without a heading. */
export const NO_HEADING = HEADING_STEPS;

/** Step of `HEADING_STEPS` for degrees clockwise from north; `NO_HEADING` for NaN. */
export function headingStep(degrees: number): number {
  // Nearly all are in this range; a remainder takes longer.
  if (degrees >= 0 && degrees < 360) return Math.floor((degrees * HEADING_STEPS) / 360 + 0.5) & (HEADING_STEPS - 1);
  if (!(Math.abs(degrees) < 1e6)) return NO_HEADING;
  const step = Math.round((degrees * HEADING_STEPS) / 360) % HEADING_STEPS;
  return step < 0 ? step + HEADING_STEPS : step;
}
