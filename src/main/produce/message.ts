/** What the inject form sends: `{name, lat, lon}` at least, with message_id and timestamp filled in. */
import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../../shared/contract';

export interface ComposedMessage {
  readonly key: string;
  /** JSON text. */
  readonly value: string;
}

/**
 * The person's own fields win, except for the coordinates, which the form holds. Null when there is neither a key
 * nor a name.
 */
export function composeMessage(
  outgoing: Outgoing,
  now: Date,
  newId: () => string = randomUUID,
): ComposedMessage | null {
  const { key, lat, lon, fields } = outgoing;
  const named = fields.name;
  const name = typeof named === 'string' && named !== '' ? named : key;
  if (name === null || name === '') return null;
  const message = {
    name,
    lat,
    lon,
    message_id: newId(),
    timestamp: now.toISOString(),
    ...Object.fromEntries(Object.entries(fields).filter(([field]) => !['name', 'lat', 'lon'].includes(field))),
  };
  return { key: key === null || key === '' ? name : key, value: JSON.stringify(message) };
}
