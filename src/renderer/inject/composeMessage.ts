/** From what stands in the inject form to the message that will be sent, or to what is wrong, field by field. */
import type { Outgoing } from '../../shared/contract';
import { escapeUnseen, shorten } from '../words/showText';
import { parseCoordinate } from './parseCoordinate';
import { parseMessageFields } from './parseMessageFields';

/** As typed. */
export interface InjectForm {
  readonly topic: string;
  readonly key: string;
  readonly lat: string;
  readonly lon: string;
  readonly fields: string;
}
export type InjectField = keyof InjectForm;
export type InjectErrors = Partial<Record<InjectField, string>>;

export type Composed =
  | { readonly ok: true; readonly outgoing: Outgoing }
  | { readonly ok: false; readonly errors: InjectErrors };

/** Kafka's rule, in words; the main process holds the contract's schema against it once more. */
export function topicError(name: string): string | null {
  if (name === '') return 'Name a topic: one of the list, or a new one.';
  if (name.length > 249) return 'A topic name has at most 249 characters.';
  if (/\s/.test(name)) return 'A topic name has no spaces: letters, digits, ".", "_" and "-".';
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'A topic name may hold letters, digits, ".", "_" and "-" only.';
  return name === '.' || name === '..' ? 'A topic cannot be named "." or "..".' : null;
}

/** Characters of an entity's name, see MAX_ENTITY_LENGTH in src/geo/decodePoint.ts. */
const LONGEST_NAME = 512;
const tooLong = `The map shows names of up to ${LONGEST_NAME} characters.`;
/** Characters of a message that are shown before it is sent. */
const LONGEST_PREVIEW = 4_000;

/** The name among the fields, where it can serve as a key. */
function nameOf(fields: Record<string, unknown>): string | null {
  const { name } = fields;
  if (typeof name === 'string' && name !== '') return name;
  return typeof name === 'number' ? String(name) : null;
}

export function composeMessage(form: InjectForm): Composed {
  const errors: InjectErrors = {};
  const topic = form.topic.trim();
  const wrongTopic = topicError(topic);
  if (wrongTopic) errors.topic = wrongTopic;
  const lat = parseCoordinate(form.lat, 'lat');
  if (!lat.ok) errors.lat = lat.message;
  const lon = parseCoordinate(form.lon, 'lon');
  if (!lon.ok) errors.lon = lon.message;
  const parsed = parseMessageFields(form.fields);
  if (!parsed.ok) errors.fields = parsed.message;
  const fields = parsed.ok ? parsed.fields : {};
  const key = form.key.trim() === '' ? nameOf(fields) : form.key;
  if (key === null && parsed.ok) errors.key = 'Give a key, or a name among the message fields: name = …';
  if (form.key.length > LONGEST_NAME) errors.key = tooLong;
  if ((nameOf(fields)?.length ?? 0) > LONGEST_NAME) errors.fields = tooLong;
  if (Object.keys(errors).length > 0 || !lat.ok || !lon.ok || key === null) return { ok: false, errors };
  return { ok: true, outgoing: { topic, key, lat: lat.value, lon: lon.value, fields } };
}

/** The message's value as it will be sent, or its beginning, with what the main process adds named in words. */
export function previewMessage({ key, lat, lon, fields }: Outgoing): string {
  const filled = 'filled in on sending';
  const value = { message_id: filled, name: key, lat, lon, timestamp: filled, ...fields };
  return escapeUnseen(shorten(JSON.stringify(value, null, 2), LONGEST_PREVIEW));
}
