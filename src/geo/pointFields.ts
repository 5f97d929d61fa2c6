/** The field names under which records state what a point needs, and how the values under them are read. */

export const LATITUDE_NAMES = ['lat', 'latitude'] as const;
export const LONGITUDE_NAMES = ['lon', 'lng', 'longitude'] as const;
export const ENTITY_NAMES = ['name', 'id', 'mmsi', 'entity'] as const;
export const TIME_NAMES = ['timestamp', 'time', 'ts'] as const;
export const HEADING_NAMES = ['heading', 'heading_deg', 'course', 'cog', 'cog_deg', 'bearing', 'track'] as const;

/** Field names that state a speed, with the factor to m/s. `sog` alone is knots, as in AIS. */
export const SPEED_FACTORS = [
  ['speed', 1],
  ['speed_mps', 1],
  ['sog_mps', 1],
  ['speed_kmh', 1 / 3.6],
  ['speed_kn', 1852 / 3600],
  ['speed_kts', 1852 / 3600],
  ['sog', 1852 / 3600],
] as const satisfies readonly (readonly [string, number])[];

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const LONGEST_NUMBER = 64;

/** A number, or a string that holds nothing else; NaN for anything besides. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.length <= LONGEST_NUMBER) {
    const text = value.trim();
    if (NUMBER.test(text)) return Number(text);
  }
  return Number.NaN;
}

/** Degrees clockwise from north in [0, 360); NaN when there are none. */
export function toHeading(degrees: number): number {
  // Nearly always it is one already; what is added makes -0 a 0.
  if (degrees >= 0 && degrees < 360) return degrees + 0;
  if (!Number.isFinite(degrees)) return Number.NaN;
  return ((degrees % 360) + 360) % 360;
}

export const isLatitude = (degrees: number) => degrees >= -90 && degrees <= 90;
export const isLongitude = (degrees: number) => degrees >= -180 && degrees <= 180;
