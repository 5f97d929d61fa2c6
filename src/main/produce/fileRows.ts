/** The rows of a file that can be played: NDJSON line by line, GPX track point by track point. Both are streamed. */
import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { parseEventTime } from '../../geo/eventTime';

export type FileFormat = 'ndjson' | 'gpx';

export interface FileRow {
  /** What is sent: a line's bytes as they are, or a track point as JSON. Null for a line that is too long to hold. */
  readonly value: Buffer | null;
  /** The row as JSON; undefined when it is none. */
  readonly fields: unknown;
  /** Event time, epoch ms. */
  readonly time: number | null;
  /** Bytes of the file up to and with this row. */
  readonly end: number;
  /** From 1: line, or track point. */
  readonly number: number;
}

export class FileError extends Error {
  override readonly name = 'FileError';
  constructor(
    message: string,
    readonly action: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A line of more bytes than this is counted and skipped: no Kafka takes a record that large by default. */
export const MAX_LINE_BYTES = 8 << 20;

const TIME_PATHS = ['timestamp', 'time', 'ts', 'properties.timestamp', 'properties.time', 'properties.ts'];

/** The value at `path`: an own field of that very name, else field by field along the dots. */
export function fieldAt(fields: unknown, path: string): unknown {
  if (typeof fields !== 'object' || fields === null) return undefined;
  if (Object.hasOwn(fields, path)) return (fields as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const head = path.slice(0, dot);
  return Object.hasOwn(fields, head)
    ? fieldAt((fields as Record<string, unknown>)[head], path.slice(dot + 1))
    : undefined;
}

/** A key from a field's value; null when the field is missing or no scalar. */
export function keyText(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

function timeOf(fields: unknown): number | null {
  for (const path of TIME_PATHS) {
    const time = parseEventTime(fieldAt(fields, path));
    if (time !== null) return time;
  }
  return null;
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function* lines(path: string, end?: number): AsyncGenerator<{ line: Buffer | null; end: number }> {
  let parts: Buffer[] = [];
  let held = 0;
  let tooLong = false;
  let at = 0;
  const take = () => {
    const line = tooLong ? null : Buffer.concat(parts);
    parts = [];
    held = 0;
    tooLong = false;
    return line;
  };
  for await (const chunk of createReadStream(path, {
    highWaterMark: 256 << 10,
    ...(end === undefined ? {} : { end }),
  })) {
    const bytes: Buffer = chunk;
    let from = 0;
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, from)) {
      if (held + newline - from > MAX_LINE_BYTES) tooLong = true;
      else parts.push(bytes.subarray(from, newline));
      from = newline + 1;
      yield { line: take(), end: at + from };
    }
    const rest = bytes.subarray(from);
    held += rest.length;
    if (held > MAX_LINE_BYTES) {
      tooLong = true;
      parts = [];
    } else if (rest.length > 0) parts.push(Buffer.from(rest));
    at += bytes.length;
  }
  if (held > 0) yield { line: take(), end: at };
}

async function* ndjsonRows(path: string, end?: number): AsyncGenerator<FileRow> {
  let number = 0;
  for await (const { line, end: reached } of lines(path, end)) {
    number += 1;
    if (line === null) {
      yield { value: null, fields: undefined, time: null, end: reached, number };
      continue;
    }
    let value = line;
    if (number === 1 && value.length >= 3 && value.readUIntBE(0, 3) === 0xefbbbf) value = value.subarray(3);
    if (value.at(-1) === 13) value = value.subarray(0, -1);
    if (value.length === 0) continue;
    const fields = parseJson(value);
    yield { value, fields, time: timeOf(fields), end: reached, number };
  }
}

async function* gpxRows(path: string, name: string, end?: number): AsyncGenerator<FileRow> {
  const parser = new SaxesParser();
  let ready: Record<string, unknown>[] = [];
  let point: Record<string, unknown> | undefined;
  let track = name;
  let inTrack = false;
  let text = '';
  parser.on('opentag', ({ name: tag, attributes }) => {
    text = '';
    if (tag === 'trk') inTrack = true;
    if (tag === 'trkpt') point = { name: track, lat: Number(attributes.lat), lon: Number(attributes.lon) };
  });
  parser.on('text', (more) => {
    if (text.length < 1_000) text += more;
  });
  parser.on('closetag', ({ name: tag }) => {
    if (tag === 'trk') inTrack = false;
    if (point) {
      if (tag === 'ele' && text.trim() !== '') point.ele = Number(text);
      if (tag === 'time') point.time = text.trim();
      if (tag === 'trkpt') {
        ready.push(point);
        point = undefined;
      }
    } else if (tag === 'name' && inTrack && text.trim() !== '') track = text.trim();
    text = '';
  });
  parser.on('error', (error) => {
    throw new FileError(`The GPX file is not well-formed XML: ${error.message}`, 'Export it anew, or mend the file.');
  });
  const decoder = new TextDecoder('utf-8');
  let at = 0;
  let number = 0;
  for await (const chunk of createReadStream(path, {
    highWaterMark: 256 << 10,
    ...(end === undefined ? {} : { end }),
  })) {
    const bytes: Buffer = chunk;
    at += bytes.length;
    parser.write(decoder.decode(bytes, { stream: true }));
    const points = ready;
    ready = [];
    for (const fields of points) {
      number += 1;
      yield { value: Buffer.from(JSON.stringify(fields)), fields, time: timeOf(fields), end: at, number };
    }
  }
  if (end === undefined) parser.close();
}

/** The rows in the file's order. `end` stops reading at that byte, for a look at the beginning. */
export function fileRows(path: string, format: FileFormat, name: string, end?: number): AsyncGenerator<FileRow> {
  return format === 'gpx' ? gpxRows(path, name, end) : ndjsonRows(path, end);
}
