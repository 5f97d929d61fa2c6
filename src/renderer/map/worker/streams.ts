/**
 * The streams that the worker knows: opened, fed and closed by the main process over the points port, styled by the
 * page. Every batch that is applied is acknowledged with how its records ended; a stream whose figures change by
 * the passing of time alone says so too. Pure: time and the way out are passed in.
 */

import { decodePointBatch } from '../../../shared/pointBatch';
import type { FromWorker, ToWorker } from '../../../shared/pointsPort';
import type { EntityFix, LayerOnMap, MeasuredScale } from '../mapView';
import { latitudeOf, longitudeOf } from '../projection';
import { EntityStore, FADED, FRESH } from './entityStore';
import { scaleOf } from './measuredLooks';
import type { EntityName } from './messages';
import type { DrawnStream } from './painter';
import { NONE, TrailRing } from './trailRing';

/** How a batch ended; when the next one is wanted is for whoever draws to say. */
export type Outcome = Omit<Extract<FromWorker, { kind: 'ack' }>, 'nextIn'>;

/** A batch has been applied. */
export interface Applied {
  readonly outcome: Outcome;
  /** See PointBatch. */
  readonly isBacklog: boolean;
}

interface Stream {
  readonly store: EntityStore;
  /** The figures that main was last told. */
  told: { entities: number; hidden: number };
}

export class Streams {
  readonly trails: TrailRing;
  readonly #streams = new Map<number, Stream>();
  #layers: readonly LayerOnMap[] = [];
  #smooth = false;

  constructor(trails = new TrailRing()) {
    this.trails = trails;
  }

  /**
   * Takes a message from the port; returns what to answer.
   * @throws PointBatchError, EntityStoreError, or Error in words when the message makes no sense; nothing is changed then.
   */
  receive(message: ToWorker, wallNow: number): Applied | null {
    switch (message?.kind) {
      case 'open':
        this.#open(message.stream, wallNow);
        return null;
      case 'close':
        this.#close(message.stream);
        return null;
      case 'batch': {
        if (!(message.buffer instanceof ArrayBuffer)) throw new Error('a batch without its buffer');
        const batch = decodePointBatch(message.buffer);
        const stream = this.#streams.get(batch.stream);
        if (!stream) throw new Error(`batch ${batch.sequence} is for stream ${batch.stream}, which is not open`);
        const { sequence, isBacklog } = batch;
        const ended = stream.store.apply(batch, wallNow);
        release(message.buffer);
        const { entities, hidden } = stream.store;
        stream.told = { entities, hidden };
        return { outcome: { kind: 'ack', stream: batch.stream, sequence, ...ended, entities, hidden }, isBacklog };
      }
      default:
        throw new Error('it is not of the points protocol');
    }
  }

