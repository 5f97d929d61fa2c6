/**
 * The further fields of a message, written either as one JSON object or as lines `name = value`. In the lines, a
 * value that is a number, true, false, null, or JSON in quotes, [ ] or { } is taken as that; the rest is text.
 */
import { type Json, JsonError, readJson } from './readJson';

export type MessageFields =
  | { readonly ok: true; readonly fields: Record<string, Json> }
  | { readonly ok: false; readonly message: string };

/** Names that the Latitude and Longitude fields fill in, or that would contradict them. */
const coordinates: Record<string, string> = {
  lat: 'Latitude',
  latitude: 'Latitude',
  lon: 'Longitude',
  lng: 'Longitude',
  longitude: 'Longitude',
};

const LONGEST_NAME = 1_000;
/** Characters; what Kafka takes by default is 1 MB a record. */
const LONGEST_TEXT = 1_000_000;

function nameError(name: string): string | null {
  if (name.length > LONGEST_NAME)
    return `A field's name has at most ${LONGEST_NAME.toLocaleString('en-US')} characters.`;
  if (name === '__proto__') return 'A field cannot be named "__proto__".';
  const field = Object.hasOwn(coordinates, name) ? coordinates[name] : undefined;
  return field ? `"${name}" comes from the ${field} field: take it out here.` : null;
}

const where = (error: JsonError) => `Line ${error.line}, column ${error.column}: ${error.message}`;

function fromJson(text: string): MessageFields {
  try {
    const value = readJson(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { ok: false, message: 'Write one JSON object, { … }, or lines name = value.' };
    }
    for (const name of Object.keys(value)) {
      const message = nameError(name);
      if (message) return { ok: false, message };
    }
    return { ok: true, fields: value };
  } catch (error) {
    if (error instanceof JsonError) return { ok: false, message: where(error) };
    throw error;
  }
}

/** A value of a line. A number is one only if it comes back out as it was written, so that "007" stays text. */
function lineValue(text: string): Json {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) {
    const value = Number(text);
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
  }
  return /^["[{]/.test(text) ? readJson(text) : text;
}

function fromLines(text: string): MessageFields {
  const fields: Record<string, Json> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, equals).trim();
    if (equals < 0 || name === '') return { ok: false, message: `Line ${number}: write name = value.` };
    const message = nameError(name);
    if (message) return { ok: false, message: `Line ${number}: ${message}` };
    if (Object.hasOwn(fields, name))
      return { ok: false, message: `Line ${number}: there are two fields named "${name}".` };
    try {
      fields[name] = lineValue(line.slice(equals + 1).trim());
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      const start = equals + 1 + line.slice(equals + 1).search(/\S|$/);
      return { ok: false, message: `Line ${number}, column ${start + error.column}: ${error.message}` };
    }
  }
  return { ok: true, fields };
}

export function parseMessageFields(text: string): MessageFields {
  // Before anything else: reading more at each keystroke would make the form crawl.
  if (text.length > LONGEST_TEXT) {
    return { ok: false, message: `At most ${LONGEST_TEXT.toLocaleString('en-US')} characters.` };
  }
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, fields: {} };
  return /^[{["]/.test(trimmed) && !/^"[^"\n]*"\s*=/.test(trimmed) ? fromJson(text) : fromLines(text);
}
