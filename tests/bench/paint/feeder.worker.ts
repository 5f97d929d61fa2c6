/**
 * Stands for the main process, in a thread of its own as that has one. Either it sends a batch of all points, moved by a
 * step, when the one before has been acknowledged, that is while the worker draws it: so there is one step a frame, as
 * with the reference. Or, after a first such batch, it sends so many fixes a second, point after point.
 */
import { limitRanges } from '../../../src/shared/limitRanges';
import { BATCH_POINTS, encodePointBatch } from '../../../src/shared/pointBatch';
import type { FromWorker, ToWorker } from '../../../src/shared/pointsPort';
import type { Feed } from './messages';
import { movingPoints } from './movingPoints';

/** Milliseconds between two batches where fixes come at a rate. */
const BATCH_MS = 16;
/** Batches that are not yet acknowledged, at the most: as in the app. */
const IN_FLIGHT = limitRanges.batches.usual;
/** A rate is not kept when what is due is more than what comes in so many ms. */
const BEHIND_MS = 1_000;

self.onmessage = ({ data: { port, stream, count, width, height, perSecond, stride } }: MessageEvent<Feed>) => {
  const points = movingPoints(count, width, height, stride);
  const start = Date.now();
  const absent = new Float32Array(count).fill(Number.NaN);
  const [partition, flags, offset] = [new Uint16Array(count), new Uint8Array(count), new Float64Array(count)];
  const entity = Uint32Array.from({ length: count }, (_, i) => i);
  const time = new Float64Array(count);
  let batches = 0;
  let acknowledged = 0;
  const send = (message: ToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  /** The points from one on, at a step of their way. */
  function sendBatch(first: number, length: number, step: number): void {
    const position = points[step % points.length];
    if (!position) return;
    const part = <C extends Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array>(column: C) =>
      column.subarray(first, first + length) as C;
    time.fill(perSecond === null ? start + batches : Date.now(), first, first + length);
    const opening = batches === 0;
    const buffer = encodePointBatch({
      stream,
      count: length,
      time: part(time),
      offset: part(offset),
      entity: part(entity),
      lat: part(position.lat),
      lon: part(position.lon),
      heading: part(absent),
      speed: part(absent),
      measure: part(absent),
      partition: part(partition),
      flags: part(flags),
      sequence: batches,
      newEntities: opening ? Array.from({ length: count }, (_, i) => `point-${i}`) : [],
      firstNewEntity: opening ? 0 : count,
      isBacklog: false,
    });
    batches++;
    send({ kind: 'batch', buffer }, [buffer]);
  }

  function keepRate(rate: number): void {
    const since = performance.now();
    let sent = 0;
    setInterval(() => {
      const due = Math.floor(((performance.now() - since) * rate) / 1_000);
      while (sent < due && batches - acknowledged < IN_FLIGHT) {
        const first = sent % count;
        const length = Math.min(due - sent, BATCH_POINTS, count - first);
        sendBatch(first, length, 1 + Math.floor(sent / count));
        sent += length;
      }
      if (due - sent > (rate * BEHIND_MS) / 1_000) throw new Error(`the map does not take ${rate} fixes a second`);
    }, BATCH_MS);
  }

  port.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind !== 'ack') return;
    acknowledged++;
    if (perSecond === null) sendBatch(0, count, batches);
    else if (acknowledged === 1) keepRate(perSecond);
  };
  send({ kind: 'open', stream, topic: 'paint' });
  sendBatch(0, count, 0);
};
