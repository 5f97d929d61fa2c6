/**
 * Stands for the main process: encodes batches of all points, moved by a step, and sends the next when one has been
 * acknowledged, that is while the worker draws it. So there is one step a frame, as with the reference. In a thread of
 * its own, as the main process has one.
 */
import { encodePointBatch } from '../../../src/shared/pointBatch';
import type { FromWorker, ToWorker } from '../../../src/shared/pointsPort';
import type { Feed } from './messages';
import { movingPoints } from './movingPoints';

self.onmessage = ({ data: { port, stream, count, width, height } }: MessageEvent<Feed>) => {
  const points = movingPoints(count, width, height);
  const start = Date.now();
  const fixed = {
    stream,
    count,
    time: new Float64Array(count),
    offset: new Float64Array(count),
    entity: Uint32Array.from({ length: count }, (_, i) => i),
    heading: new Float32Array(count).fill(Number.NaN),
    speed: new Float32Array(count).fill(Number.NaN),
    measure: new Float32Array(count).fill(Number.NaN),
    partition: new Uint16Array(count),
    flags: new Uint8Array(count),
  };
  let sent = 0;
  const send = (message: ToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  function sendBatch(): void {
    const positions = points[sent % points.length];
    if (!positions) return;
    const first = sent === 0;
    fixed.time.fill(start + sent);
    const buffer = encodePointBatch({
      ...fixed,
      ...positions,
      sequence: sent,
      newEntities: first ? Array.from({ length: count }, (_, i) => `point-${i}`) : [],
      firstNewEntity: first ? 0 : count,
    });
    sent++;
    send({ kind: 'batch', buffer }, [buffer]);
  }

  port.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'ack') sendBatch();
  };
  send({ kind: 'open', stream, topic: 'paint' });
  sendBatch();
};
