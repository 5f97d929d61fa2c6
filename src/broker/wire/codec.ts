/**
 * One codec for every message in every version: it walks the schema. What a version does not have is filled
 * with its default on reading and left out on writing.
 */
import type { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { ProtocolError } from './protocolError.ts';
import type { Decoded, Encodable, Message, Shape, WireType } from './schema.ts';

interface PlannedField {
  readonly name: string;
  readonly type: WireType;
  readonly nullable: boolean;
  readonly tag: number;
  readonly absent: unknown;
}

/** The fields that one version of a structure really has. */
interface Plan {
  readonly plain: readonly PlannedField[];
  readonly tagged: readonly PlannedField[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

interface Mode {
  readonly version: number;
  readonly flexible: boolean;
}

/** Compact lengths could say more, but a string is no longer than it was before there were any (as in Kafka). */
const MAX_STRING_BYTES = 0x7fff;

type Values = Record<string, unknown>;

const plans = new WeakMap<Shape, Map<number, Plan>>();

function planOf(shape: Shape, version: number): Plan {
  let byVersion = plans.get(shape);
  if (byVersion === undefined) {
    byVersion = new Map();
    plans.set(shape, byVersion);
  }
  const known = byVersion.get(version);
  if (known !== undefined) return known;
  const plain: PlannedField[] = [];
  const tagged: PlannedField[] = [];
  const defaults: Values = {};
  for (const [name, field] of Object.entries(shape)) {
    defaults[name] = field.absent;
    if (version < field.from || version > field.to) continue;
    const { type, absent } = field;
    const planned = { name, type, absent, nullable: version >= field.nullableFrom, tag: field.tag ?? -1 };
    if (field.tag === undefined) plain.push(planned);
    else tagged.push(planned);
  }
  const plan = { plain, tagged, defaults };
  byVersion.set(version, plan);
  return plan;
}

/** Reads a message's body. Throws ProtocolError, and nothing else, on bytes that are not one. */
export function decode<S extends Shape>(message: Message<S>, version: number, reader: ByteReader): Decoded<S> {
  const mode = { version, flexible: version >= message.flexibleFrom };
  return readStruct(reader, message.shape, mode) as Decoded<S>;
}

/** Writes a message's body behind whatever the writer holds already (a header). */
export function encode<S extends Shape>(
  message: Message<S>,
  version: number,
  body: Encodable<S>,
  writer: ByteWriter,
): void {
  const mode = { version, flexible: version >= message.flexibleFrom };
  writeStruct(writer, message.shape, body as Values, mode);
}

/** Steps over a tagged section none of whose fields are of interest, as in request headers. */
export function skipTaggedFields(reader: ByteReader): void {
  const count = reader.checkCount(reader.unsignedVarint());
  for (let index = 0; index < count; index += 1) {
    reader.unsignedVarint();
    reader.skip(reader.unsignedVarint());
  }
}

function readStruct(reader: ByteReader, shape: Shape, mode: Mode): Values {
  const plan = planOf(shape, mode.version);
  const values: Values = { ...plan.defaults };
  for (const field of plan.plain) values[field.name] = readValue(reader, field.type, field, mode);
  if (mode.flexible) readTaggedFields(reader, plan, values, mode);
  return values;
}

function readTaggedFields(reader: ByteReader, plan: Plan, values: Values, mode: Mode): void {
  const count = reader.checkCount(reader.unsignedVarint());
  for (let index = 0; index < count; index += 1) {
    const tag = reader.unsignedVarint();
    const length = reader.unsignedVarint();
    const field = plan.tagged.find((candidate) => candidate.tag === tag);
    if (field === undefined) {
      reader.skip(length);
      continue;
    }
    if (length > reader.remaining) throw new ProtocolError(`tagged field ${field.name} is longer than the request`);
    const end = reader.position + length;
    values[field.name] = readValue(reader, field.type, field, mode);
    if (reader.position !== end) throw new ProtocolError(`tagged field ${field.name} is not ${length} bytes long`);
  }
}

function readValue(reader: ByteReader, type: WireType, field: PlannedField, mode: Mode): unknown {
  switch (type.kind) {
    case 'boolean':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uuid':
      return reader[type.kind]();
    case 'string': {
      const length = mode.flexible ? reader.unsignedVarint() - 1 : reader.int16();
      if (length > MAX_STRING_BYTES) throw new ProtocolError(`${field.name} has the length ${length}`);
      return length === -1 ? readNull(field) : reader.utf8(checkLength(length, field));
    }
    case 'bytes':
    case 'records': {
      const length = mode.flexible ? reader.unsignedVarint() - 1 : reader.int32();
      return length === -1 ? readNull(field) : reader.slice(checkLength(length, field));
    }
    case 'array': {
      const count = mode.flexible ? reader.unsignedVarint() - 1 : reader.int32();
      if (count === -1) return readNull(field);
      reader.checkCount(checkLength(count, field));
      const values: unknown[] = [];
      const element = type.element;
      const elementField = { ...field, nullable: false };
      for (let index = 0; index < count; index += 1) values.push(readValue(reader, element, elementField, mode));
      return values;
    }
    case 'struct':
      return readStruct(reader, type.shape, mode);
  }
}

function readNull(field: PlannedField): null {
  if (!field.nullable) throw new ProtocolError(`${field.name} must not be null`);
  return null;
}

function checkLength(length: number, field: PlannedField): number {
  if (length < 0) throw new ProtocolError(`${field.name} has the length ${length}`);
  return length;
}

function writeStruct(writer: ByteWriter, shape: Shape, values: Values, mode: Mode): void {
  const plan = planOf(shape, mode.version);
  for (const field of plan.plain) {
    const value = values[field.name];
    writeValue(writer, field.type, value === undefined ? field.absent : value, field, mode);
  }
  if (mode.flexible) writeTaggedFields(writer, plan, values, mode);
}

function writeTaggedFields(writer: ByteWriter, plan: Plan, values: Values, mode: Mode): void {
  const present = plan.tagged.filter((field) => !isAbsent(values[field.name], field));
  writer.unsignedVarint(present.length);
  for (const field of present) {
    const inner = new ByteWriter();
    writeValue(inner, field.type, values[field.name], field, mode);
    writer.unsignedVarint(field.tag);
    writer.unsignedVarint(inner.length);
    for (const piece of inner.pieces()) writer.raw(piece);
  }
}

function isAbsent(value: unknown, field: PlannedField): boolean {
  return value === undefined || value === field.absent || (Array.isArray(value) && value.length === 0);
}

function writeValue(writer: ByteWriter, type: WireType, value: unknown, field: PlannedField, mode: Mode): void {
  if (value === null && type.kind !== 'struct') {
    if (!field.nullable) throw new TypeError(`${field.name} is null`);
    if (mode.flexible) writer.unsignedVarint(0);
    else if (type.kind === 'string') writer.int16(-1);
    else writer.int32(-1);
    return;
  }
  switch (type.kind) {
    case 'boolean':
      writer.boolean(value as boolean);
      break;
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      writer[type.kind](value as number);
      break;
    case 'uuid':
      writer.uuid(value as string);
      break;
    case 'string': {
      const text = value as string;
      const length = Buffer.byteLength(text);
      if (mode.flexible) writer.unsignedVarint(length + 1);
      else writer.int16(length);
      writer.utf8(text, length);
      break;
    }
    case 'bytes':
    case 'records': {
      const run = value as Buffer;
      writeLength(writer, run.length, mode);
      writer.raw(run);
      break;
    }
    case 'array': {
      const elements = value as readonly unknown[];
      writeLength(writer, elements.length, mode);
      for (const element of elements) writeValue(writer, type.element, element, field, mode);
      break;
    }
    case 'struct':
      writeStruct(writer, type.shape, value as Values, mode);
      break;
  }
}

function writeLength(writer: ByteWriter, length: number, mode: Mode): void {
  if (mode.flexible) writer.unsignedVarint(length + 1);
  else writer.int32(length);
}
