import { expect, it } from 'vitest';
import { BACKLOG_FRAME_MS, FRAME_MS, FramePace } from '../../../src/renderer/map/worker/framePace';
import { BATCH_POINTS } from '../../../src/shared/pointBatch';

it('frames are rarer while batches come full, and as frequent as ever soon after', () => {
  const pace = new FramePace();
  expect(pace.frameMs(0)).toBe(FRAME_MS);
  pace.noteBatch(BATCH_POINTS - 1, 0);
  expect(pace.frameMs(0)).toBe(FRAME_MS);
  pace.noteBatch(BATCH_POINTS, 1_000);
  pace.noteBatch(12, 1_010);
  expect(pace.frameMs(1_050)).toBe(BACKLOG_FRAME_MS);
  pace.noteBatch(BATCH_POINTS, 1_090);
  expect(pace.frameMs(1_180)).toBe(BACKLOG_FRAME_MS);
  expect(pace.frameMs(1_190)).toBe(FRAME_MS);
});
