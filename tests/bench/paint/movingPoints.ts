/** The points of the paint row: spread evenly over the view, and all of them moved by a few pixels at every step. */
import { seededRandom } from '../../../src/geo/motion';
import { latitudeOf, longitudeOf, mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';

export const VIEW = { lat: 59.8, lon: 24.9, zoom: 8 };
/** Steps after which the points are back where they were: they go round in circles. */
const STEPS = 4;
/** CSS pixels from one step to the next. */
const STRIDE = 3 * Math.SQRT2;
/** A fix a second, by so much that whoever glides is a pixel on, across or down, in any 16 ms: the screen's frame, in whole ms. */
export const EVERY_FRAME_STRIDE = (1_000 / 16 + 1) * Math.SQRT2;
const EARTH_METRES = 40_075_017;
/** Metres a second, of an airliner. */
const AIRCRAFT_SPEED = 250;
/** The way of an aircraft in a second: some 0.8 pixels, on a map in which a country fits the window. */
export const AIRCRAFT_STRIDE =
  (AIRCRAFT_SPEED * worldSize(VIEW.zoom)) / (EARTH_METRES * Math.cos((VIEW.lat * Math.PI) / 180));

export interface Positions {
  readonly lat: Float64Array;
  readonly lon: Float64Array;
}

/**
 * Positions of `count` points at each step, in a room of so many CSS pixels round the centre of the view.
 * @param stride CSS pixels from one step to the next
 */
export function movingPoints(count: number, width: number, height: number, stride = STRIDE): readonly Positions[] {
  const world = worldSize(VIEW.zoom);
  const [centreX, centreY] = [mercatorX(VIEW.lon) * world, mercatorY(VIEW.lat) * world];
  // The same points in every run.
  const radius = stride / Math.SQRT2;
  const random = seededRandom(20_260_101);
  const steps = Array.from({ length: STEPS }, () => ({ lat: new Float64Array(count), lon: new Float64Array(count) }));
  for (let i = 0; i < count; i++) {
    const x = centreX + (random() - 0.5) * width;
    const y = centreY + (random() - 0.5) * height;
    const heading = random() * 2 * Math.PI;
    for (const [step, { lat, lon }] of steps.entries()) {
      const angle = heading + (step * 2 * Math.PI) / STEPS;
      lat[i] = latitudeOf((y + radius * Math.sin(angle)) / world);
      lon[i] = longitudeOf((x + radius * Math.cos(angle)) / world);
    }
  }
  return steps;
}
