/**
 * What is said over the points port: a MessagePort from the main process, handed through the preload and the
 * page to the drawing worker. Main holds a few credits a stream; each batch takes one, each acknowledgement
 * gives one back, and with none left main stops fetching. So memory is bounded, and nothing is dropped.
 */

/** From main to the worker. */
export type ToWorker =
  /** A new stream: forget whatever carried this number. */
  | { readonly kind: 'open'; readonly stream: number; readonly topic: string }
  /** `buffer` is an encoded PointBatch. */
  | { readonly kind: 'batch'; readonly buffer: ArrayBuffer }
  /** The stream has ended: take its entities off the map. */
  | { readonly kind: 'close'; readonly stream: number };

/** From the worker to main. */
export type FromWorker =
  /** How the `count` points of a batch ended: shown + late + removed = count. */
  | {
      readonly kind: 'ack';
      readonly stream: number;
      readonly sequence: number;
      readonly shown: number;
      readonly late: number;
      readonly removed: number;
      /** Entities drawn, and entities taken off the map as stale, after this batch. */
      readonly entities: number;
      readonly hidden: number;
      /** In so many ms the worker would like the stream's next batch, to draw it right then; null: whenever it comes. */
      readonly nextIn: number | null;
    }
  /** A batch could not be applied, in words; it is not acknowledged, and main starts the stream anew. */
  | { readonly kind: 'failed'; readonly stream: number; readonly message: string }
  /** The same two figures when they change without a batch. */
  | { readonly kind: 'entities'; readonly stream: number; readonly entities: number; readonly hidden: number };
