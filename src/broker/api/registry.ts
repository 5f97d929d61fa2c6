/**
 * Every request file registers here the versions it serves; ApiVersions and the connection both read them from
 * here, so that what is advertised is what exists.
 */
import type { BrokerState } from '../brokerState.ts';
import type { Steps } from '../turns.ts';
import type { ByteReader } from '../wire/byteReader.ts';
import type { ByteWriter } from '../wire/byteWriter.ts';
import { decode, encode } from '../wire/codec.ts';
import type { Decoded, Encodable, Message, Shape } from '../wire/schema.ts';

export interface RequestContext {
  readonly broker: BrokerState;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** The client's connection is closed: nobody will see the answer. */
  isGone(): boolean;
  /**
   * Holds the request back; `release` is called when its connection closes, or when another request queues behind
   * it there and should not have to wait. Returns how to end the hold.
   */
  park(release: () => void): () => void;
  /**
   * Does what may take long in turns with everybody else. The connection's next requests wait until it is done, as
   * they count on what came before them; once the connection is closed, it is not gone on with.
   */
  work<T>(steps: Steps<T>): T | Promise<T>;
}

/** The client wants no answer (Produce with acks=0). */
export const NO_RESPONSE = Symbol('no response');
/** The client wants no answer, but has to learn that something went wrong. */
export const CLOSE_CONNECTION = Symbol('close connection');

type Outcome<R> = R | typeof NO_RESPONSE | typeof CLOSE_CONNECTION;

/** Writes the response's body. */
export type Answer = ((writer: ByteWriter) => void) | typeof NO_RESPONSE | typeof CLOSE_CONNECTION;

export interface ApiVersionRange {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** Where clients have to see an older version than is really served. */
  readonly advertisedMinVersion?: number;
}

export interface Api extends ApiVersionRange {
  readonly request: Message;
  readonly response: Message;
  answer(reader: ByteReader, context: RequestContext): Answer | Promise<Answer>;
}

export const apis = new Map<number, Api>();

export function defineApi<Q extends Shape, R extends Shape>(
  definition: ApiVersionRange & {
    readonly request: Message<Q>;
    readonly response: Message<R>;
    handle(request: Decoded<Q>, context: RequestContext): Outcome<Encodable<R>> | Promise<Outcome<Encodable<R>>>;
  },
): void {
  const { request, response, handle } = definition;
  apis.set(definition.key, {
    ...definition,
    answer(reader, context) {
      const { version } = context;
      const write = (outcome: Outcome<Encodable<R>>): Answer =>
        typeof outcome === 'symbol' ? outcome : (writer) => encode(response, version, outcome, writer);
      const outcome = handle(decode(request, version, reader), context);
      return outcome instanceof Promise ? outcome.then(write) : write(outcome);
    },
  });
}