  /**
   * What to answer when `receive` has thrown: a batch that is not acknowledged would hold its credit for ever. Null
   * when the message was no batch, or does not tell its stream.
   */
  failure(message: ToWorker, cause: unknown): FromWorker | null {
    if (message?.kind !== 'batch' || !(message.buffer instanceof ArrayBuffer)) return null;
    const stream = streamOf(message.buffer);
    // Of a buffer that is no batch, a number is believed only if it is that of an open stream.
    if (stream === null || !(stream.whole || this.#streams.has(stream.number))) return null;
    return { kind: 'failed', stream: stream.number, message: cause instanceof Error ? cause.message : String(cause) };
  }

  /** Forgets every stream: the port has been replaced. */
  clear(): void {
    for (const stream of [...this.#streams.keys()]) this.#close(stream);
  }

  setLayers(layers: readonly LayerOnMap[], wallNow: number): void {
    this.#layers = layers;
    for (const { stream } of layers) this.#setStaleness(stream, wallNow);
  }

  /** Whether entities glide from fix to fix. */
  setSmooth(smooth: boolean): void {
    this.#smooth = smooth;
    for (const { store } of this.#streams.values()) store.setSmooth(smooth);
  }

  /**
   * Moves those that glide to where they are by now.
   * @param step world widths that somebody has to have gone to be moved
   * @returns ms until somebody who is drawn is to be moved next; infinity when none of them glides
   */
  moveOn(wallNow: number, step = 0): number {
    const drawn = new Set(this.drawn.flatMap(({ style, store }) => (style.visible ? [store] : [])));
    let next = Number.POSITIVE_INFINITY;
    for (const { store } of this.#streams.values()) {
      const due = store.moveOn(wallNow, step);
      if (drawn.has(store)) next = Math.min(next, due);
    }
    return next;
  }

  /** The layers whose stream is open, in the order they are drawn in. */
  get drawn(): DrawnStream[] {
    return this.#layers.flatMap(({ stream, style }) => {
      const store = this.#streams.get(stream)?.store;
      return store ? [{ stream, style, store }] : [];
    });
  }

  /** The scales of the layers that show a number and have seen one. */
  get scales(): MeasuredScale[] {
    return this.drawn.flatMap(({ stream, style, store }) => {
      const scale = style.measure && scaleOf(style.measure, store);
      return scale ? [{ stream, ...scale }] : [];
    });
  }

  /** Entities on the map, of all streams. */
  get entities(): number {
    let sum = 0;
    for (const { store } of this.#streams.values()) sum += store.entities;
    return sum;
  }

  /** What there is to see beside the positions: which streams with entities are drawn, in which order, and how. */
  get appearance(): string {
    return JSON.stringify(
      this.drawn.filter(({ store }) => store.entities > 0).map(({ stream, style }) => [stream, style]),
    );
  }

  /** Lets time pass. True when the picture changed. */
  settle(wallNow: number): boolean {
    let changed = false;
    for (const { store } of this.#streams.values()) if (store.settle(wallNow)) changed = true;
    return changed;
  }

  /** Milliseconds until time alone may change the picture; infinity when it never will. */
  restsFor(wallNow: number): number {
    let rest = Number.POSITIVE_INFINITY;
    for (const { store } of this.#streams.values()) rest = Math.min(rest, store.restsFor(wallNow));
    return rest;
  }

  /** Figures that changed without a batch. */
  news(): FromWorker[] {
    const news: FromWorker[] = [];
    for (const [stream, known] of this.#streams) {
      const { entities, hidden } = known.store;
      if (entities === known.told.entities && hidden === known.told.hidden) continue;
      known.told = { entities, hidden };
      news.push({ kind: 'entities', stream, entities, hidden });
    }
    return news;
  }

  /** The entity as it stands, or null when it is not known (any more), or hidden. */
  fix({ stream, entity }: EntityName): EntityFix | null {
    const store = this.#streams.get(stream)?.store;
    const phase = store?.phase[entity];
    if (!store || (phase !== FRESH && phase !== FADED)) return null;
    const numberOrNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
    const track = store.track[entity] ?? NONE;
    return {
      stream,
      entity,
      id: store.ids[entity] ?? '',
      lat: store.lat[entity] ?? 0,
      lon: store.lon[entity] ?? 0,
      time: store.time[entity] ?? 0,
      heading: numberOrNull(store.heading[entity]),
      speed: numberOrNull(store.speed[entity]),
      measure: numberOrNull(store.measure[entity]),
      partition: store.partition[entity] ?? 0,
      offset: String(store.offset[entity] ?? 0),
      trail: track === NONE ? 0 : this.trails.count(track),
      stale: phase === FADED,
    };
  }

  /** Where the entity is shown, degrees: while it glides that is not where its fix says. Null as with `fix`. */
  shownAt(name: EntityName): { readonly lat: number; readonly lon: number } | null {
    const fix = this.fix(name);
    const store = this.#streams.get(name.stream)?.store;
    if (!fix || !store?.isGliding(name.entity)) return fix && { lat: fix.lat, lon: fix.lon };
    return {
      lat: latitudeOf(store.shownY[name.entity] ?? 0),
      lon: longitudeOf(store.shownX[name.entity] ?? 0),
    };
  }

  #open(stream: number, wallNow: number): void {
    this.#close(stream);
    const store = new EntityStore(this.trails);
    store.setSmooth(this.#smooth);
    this.#streams.set(stream, { store, told: { entities: 0, hidden: 0 } });
    this.#setStaleness(stream, wallNow);
  }

  #close(stream: number): void {
    this.#streams.get(stream)?.store.close();
    this.#streams.delete(stream);
  }

  #setStaleness(stream: number, wallNow: number): void {
    const style = this.#layers.find((layer) => layer.stream === stream)?.style;
    if (style) this.#streams.get(stream)?.store.setStaleness(style, wallNow);
  }
}

/**
 * Gives a buffer's memory back at once: left to the collector, megabytes a second of it would call for collections.
 * Every page can do that; Node 20, in which the unit tests run, cannot.
 */
function release(buffer: ArrayBuffer): void {
  buffer.transfer?.(0);
}

/** Bytes of a batch's header up to and with its stream's number. */
const STREAM_END = 12;

/** The stream that a batch says it is of, also where the rest of it cannot be read. */
function streamOf(buffer: ArrayBuffer): { readonly number: number; readonly whole: boolean } | null {
  try {
    return { number: decodePointBatch(buffer).stream, whole: true };
  } catch {
    if (buffer.byteLength < STREAM_END) return null;
    return { number: new DataView(buffer).getUint32(STREAM_END - 4, true), whole: false };
  }
}
