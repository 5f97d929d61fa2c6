/** How simulated entities move. Pure: the same seed gives the same courses, whatever the clock. */

/** Degrees, WGS 84. An area that crosses the antimeridian has west > east. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** Mean Earth radius, metres (IUGG). */
const EARTH_RADIUS = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** mulberry32: 32 bits of state, good enough to scatter a fleet. Returns numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const wrapLongitude = (lon: number) =>
  lon < -180 || lon > 180 ? ((((lon + 180) % 360) + 360) % 360) - 180 : lon;

/** Width of an area in degrees of longitude, in (0, 360]. */
export const widthOf = (bounds: Bounds) =>
  bounds.east >= bounds.west ? Math.max(bounds.east - bounds.west, 1e-9) : bounds.east - bounds.west + 360;

/** m/s: an airliner's. A simulated fleet is to look likely, not only lively. */
const MAX_SPEED = 250;

/** m/s at which an entity crosses the area's shorter side in about two minutes, so that a fleet is seen to move. */
export function visibleSpeed(bounds: Bounds): number {
  const middle = ((bounds.south + bounds.north) / 2) * RADIANS;
  const height = (bounds.north - bounds.south) * RADIANS * EARTH_RADIUS;
  const width = widthOf(bounds) * RADIANS * EARTH_RADIUS * Math.max(Math.cos(middle), 0.05);
  return Math.min(Math.max(Math.min(height, width) / 120, 0.5), MAX_SPEED);
}

export interface FleetFix {
  readonly lat: number;
  readonly lon: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** m/s. */
  readonly speed: number;
}

export interface Fleet {
  readonly size: number;
  /** Moves entity `index` on by `seconds` and returns where it is. */
  step(index: number, seconds: number): FleetFix;
}

/** Entities that wander about inside an area: a steady course that drifts, and turns back at the edge. */
export function wanderingFleet(size: number, bounds: Bounds, seed: number): Fleet {
  const random = seededRandom(seed);
  const width = widthOf(bounds);
  const height = Math.max(bounds.north - bounds.south, 1e-9);
  const lat = new Float64Array(size);
  /** Degrees east of the area's western edge, so that the antimeridian needs no thought. */
  const east = new Float64Array(size);
  const heading = new Float64Array(size);
  const speed = new Float64Array(size);
  const turn = new Float64Array(size);
  const usual = visibleSpeed(bounds);
  for (let i = 0; i < size; i++) {
    lat[i] = bounds.south + height * (0.05 + 0.9 * random());
    east[i] = width * (0.05 + 0.9 * random());
    heading[i] = 360 * random();
    speed[i] = usual * (0.5 + 0.5 * random());
    turn[i] = 2 * random() - 1;
  }
  return {
    size,
    step(index, seconds) {
      const oldLat = lat[index] ?? 0;
      const metres = (speed[index] ?? 0) * seconds;
      let course = heading[index] ?? 0;
      const swing = (turn[index] ?? 0) * 0.9 + (2 * random() - 1) * 0.5;
      turn[index] = Math.max(-1, Math.min(1, swing));
      course += swing * 6 * Math.min(seconds, 5);
      let newLat = oldLat + (metres * Math.cos(course * RADIANS)) / EARTH_RADIUS / RADIANS;
      const scale = Math.max(Math.cos(oldLat * RADIANS), 0.01);
      let newEast = (east[index] ?? 0) + (metres * Math.sin(course * RADIANS)) / EARTH_RADIUS / RADIANS / scale;
      if (newLat < bounds.south || newLat > bounds.north) {
        course = 180 - course;
        newLat = Math.max(bounds.south, Math.min(bounds.north, newLat));
      }
      if (newEast < 0 || newEast > width) {
        course = -course;
        newEast = Math.max(0, Math.min(width, newEast));
      }
      course = ((course % 360) + 360) % 360;
      lat[index] = newLat;
      east[index] = newEast;
      heading[index] = course;
      return { lat: newLat, lon: wrapLongitude(bounds.west + newEast), heading: course, speed: speed[index] ?? 0 };
    },
  };
}
