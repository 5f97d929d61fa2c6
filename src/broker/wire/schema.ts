/**
 * The words in which Kafka's messages are written down: a message is a list of fields, each with the versions
 * it exists in; the codec (codec.ts) reads and writes every version from this one description.
 * Source of the layouts: Apache Kafka, clients/src/main/resources/common/message, and KIP-482 (flexible versions).
 */

export type ScalarKind =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uuid'
  | 'string'
  | 'bytes'
  /** Record batches: like bytes, but always sent by reference. */
  | 'records';

export type WireType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'array'; readonly element: WireType }
  | { readonly kind: 'struct'; readonly shape: Shape };

/** `Read` is what decoding gives, `Write` what encoding takes; `Optional` says whether encoding can do without. */
export interface Field<Read = unknown, Write = unknown, Optional extends boolean = boolean> {
  readonly type: WireType;
  /** First and last version that has the field. */
  readonly from: number;
  readonly to: number;
  /** First version that allows null; Infinity if none does. */
  readonly nullableFrom: number;
  /** Number among the tagged fields (KIP-482), where it is one of them. */
  readonly tag: number | undefined;
  /** The value in versions without the field, and for a tagged field that was not sent. */
  readonly absent: unknown;
  readonly phantom?: { readonly read: Read; readonly write: Write; readonly optional: Optional };
}

export type Shape = { readonly [name: string]: Field };

export interface Options<T> {
  readonly from?: number;
  readonly to?: number;
  readonly nullableFrom?: number;
  readonly tag?: number;
  readonly default?: T | null;
}

type OrNull<O> = O extends { nullableFrom: number } ? null : never;
type CanOmit<O> = O extends { default: unknown } ? true : false;

export type Decoded<S extends Shape> = {
  -readonly [K in keyof S]: S[K] extends Field<infer R, infer _W, infer _O> ? R : never;
};

type OptionalNames<S extends Shape> = {
  [K in keyof S]: S[K] extends Field<infer _R, infer _W, infer O> ? (O extends true ? K : never) : never;
}[keyof S];

type Writable<F> = F extends Field<infer _R, infer W, infer _O> ? W : never;

export type Encodable<S extends Shape> = {
  readonly [K in Exclude<keyof S, OptionalNames<S>>]: Writable<S[K]>;
} & { readonly [K in OptionalNames<S>]?: Writable<S[K]> };

function field<R, W, O extends boolean>(type: WireType, zero: unknown, options: Options<unknown>): Field<R, W, O> {
  const absent = 'default' in options ? options.default : zero;
  return {
    type,
    from: options.from ?? 0,
    to: options.to ?? Number.POSITIVE_INFINITY,
    nullableFrom: options.nullableFrom ?? Number.POSITIVE_INFINITY,
    tag: options.tag,
    absent,
  };
}

function scalar<T>(kind: ScalarKind, zero: T) {
  return <const O extends Options<T> = Options<never>>(options?: O): Field<T | OrNull<O>, T | OrNull<O>, CanOmit<O>> =>
    field({ kind }, zero, options ?? {});
}

export const NO_UUID = '0'.repeat(32);

export const boolean = scalar<boolean>('boolean', false);
export const int8 = scalar<number>('int8', 0);
export const int16 = scalar<number>('int16', 0);
export const int32 = scalar<number>('int32', 0);
export const int64 = scalar<number>('int64', 0);
export const uuid = scalar<string>('uuid', NO_UUID);
export const string = scalar<string>('string', '');
export const bytes = scalar<Buffer>('bytes', Buffer.alloc(0));
export const records = scalar<Buffer>('records', Buffer.alloc(0));

/** An array of plain values, as `arrayOf(int32())`. */
export function arrayOf<R, W, const O extends Options<readonly W[]> = Options<never>>(
  element: Field<R, W, boolean>,
  options?: O,
): Field<R[] | OrNull<O>, readonly W[] | OrNull<O>, CanOmit<O>> {
  return field({ kind: 'array', element: element.type }, [], options ?? {});
}

/** An array of structures. */
export function array<S extends Shape, const O extends Options<readonly Encodable<S>[]> = Options<never>>(
  shape: S,
  options?: O,
): Field<Decoded<S>[] | OrNull<O>, readonly Encodable<S>[] | OrNull<O>, CanOmit<O>> {
  return field({ kind: 'array', element: { kind: 'struct', shape } }, [], options ?? {});
}

/** One structure inside another; here only ever a tagged field, absent as null. */
export function struct<S extends Shape>(
  shape: S,
  options: { readonly from: number; readonly tag: number },
): Field<Decoded<S> | null, Encodable<S> | null, true> {
  return field({ kind: 'struct', shape }, null, { ...options, default: null });
}

export interface Message<S extends Shape = Shape> {
  readonly name: string;
  /** First version with compact lengths and tagged fields (KIP-482); Infinity if none. */
  readonly flexibleFrom: number;
  readonly shape: S;
}

export function message<S extends Shape>(name: string, flexibleFrom: number, shape: S): Message<S> {
  return { name, flexibleFrom, shape };
}
