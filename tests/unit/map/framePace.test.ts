import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKLOG_FRAME_MS, FRAME_MS, FramePace } from '../../../src/renderer/map/worker/framePace';

/** Times of a screen's pictures. */
const nextPicture = (at: number, screenMs: number) => Math.ceil(at / screenMs) * screenMs;

/** Draws frame after frame, each as soon as the pace has it, and applies batches after each. `takes`: ms that the n-th is on its way to the page. */
function drawn(pace: FramePace, screenMs: number, count: number, takes: (frame: number) => number, applyingMs = 0) {
  const frames: { startedAt: number; putAt: number; picture: number }[] = [];
  let now = 1_000;
  let startedAt = Number.NEGATIVE_INFINITY;
  let screenAt: number | null = null;
  for (let frame = 0; frame < count; frame++) {
    startedAt = Math.max(now, pace.dueAt(now, startedAt));
    const putAt = startedAt + takes(frame);
    pace.notePut({ startedAt, putAt, screenAt });
    const picture = nextPicture(putAt, screenMs);
    frames.push({ startedAt, putAt, picture });
    screenAt = picture;
    now = putAt + applyingMs;
    pace.noteBatch(false, now, applyingMs);
  }
  return frames;
}

it('frames are rarer while a backlog is read, and as frequent as ever soon after', () => {
  const pace = new FramePace();
  expect(pace.dueAt(0, 0)).toBe(FRAME_MS);
  pace.noteBatch(false, 0, 0);
  expect(pace.dueAt(0, 0)).toBe(FRAME_MS);
  pace.noteBatch(true, 1_000, 0);
  pace.noteBatch(false, 1_010, 0);
  expect(pace.dueAt(1_050, 1_040)).toBe(1_040 + BACKLOG_FRAME_MS);
  expect(pace.nextBatchIn(1_050, 1_040)).toBeNull();
  pace.noteBatch(true, 1_090, 0);
  expect(pace.dueAt(1_180, 1_170)).toBe(1_170 + BACKLOG_FRAME_MS);
  expect(pace.dueAt(1_190, 1_180)).toBe(1_180 + FRAME_MS);
});

describe('in step with the screen', () => {
  it.each([1000 / 50, 1000 / 60, 1000 / 75])(
    'each picture has a frame of its own, begun only just in time, every %f ms',
    (screenMs) => {
      const takes = (frame: number) => 3 + (frame % 5) * 0.4;
      const frames = drawn(new FramePace(), screenMs, 200, takes).slice(60);
      for (const [i, { startedAt, picture }] of frames.entries()) {
        expect(picture - startedAt).toBeLessThan(6.5);
        if (i > 0) expect(picture - (frames[i - 1]?.picture ?? 0)).toBeCloseTo(screenMs, 6);
      }
    },
  );

  it('a fast screen gets about sixty frames a second, not one a picture', () => {
    const frames = drawn(new FramePace(), 1000 / 144, 200, () => 2).slice(60);
    const all = (frames.at(-1)?.startedAt ?? 0) - (frames[0]?.startedAt ?? 0);
    expect(all / (frames.length - 1)).toBeGreaterThan(12);
    expect(all / (frames.length - 1)).toBeLessThan(21);
  });

  it('a frame that takes longer than the screen does waits for nothing', () => {
    const frames = drawn(new FramePace(), 1000 / 60, 100, () => 40).slice(1);
    for (const [i, { startedAt }] of frames.entries()) {
      if (i > 0) expect(startedAt).toBe(frames[i - 1]?.putAt);
    }
  });

  it('nor does one that leaves too little of that time for the batches before the next', () => {
    const frames = drawn(new FramePace(), 1000 / 60, 100, () => 11, 7).slice(5);
    for (const [i, { startedAt }] of frames.entries()) {
      if (i > 0) expect(startedAt).toBe((frames[i - 1]?.putAt ?? 0) + 7);
    }
  });

  it('after a rest a frame is drawn at once, and no batch is asked for', () => {
    const pace = new FramePace();
    const last = drawn(pace, 1000 / 60, 100, () => 4).at(-1);
    if (!last) throw new Error('nothing was drawn');
    const now = last.putAt + 400;
    expect(pace.dueAt(now, last.startedAt)).toBeLessThanOrEqual(now);
    expect(pace.nextBatchIn(now, last.startedAt)).toBeNull();
  });

  it('asks for batches so that each comes just before its frame', () => {
    const screenMs = 1000 / 60;
    const pace = new FramePace();
    const last = drawn(pace, screenMs, 100, () => 4).at(-1);
    if (!last) throw new Error('nothing was drawn');
    // One that has come just before its frame: the next is for the frame after it.
    const due = pace.dueAt(last.putAt, last.startedAt);
    const before = pace.nextBatchIn(due - 1, last.startedAt);
    expect((before ?? 0) + due - 1).toBeCloseTo(due + screenMs - 2.5, 6);
    // One that has come early: that frame can have another.
    const early = pace.nextBatchIn(due - 9, last.startedAt);
    expect((early ?? 0) + due - 9).toBeCloseTo(due - 2.5, 6);
  });

  it('whatever the page says, a frame is due soon, and a batch is asked for within a few frames', () => {
    const time = fc.double({ min: -1e4, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ startedAt: time, putAt: time, screenAt: fc.option(time) }), { maxLength: 50 }),
        time,
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        (put, now, since) => {
          const pace = new FramePace();
          for (const one of put) pace.notePut(one);
          const startedAt = now - since;
          const due = pace.dueAt(now, startedAt);
          expect(due - now).toBeLessThanOrEqual(150);
          expect(due).toBeGreaterThanOrEqual(startedAt);
          const next = pace.nextBatchIn(now, startedAt);
          if (next !== null) expect(next).toBeGreaterThanOrEqual(0);
          expect(next ?? 0).toBeLessThanOrEqual(250);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
