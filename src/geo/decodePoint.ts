/**
 * A Kafka record's key and value, to a fix of an entity, its removal, or a refusal with its reason.
 * Understood: JSON with lat/lon under their usual names (numbers, or strings that hold one), and GeoJSON
 * Point and Feature (RFC 7946). Pure, and total: no input makes it throw.
 */
import { parseEventTime } from './eventTime';
import {
  ENTITY_NAMES,
  HEADING_NAMES,
  isLatitude,
  isLongitude,
  LATITUDE_NAMES,
  LONGITUDE_NAMES,
  SPEED_FACTORS,
  TIME_NAMES,
  toHeading,
  toNumber,
} from './pointFields';

export interface RecordIn {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly topic: string;
  readonly partition: number;
}

export interface Fix {
  readonly kind: 'fix';
  readonly entity: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  readonly lon: number;
  /** Event time, epoch ms. */
  readonly time: number;
  /** Degrees clockwise from north in [0, 360), and m/s; NaN when the record has none. */
  readonly heading: number;
  readonly speed: number;
  /** The number under the field that was asked for; NaN when there is none. */
  readonly measure: number;
}

export interface Removal {
  readonly kind: 'removed';
  readonly entity: string;
}

/** Why a record cannot become a point, and the same in words. */
export const refusalReasons = {
  empty: 'empty value',
  'not-utf8': 'not UTF-8 text',
  'not-json': 'not JSON',
  'not-object': 'not a JSON object',
  'no-coordinates': 'no coordinates',
  'not-a-number': 'a coordinate is not a number',
  'latitude-range': 'latitude outside [-90, 90]',
  'longitude-range': 'longitude outside [-180, 180]',
  'not-a-point': 'GeoJSON, but not a Point',
  'long-entity': 'entity name longer than 512 characters',
  'too-many-entities': 'more entities than the map may hold',
  unreadable: 'in a batch that cannot be unpacked',
} as const;
export type RefusalReason = keyof typeof refusalReasons;

export interface Refused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** The particular case, such as `lat is "north"`; at most 200 characters. */
  readonly detail: string;
}

export type Decoded = Fix | Removal | Refused;

export const MAX_ENTITY_LENGTH = 512;

type Fields = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const lenient = new TextDecoder('utf-8');

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function first(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    // Own fields only: a record must not find `constructor` and the like.
    if (Object.hasOwn(fields, name) && fields[name] !== undefined && fields[name] !== null) return fields[name];
  }
  return undefined;
}

/** JSON text of a value in one short line; total, even for deep nests that JSON.stringify cannot take. */
function brief(value: unknown): string {
  let text: string;
  if (typeof value === 'object' && value !== null) text = Array.isArray(value) ? 'an array' : 'an object';
  else text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const refuse = (reason: RefusalReason, detail = ''): Refused => ({
  kind: 'refused',
  reason,
  detail: detail.slice(0, 200),
});

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return null;
}

const toMeasure = (value: number) => (Number.isFinite(value) ? value : Number.NaN);

function speedOf(sources: readonly Fields[]): number {
  for (const fields of sources) {
    for (const [name, factor] of SPEED_FACTORS) {
      if (!Object.hasOwn(fields, name)) continue;
      const speed = toNumber(fields[name]);
      if (Number.isFinite(speed)) return speed * factor;
    }
  }
  return Number.NaN;
}

function firstOf(sources: readonly Fields[], names: readonly string[]): unknown {
  for (const fields of sources) {
    const found = first(fields, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Coordinates {
  readonly latName: string;
  readonly lonName: string;
  readonly lat: unknown;
  readonly lon: unknown;
}

/** Coordinates of a GeoJSON Point or Feature, plain ones, or the refusal. */
function coordinatesOf(fields: Fields): Coordinates | Refused {
  const geometry = fields.type === 'Feature' ? fields.geometry : fields;
  if (fields.type === 'Feature' || fields.type === 'Point') {
    if (!isFields(geometry) || geometry.type !== 'Point') {
      return refuse('not-a-point', `the geometry is ${isFields(geometry) ? brief(geometry.type) : brief(geometry)}`);
    }
    const position = geometry.coordinates;
    if (Array.isArray(position)) {
      if (position.length < 2) return refuse('no-coordinates', `coordinates has ${position.length} elements`);
      return { latName: 'coordinates[1]', lonName: 'coordinates[0]', lat: position[1], lon: position[0] };
    }
    // `type` may be anybody's own field; then lat and lon stand beside it.
    if (fields.type === 'Feature') return refuse('no-coordinates', 'the geometry has no coordinates');
  }
  const lat = first(fields, LATITUDE_NAMES);
  const lon = first(fields, LONGITUDE_NAMES);
  if (lat === undefined || lon === undefined) {
    const missing = lat === undefined ? (lon === undefined ? 'lat and lon' : 'lat') : 'lon';
    return refuse('no-coordinates', `${missing} missing`);
  }
  return { latName: 'lat', lonName: 'lon', lat, lon };
}

/** The name that a record's key spells. */
export const entityName = (key: Uint8Array): string => lenient.decode(key);

/** The entity's name from the key, else from the fields, else topic and partition. */
function entityOf(record: RecordIn, sources: readonly Fields[]): string {
  if (record.key !== null && record.key.length > 0) return entityName(record.key);
  for (const name of ENTITY_NAMES) {
    for (const fields of sources) {
      if (!Object.hasOwn(fields, name)) continue;
      const text = textOf(fields[name]);
      if (text !== null) return text;
    }
  }
  return `${record.topic}/${record.partition}`;
}

/**
 * What a record says about an entity; see the top of this file.
 * @param measure name of the field whose number is wanted beside the fix; null: none
 */
export function decodePoint(record: RecordIn, measure: string | null = null): Decoded {
  const { value } = record;
  if (record.key !== null && record.key.length > 4 * MAX_ENTITY_LENGTH) {
    return refuse('long-entity', `the key has ${record.key.length} bytes`);
  }
  if (value === null) {
    const entity = entityOf(record, []);
    return entity.length > MAX_ENTITY_LENGTH ? refuse('long-entity', brief(entity)) : { kind: 'removed', entity };
  }
  if (value.length === 0) return refuse('empty');

  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return refuse('not-utf8', `${value.length} bytes`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return refuse('not-json', error instanceof Error ? error.message : '');
  }
  if (!isFields(parsed)) return refuse('not-object', brief(parsed));

  const found = coordinatesOf(parsed);
  if ('kind' in found) return found;
  const lat = toNumber(found.lat);
  const lon = toNumber(found.lon);
  if (!Number.isFinite(lat)) return refuse('not-a-number', `${found.latName} is ${brief(found.lat)}`);
  if (!Number.isFinite(lon)) return refuse('not-a-number', `${found.lonName} is ${brief(found.lon)}`);
  if (!isLatitude(lat)) return refuse('latitude-range', `${found.latName} is ${lat}`);
  if (!isLongitude(lon)) return refuse('longitude-range', `${found.lonName} is ${lon}`);

  const sources = isFields(parsed.properties) ? [parsed, parsed.properties] : [parsed];
  const entity = entityOf(record, sources);
  if (entity.length > MAX_ENTITY_LENGTH) return refuse('long-entity', brief(entity));
  return {
    kind: 'fix',
    entity,
    lat,
    lon,
    time: parseEventTime(firstOf(sources, TIME_NAMES)) ?? record.timestamp,
    heading: toHeading(toNumber(firstOf(sources, HEADING_NAMES))),
    speed: speedOf(sources),
    measure: measure === null ? Number.NaN : toMeasure(toNumber(firstOf(sources, [measure]))),
  };
}
