/**
 * kafkajs's connections to single brokers, typed by hand, with requests that are sent one by one and whose answers come
 * back whole: errors inside an answer stay there, each beside its own topic or partition. kafkajs throws the first of
 * them and the rest away, so that one partition without a leader hides all others.
 */
import type { Socket } from 'node:net';
import { KafkaError } from './kafkaError';
import type { InternalCluster } from './kafkajsInternals';
import * as modules from './kafkajsModules';

/** What can be written into, and read from, a message of the protocol (kafkajs/src/protocol). */
export interface Encoder {
  writeBoolean(value: boolean): Encoder;
  writeInt8(value: number): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: number): Encoder;
  writeString(value: string | null): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string | null): Encoder;
  writeBufferInternal(bytes: Buffer): void;
  readonly buffer: Buffer;
}
export interface Decoder {
  readBoolean(): boolean;
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string | null;
  readBytes(length?: number): Buffer | null;
  readUVarInt(): number;
  readUVarIntString(): string | null;
  readTaggedFields(): unknown;
}

/** One request of the protocol in one version, with the way to read its answer. */
export interface Message<T> {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  /** Flexible versions (KIP-482) have tagged fields behind the header of request and answer. */
  readonly flexible: boolean;
  write(body: Encoder): void;
  read(body: Decoder): T;
}

interface Exchange<T> {
  readonly request: unknown;
  readonly response: { decode(raw: Buffer): Promise<T>; parse(data: T): Promise<T> };
}

export interface BrokerConnection {
  readonly rootLogger: unknown;
  readonly connectionPool: {
    readonly host: string;
    readonly port: number;
    readonly pool: readonly { readonly socket?: Socket | null }[];
    send<T>(
      exchange: Exchange<T> & { readonly requestTimeout?: number; readonly logResponseError: boolean },
    ): Promise<T>;
  };
  /** Of each API, by its key; known once it is connected. */
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
  isConnected(): boolean;
  connect(): Promise<void>;
  lookupRequest(apiKey: number, definition: unknown): (options: unknown) => Exchange<unknown>;
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

interface ConnectingCluster {
  readonly connectionPoolBuilder: {
    build(address: { host: string; port: number; rack: string | null }): Promise<unknown>;
  };
  readonly brokerPool: {
    readonly seedBroker: BrokerConnection;
    createBroker(options: { connectionPool: unknown; logger: unknown; nodeId: number }): BrokerConnection;
  };
}

const NO_ANSWER = new KafkaError(
  'TIMEOUT',
  'The broker did not answer in time.',
  'Check that the broker is not overloaded, and that the network between is up.',
  true,
);

/** Throws `error` when nothing has come in time; it may still come. kafkajs keeps no time of less than its own 15 s. */
export async function within<T>(ms: number, coming: Promise<T>, error = NO_ANSWER): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** kafkajs keeps a connection for Fetch and another for everything else. */
const FETCH = 1;
const connectionFor = ({ connectionPool: { pool } }: BrokerConnection, apiKey: number) =>
  pool[apiKey === FETCH ? 1 : 0];

/** Throws when not one byte has come from the broker for so long: a large answer on a slow line is no silence. */
async function whileFlowing<T>(
  broker: BrokerConnection,
  apiKey: number,
  silenceMs: number,
  coming: Promise<T>,
): Promise<T> {
  const received = () => connectionFor(broker, apiKey)?.socket?.bytesRead ?? 0;
  let before = -1;
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const now = received();
      if (now === before) reject(NO_ANSWER);
      before = now;
    }, silenceMs / 2);
  });
  try {
    return await Promise.race([coming, silent]);
  } finally {
    clearInterval(timer);
  }
}

/** One of kafkajs's own requests, in the newest version that both sides have. */
export async function exchange(
  broker: BrokerConnection,
  api: string,
  options: unknown,
  withinMs: number,
): Promise<unknown> {
  const apiKeys = modules.apiKeys() as Record<string, number>;
  const { requests } = modules.requests() as { requests: Record<string, unknown> };
  const { request, response } = broker.lookupRequest(apiKeys[api] ?? -1, requests[api])(options);
  const answer = broker.connectionPool.send({
    request,
    response: { decode: response.decode, parse: async (data) => data },
    logResponseError: true,
  });
  return within(withinMs, answer);
}

