/**
 * Requests made from the registered schemas, so that an API that is added is covered by itself: sound ones, ones with
 * an impossible count in one of their arrays, and sound ones that were damaged. All of it follows from a seed.
 */
import { type Api, apis } from '../../../src/broker/api/index.ts';
import { ByteWriter } from '../../../src/broker/wire/byteWriter.ts';
import { encode } from '../../../src/broker/wire/codec.ts';
import type { Encodable, Field, Shape, WireType } from '../../../src/broker/wire/schema.ts';
import { seededRandom } from '../../../src/geo/motion';
import { batchOf } from '../../unit/broker/sampleBatch.ts';

/** Whole numbers from 0 to below `limit`; the same ones for the same seed. */
export type Dice = (limit: number) => number;

export function diceOf(seed: number): Dice {
  const next = seededRandom(seed);
  return (limit) => Math.floor(next() * limit);
}

export interface ApiVersion {
  readonly api: Api;
  readonly version: number;
}

export const everyApiVersion: readonly ApiVersion[] = [...apis.values()].flatMap((api) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, index) => ({ api, version: api.minVersion + index })),
);

/** Is asked for each array that a walk through the message comes by; `element` makes one of its elements. */
type ArrayValue = (element: () => unknown) => unknown;

interface Making {
  readonly version: number;
  readonly dice: Dice;
  readonly array: ArrayValue;
}

const NAMES = ['', 'a', 'ships', 'no/name', 'x'.repeat(300), 'é', 'consumer', 'range', '.'];
const NUMBERS = [-2, -1, 0, 1, 2, 3, 100];

function soundValue(type: WireType, making: Making): unknown {
  const { dice } = making;
  switch (type.kind) {
    case 'boolean':
      return dice(2) === 1;
    case 'int8':
      return [-1, 0, 1, 2, 127][dice(5)];
    case 'int16':
    case 'int32':
      return NUMBERS[dice(NUMBERS.length)];
    case 'int64':
      return [-3, -1, 0, 1, 1000, Number.MAX_SAFE_INTEGER][dice(6)];
    case 'uuid':
      return dice(2) === 0 ? '0'.repeat(32) : '5'.repeat(32);
    case 'string':
      return NAMES[dice(NAMES.length)];
    case 'bytes':
      return Buffer.alloc(dice(50), 7);
    case 'records':
      return batchOf(1 + dice(3));
    case 'array':
      return making.array(() => soundValue(type.element, making));
    case 'struct':
      return bodyOf(type.shape, making);
  }
}

function bodyOf(shape: Shape, making: Making): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, fieldValue(field, making)]));
}

function fieldValue(field: Field, making: Making): unknown {
  const { version, dice } = making;
  if (version < field.from || version > field.to) return field.absent;
  if (version >= field.nullableFrom && field.type.kind !== 'array' && dice(4) === 0) return null;
  return soundValue(field.type, making);
}

function frame({ api, version }: ApiVersion, dice: Dice, array: ArrayValue): Buffer {
  const writer = new ByteWriter();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(dice(1000));
  writer.int16(-1);
  if (version >= api.request.flexibleFrom) writer.unsignedVarint(0);
  const body = bodyOf(api.request.shape, { version, dice, array });
  encode(api.request, version, body as Encodable<Shape>, writer);
  return withLength(Buffer.concat(writer.pieces()));
}

function withLength(bytes: Buffer): Buffer {
  bytes.writeInt32BE(bytes.length - 4, 0);
  return bytes;
}

export function soundRequest(which: ApiVersion, dice: Dice): Buffer {
  return frame(which, dice, (element) => Array.from({ length: 1 + dice(2) }, element));
}

/** What no array can hold: nothing of it may be believed, or even allocated, before the elements are there. */
const COUNTS = [-2, -0x8000_0000, 0x7fff_ffff, 1_000_000];
/** Compact counts have no sign: these are the largest that five bytes hold. */
const COMPACT_COUNTS = [0xffff_fffe, 0x8000_0000, 0x7fff_ffff, 1_000_000];

/** One request for each array of a message and each impossible count, where the array's elements should be: nothing. */
export function requestsWithImpossibleCounts(which: ApiVersion): Buffer[] {
  const counts = which.version >= which.api.request.flexibleFrom ? COMPACT_COUNTS : COUNTS;
  const requests: Buffer[] = [];
  for (let target = 0; ; target += 1) {
    let arrays = 0;
    for (const count of counts) {
      arrays = 0;
      const array: ArrayValue = (element) => {
        arrays += 1;
        return arrays - 1 === target ? { length: count, *[Symbol.iterator]() {} } : [element()];
      };
      const request = frame(which, diceOf(target), array);
      if (arrays > target) requests.push(request);
    }
    if (arrays <= target) return requests;
  }
}

/** A sound request in whose bytes something is wrong; its length is right, so that it is looked at. */
export function damagedRequest(which: ApiVersion, dice: Dice): Buffer {
  const request = soundRequest(which, dice);
  const headerEnd = 14;
  const at = headerEnd + dice(Math.max(request.length - headerEnd, 1));
  switch (dice(6)) {
    case 0:
      return withLength(Buffer.from(request.subarray(0, Math.max(at, 12))));
    case 1:
      return withLength(Buffer.concat([request, Buffer.from(Array.from({ length: dice(40) }, () => dice(256)))]));
    case 2:
      return withLength(
        Buffer.concat([request.subarray(0, at), request.subarray(Math.min(at + 1 + dice(4), request.length))]),
      );
    case 3: {
      const extreme = Buffer.alloc(4);
      extreme.writeUInt32BE([0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 0xffff][dice(4)] ?? 0);
      extreme.copy(request, at);
      return request;
    }
    default:
      for (let flips = 1 + dice(4); flips > 0; flips -= 1) {
        const place = headerEnd + dice(Math.max(request.length - headerEnd, 1));
        if (place < request.length) request[place] = dice(256);
      }
      return request;
  }
}
