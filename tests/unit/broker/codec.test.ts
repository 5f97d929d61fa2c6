import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apis } from '../../../src/broker/api/index.ts';
import { ByteReader } from '../../../src/broker/wire/byteReader.ts';
import { ByteWriter } from '../../../src/broker/wire/byteWriter.ts';
import { decode, encode } from '../../../src/broker/wire/codec.ts';
import { heartbeatRequest } from '../../../src/broker/wire/messages/heartbeat.ts';
import { metadataRequest } from '../../../src/broker/wire/messages/metadata.ts';
import { ProtocolError } from '../../../src/broker/wire/protocolError.ts';
import type { Encodable, Field, Message, Shape, WireType } from '../../../src/broker/wire/schema.ts';

/** Values of a type in one version, as decoding gives them back. */
function valuesOf(type: WireType, version: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -128, max: 127 });
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 });
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.maxSafeInteger();
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    case 'string':
      return fc.string({ unit: 'binary', maxLength: 150 });
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 1500 }).map((bytes) => Buffer.from(bytes));
    case 'array':
      return fc.array(valuesOf(type.element, version), { maxLength: 3 });
    case 'struct':
      return structsOf(type.shape, version);
  }
}

function fieldValues(field: Field, version: number): fc.Arbitrary<unknown> {
  if (version < field.from || version > field.to) return fc.constant(field.absent);
  const values = valuesOf(field.type, version);
  const mayBeNull = version >= field.nullableFrom || field.type.kind === 'struct';
  return mayBeNull ? fc.option(values, { nil: null }) : values;
}

function structsOf(shape: Shape, version: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, fieldValues(field, version)])),
  );
}

function bytesOf(message: Message, version: number, body: unknown): Buffer {
  const writer = new ByteWriter();
  encode(message, version, body as Encodable<Shape>, writer);
  return Buffer.concat(writer.pieces());
}

const everyMessage = [...apis.values()].flatMap(({ request, response, minVersion, maxVersion }) =>
  Array.from({ length: maxVersion - minVersion + 1 }, (_, index) => minVersion + index).flatMap((version) =>
    [request, response].map((message): [string, Message, number] => [`${message.name} ${version}`, message, version]),
  ),
);

describe('the codec', () => {
  it.each(everyMessage)('brings %s back as it was', (_, message, version) => {
    fc.assert(
      fc.property(structsOf(message.shape, version), (body) => {
        const bytes = bytesOf(message, version, body);
        const reader = new ByteReader(bytes);
        expect(decode(message, version, reader)).toEqual(body);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it.each(everyMessage)('throws nothing but ProtocolError on %s cut short at any byte', (_, message, version) => {
    fc.assert(
      fc.property(structsOf(message.shape, version), (body) => {
        const bytes = bytesOf(message, version, body);
        const step = Math.max(1, Math.floor(bytes.length / 200));
        for (let length = 0; length < bytes.length; length += step) {
          expect(() => decode(message, version, new ByteReader(bytes.subarray(0, length)))).toThrow(ProtocolError);
        }
      }),
      { numRuns: 3 },
    );
  });

  it.each(everyMessage)('throws nothing but ProtocolError on random bytes for %s', (_, message, version) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decode(message, version, new ByteReader(Buffer.from(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('steps over tagged fields that it does not know', () => {
    const plain = bytesOf(heartbeatRequest, 4, { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null });
    const withUnknown = Buffer.concat([plain.subarray(0, -1), Buffer.from([1, 9, 3, 0xaa, 0xbb, 0xcc])]);
    expect(decode(heartbeatRequest, 4, new ByteReader(withUnknown))).toMatchObject({ groupId: 'g', memberId: 'm' });
  });

  it('fills in the default of what a version does not have', () => {
    const bytes = bytesOf(metadataRequest, 1, { topics: null });
    expect(decode(metadataRequest, 1, new ByteReader(bytes))).toMatchObject({
      topics: null,
      allowAutoTopicCreation: true,
    });
  });

  it('holds numbers beyond the safe integers at the last safe one', () => {
    const largest = Buffer.from('7fffffffffffffff', 'hex');
    expect(new ByteReader(largest).int64()).toBe(Number.MAX_SAFE_INTEGER);
    const smallest = Buffer.from('8000000000000000', 'hex');
    expect(new ByteReader(smallest).int64()).toBe(Number.MIN_SAFE_INTEGER);
  });

  it('refuses more than a million array elements, whatever they are', () => {
    const count = 1_000_001;
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.alloc(count * 2)]);
    bytes.writeInt32BE(count);
    expect(() => decode(metadataRequest, 1, new ByteReader(bytes))).toThrow(/claims 1000001 elements/);
  });
});
