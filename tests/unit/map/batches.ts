/** Point batches for tests, from a list of records. */
import { FLAG_REMOVED, type PointBatch } from '../../../src/shared/pointBatch';

export interface TestRecord {
  readonly entity: number;
  readonly time: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly heading?: number;
  readonly speed?: number;
  readonly measure?: number;
  readonly offset?: number;
  readonly partition?: number;
  readonly removed?: boolean;
}

/** @param known entities that the stream's dictionary has already; more are added as the records need them */
export function batchOf(records: readonly TestRecord[], known = 0, sequence = 0, stream = 1): PointBatch {
  const highest = records.reduce((most, { entity }) => Math.max(most, entity + 1), known);
  const column = (pick: (record: TestRecord, i: number) => number) => Float64Array.from(records, pick);
  return {
    stream,
    sequence,
    count: records.length,
    lon: column(({ lon }) => lon ?? 0),
    lat: column(({ lat }) => lat ?? 0),
    time: column(({ time }) => time),
    offset: column(({ offset }, i) => offset ?? i),
    entity: Uint32Array.from(records, ({ entity }) => entity),
    heading: Float32Array.from(records, ({ heading }) => heading ?? Number.NaN),
    speed: Float32Array.from(records, ({ speed }) => speed ?? Number.NaN),
    measure: Float32Array.from(records, ({ measure }) => measure ?? Number.NaN),
    partition: Uint16Array.from(records, ({ partition }) => partition ?? 0),
    flags: Uint8Array.from(records, ({ removed }) => (removed ? FLAG_REMOVED : 0)),
    firstNewEntity: known,
    newEntities: Array.from({ length: highest - known }, (_, i) => `entity-${known + i}`),
    isBacklog: false,
  };
}
