/**
 * The broker's messages, field by field, against Apache Kafka's own definitions of them, which its clients' jar
 * carries: order, types, versions, nulls, tags and defaults, for each version that the broker serves.
 */
import { createRequire } from 'node:module';
import { delimiter } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { apis } from '../../../src/broker/api/index.ts';
import type { Shape, WireType } from '../../../src/broker/wire/schema.ts';
import { apacheKafkaOrSkipReason } from '../../apacheKafka/apacheKafka.ts';

/** Ours → Kafka's, where the names differ; names are not sent. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'ProduceRequest.topics': 'topicData',
  'ProduceRequest.topics.partitions': 'partitionData',
  'ProduceResponse.responses.partitions': 'partitionResponses',
  'ProduceResponse.responses.partitions.recordErrors.message': 'batchIndexErrorMessage',
  'FetchRequest.forgottenTopics': 'forgottenTopicsData',
  'FetchResponse.responses.partitions.partition': 'partitionIndex',
  'OffsetCommitRequest.generationId': 'generationIdOrMemberEpoch',
  'AddPartitionsToTxnRequest.transactionalId': 'v3AndBelowTransactionalId',
  'AddPartitionsToTxnRequest.producerId': 'v3AndBelowProducerId',
  'AddPartitionsToTxnRequest.producerEpoch': 'v3AndBelowProducerEpoch',
  'AddPartitionsToTxnRequest.topics': 'v3AndBelowTopics',
  'AddPartitionsToTxnResponse.results': 'resultsByTopicV3AndBelow',
  'AddPartitionsToTxnResponse.results.partitions': 'resultsByPartition',
  'AddPartitionsToTxnResponse.results.partitions.errorCode': 'partitionErrorCode',
};

/** Tagged fields that a broker need not send; a client takes their defaults. */
const LEFT_OUT = new Set([
  'ProduceResponse.nodeEndpoints', // of leaders elsewhere: there is one node
  'FetchResponse.responses.partitions.snapshotId', // for followers
]);

interface KafkaField {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions?: string;
  readonly tag?: number;
  readonly default?: string | number | boolean;
  readonly fields?: readonly KafkaField[];
}

interface KafkaMessage {
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly KafkaField[];
  readonly commonStructs?: readonly KafkaField[];
}

/** One field in one version, in the form in which both sides are compared. */
interface Described {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly tag: number | undefined;
  /** Of scalars that a version without the field, or a sender of tagged fields, leaves out. */
  readonly default: string | undefined;
  readonly fields: readonly Described[];
}

const found = await apacheKafkaOrSkipReason();
const messages = new Map<string, KafkaMessage>();

describe.skipIf(!found.available)("the broker's messages", () => {
  beforeAll(async () => {
    if (!found.available) return;
    const jar = found.installation.classPath.split(delimiter).find((path) => /kafka-clients-[^/\\]+\.jar$/.test(path));
    if (jar === undefined) throw new Error("Kafka's clients are not in the class path");
    await readDefinitions(jar);
  });

  const all = [...apis.values()].sort((one, other) => one.key - other.key);

  it.each(all.map((api) => [api.name, api] as const))('%s is what Apache Kafka says it is', (name, api) => {
    for (const message of [api.request, api.response]) {
      const definition = definitionOf(message.name);
      expect(message.name).toMatch(new RegExp(`^${name}(Request|Response)$`));
      expect(rangeOf(definition.flexibleVersions)[0], `${message.name} is flexible from`).toBe(message.flexibleFrom);
      for (let version = api.minVersion; version <= api.maxVersion; version += 1) {
        const [first, last] = rangeOf(definition.validVersions);
        // Older versions than Kafka 4 has are for older clients; its definitions no longer tell of them.
        if (version < first) continue;
        expect(version).toBeLessThanOrEqual(last);
        expect(describeOurs(message.shape, version, message.name), `${message.name}, version ${version}`).toEqual(
          describeKafkas(definition.fields, version, message.name, definition.commonStructs ?? []),
        );
      }
    }
  });
});

