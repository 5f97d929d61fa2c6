/** From a record that was read to the inject form that sends it again: "Send again, edited". */
import type { KafkaRecord } from '../../shared/contract';
import type { InjectForm } from '../inject/composeMessage';
import { coordinateText, wrapLongitude } from '../words/places';
import { escapeUnseen } from '../words/showText';
import { depthOf, quoteLargeIntegers } from './jsonText';
import { DEEPEST } from './prettyRecord';

/** Filled from the map, or filled in afresh on sending. */
const leftOut = new Set([
  'lat',
  'latitude',
  'lon',
  'lng',
  'longitude',
  'message_id',
  'timestamp',
  'time',
  'ts',
  '__proto__',
]);

function objectIn(text: string): Record<string, unknown> {
  if (depthOf(text) > DEEPEST) return {};
  try {
    const value: unknown = JSON.parse(quoteLargeIntegers(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {}; // the form then starts with the coordinates alone
  }
}

/** A GeoJSON Feature's own fields are its properties; a bare Point has none. */
function furtherFields(value: Record<string, unknown>): Record<string, unknown> {
  if (value.type === 'Point' && 'coordinates' in value) return {};
  if (value.type !== 'Feature') return value;
  const { properties } = value;
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

/** `at` in degrees: where the map has the entity, or else where the record put it. */
export function editAgain(record: KafkaRecord, id: string, at: { lat: number; lon: number }): InjectForm {
  const value = record.value?.encoding === 'utf-8' && !record.value.cut ? objectIn(record.value.text) : {};
  const fields = Object.entries(furtherFields(value)).filter(([name]) => !leftOut.has(name));
  return {
    topic: record.topic,
    key: record.key?.encoding === 'utf-8' && !record.key.cut ? record.key.text : id,
    lat: coordinateText(at.lat),
    lon: coordinateText(wrapLongitude(at.lon)),
    fields: fields.length > 0 ? escapeUnseen(JSON.stringify(Object.fromEntries(fields), null, 2)) : '',
  };
}