/** kafkajs's own end of all waiting, ms, where the answer may be large and the line slow. */
const AT_MOST_MS = 600_000;

/**
 * A request that kafkajs does not have, or not in that version.
 *
 * @param silenceMs throws when the broker has sent nothing for so long
 */
export function ask<T>(broker: BrokerConnection, message: Message<T>, silenceMs: number): Promise<T> {
  const EncoderClass = modules.encoder() as new () => Encoder;
  const DecoderClass = modules.decoder() as new (raw: Buffer) => Decoder;
  const { apiKey, apiName, apiVersion, flexible } = message;
  const request = {
    apiKey,
    apiName,
    apiVersion,
    // kafkajs writes the header up to the client id.
    encode: async () => {
      const body = new EncoderClass();
      if (flexible) body.writeUVarInt(0);
      message.write(body);
      return body;
    },
  };
  const response = {
    decode: async (raw: Buffer) => {
      const body = new DecoderClass(raw);
      if (flexible) body.readTaggedFields();
      return message.read(body);
    },
    parse: async (data: T) => data,
  };
  const answer = broker.connectionPool.send({ request, response, requestTimeout: AT_MOST_MS, logResponseError: true });
  return whileFlowing(broker, apiKey, silenceMs, answer);
}

/** The newest version of an API that the broker and these have in common; -1 when there is none. */
export function newestVersion(broker: BrokerConnection, apiKey: number, versions: readonly number[]): number {
  const { minVersion, maxVersion } = broker.versions?.[apiKey] ?? { minVersion: 0, maxVersion: -1 };
  return Math.max(-1, ...versions.filter((version) => version >= minVersion && version <= maxVersion));
}

/** An array in either encoding. Throws on a length that cannot be. */
export function readArray<T>(body: Decoder, flexible: boolean, element: (body: Decoder) => T): T[] {
  const length = flexible ? body.readUVarInt() - 1 : body.readInt32();
  const found: T[] = [];
  // Not allocated beforehand: a length is only believed as far as its elements are there.
  for (let i = 0; i < length; i++) found.push(element(body));
  return found;
}

/** A text in either encoding; null where there is none. */
export const readText = (body: Decoder, flexible: boolean): string | null =>
  flexible ? body.readUVarIntString() : body.readString();

export const writeText = (body: Encoder, flexible: boolean, text: string | null): Encoder =>
  flexible ? body.writeUVarIntString(text) : body.writeString(text);

export function writeArray<T>(body: Encoder, flexible: boolean, elements: readonly T[], write: (one: T) => void): void {
  if (flexible) body.writeUVarInt(elements.length + 1);
  else body.writeInt32(elements.length);
  for (const element of elements) write(element);
}

/** The broker that the cluster was reached by. */
export function seedOf(cluster: InternalCluster): BrokerConnection {
  return (cluster as unknown as ConnectingCluster).brokerPool.seedBroker;
}

export async function createBroker(
  cluster: InternalCluster,
  { nodeId, host, port, rack }: BrokerAddress,
): Promise<BrokerConnection> {
  const { connectionPoolBuilder, brokerPool } = cluster as unknown as ConnectingCluster;
  const connectionPool = await connectionPoolBuilder.build({ host, port, rack });
  return brokerPool.createBroker({ connectionPool, logger: brokerPool.seedBroker.rootLogger, nodeId });
}

/** Cuts its connections, whatever is under way on them. */
export function cutBroker(broker: BrokerConnection): void {
  for (const { socket } of broker.connectionPool.pool) socket?.destroy(new Error('given up by the app'));
}

/** The protocol's error for a code, as kafkajs has it; those that it is too old for by their own names. */
export function protocolError(code: number): Error & { readonly type: string; readonly retriable: boolean } {
  const { createErrorFromCode } = modules.errors() as {
    createErrorFromCode(code: number): Error & { readonly type: string; readonly retriable: boolean };
  };
  const type = NEWER_ERRORS[code];
  return type === undefined
    ? createErrorFromCode(code)
    : Object.assign(new Error(`The broker answers ${type}.`), { type, retriable: true });
}

/** KIP-516. */
const NEWER_ERRORS: Readonly<Record<number, string>> = {
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
};