function definitionOf(name: string): KafkaMessage {
  const definition = messages.get(name);
  if (definition === undefined) throw new Error(`Apache Kafka has no ${name}`);
  return definition;
}

function describeOurs(shape: Shape, version: number, path: string): Described[] {
  return Object.entries(shape)
    .filter(([, { from, to }]) => version >= from && version <= to)
    .map(([name, field]) => {
      const own = `${path}.${name}`;
      const type = typeName(field.type);
      return {
        name: OTHER_NAMES[own] ?? name,
        type,
        isNullable: version >= field.nullableFrom,
        tag: field.tag,
        default: field.tag !== undefined && isScalar(type) ? String(field.absent) : undefined,
        fields: describeOurs(innerShape(field.type), version, own),
      };
    });
}

function describeKafkas(
  fields: readonly KafkaField[],
  version: number,
  path: string,
  common: readonly KafkaField[],
): Described[] {
  return fields
    .filter((field) => isWithin(version, field.versions))
    .map((field) => ({ field, name: field.name.slice(0, 1).toLowerCase() + field.name.slice(1) }))
    .filter(({ name }) => !LEFT_OUT.has(`${path}.${name}`))
    .map(({ field, name }) => {
      const element = field.type.replace('[]', '');
      const inner = field.fields ?? common.find((struct) => struct.name === element)?.fields ?? [];
      const isStruct = inner.length > 0;
      const type = isStruct ? field.type.replace(element, 'struct') : field.type.replace('bool', 'boolean');
      const ours = Object.entries(OTHER_NAMES).find(
        ([own, other]) => other === name && own.slice(0, own.lastIndexOf('.')) === path,
      );
      return {
        name,
        type,
        isNullable: field.nullableVersions !== undefined && isWithin(version, field.nullableVersions),
        tag: field.tag,
        default: field.tag !== undefined && isScalar(type) ? String(field.default ?? zeroOf(type)) : undefined,
        fields: describeKafkas(inner, version, ours?.[0] ?? `${path}.${name}`, common),
      };
    });
}

function typeName(type: WireType): string {
  return type.kind === 'array' ? `[]${typeName(type.element)}` : type.kind;
}

function innerShape(type: WireType): Shape {
  if (type.kind === 'array') return innerShape(type.element);
  return type.kind === 'struct' ? type.shape : {};
}

const isScalar = (type: string) => !type.startsWith('[]') && type !== 'struct';
const zeroOf = (type: string) => (type === 'boolean' ? 'false' : type === 'string' ? '' : '0');

/** "3-12", "9+", "4" or "none". */
function rangeOf(versions: string): readonly [number, number] {
  if (versions === 'none') return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const [first = '', last] = versions.replace('+', '-').split('-');
  return [Number(first), last === undefined ? Number(first) : last === '' ? Number.POSITIVE_INFINITY : Number(last)];
}

function isWithin(version: number, versions: string): boolean {
  const [first, last] = rangeOf(versions);
  return version >= first && version <= last;
}

interface ZipEntry {
  readonly fileName: string;
}

interface Zip {
  eachEntry(): AsyncIterable<ZipEntry>;
  openReadStreamPromise(entry: ZipEntry): Promise<NodeJS.ReadableStream>;
}

async function readDefinitions(jar: string): Promise<void> {
  const yauzl: { openPromise(path: string): Promise<Zip> } = createRequire(import.meta.url)('yauzl');
  const zip = await yauzl.openPromise(jar);
  for await (const entry of zip.eachEntry()) {
    const name = /^common\/message\/(\w+(?:Request|Response))\.json$/.exec(entry.fileName)?.[1];
    if (name === undefined) continue;
    const json = (await text(await zip.openReadStreamPromise(entry))).replace(/^\s*\/\/.*$/gm, '');
    messages.set(name, JSON.parse(json) as KafkaMessage);
  }
}
