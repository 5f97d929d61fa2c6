import { expect, it } from 'vitest';
import { BatchPace, FRAME_MS } from '../../../src/main/streams/decoding/batchPace';

it('the first batch goes at once, and the next ones one a frame', () => {
  const pace = new BatchPace();
  expect(pace.waitMs(1_000)).toBeLessThanOrEqual(0);
  pace.noteSent(1_000);
  expect(pace.waitMs(1_004)).toBe(FRAME_MS - 4);
  expect(pace.waitMs(1_000 + 3 * FRAME_MS)).toBeLessThanOrEqual(0);
});

it('a batch goes when the map has asked for it, sooner or later than after a frame, and that counts once', () => {
  const pace = new BatchPace();
  pace.noteSent(1_000);
  pace.noteTaken(5, 1_001);
  expect(pace.waitMs(1_002)).toBe(4);
  pace.noteSent(1_006);
  expect(pace.waitMs(1_007)).toBe(FRAME_MS - 1);
  pace.noteTaken(19, 1_007);
  expect(pace.waitMs(1_008)).toBe(18);
  pace.noteTaken(null, 1_009);
  expect(pace.waitMs(1_010)).toBe(FRAME_MS - 4);
});

it('what comes after the map would have liked it goes at once', () => {
  const pace = new BatchPace();
  pace.noteSent(1_000);
  pace.noteTaken(10, 1_001);
  expect(pace.waitMs(1_400)).toBeLessThanOrEqual(0);
});
