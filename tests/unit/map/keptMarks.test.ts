import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latitudeOf, longitudeOf, mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { EntityStore, FADED, FRESH } from '../../../src/renderer/map/worker/entityStore';
import { entitiesInView, gatherMarks, shownOf } from '../../../src/renderer/map/worker/frameContents';
import { KeptMarks } from '../../../src/renderer/map/worker/keptMarks';
import { Looks } from '../../../src/renderer/map/worker/looks';
import { MarkList } from '../../../src/renderer/map/worker/markList';
import { MarkStamper } from '../../../src/renderer/map/worker/markStamper';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import type { DrawnStream } from '../../../src/renderer/map/worker/painter';
import { Scene } from '../../../src/renderer/map/worker/scene';
import { Surface } from '../../../src/renderer/map/worker/surface';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
const FADE_MS = 60_000;

/** Device pixels; a crowd of a few hundred covers it several times. */
const [WIDTH, HEIGHT] = [120, 88];

function viewOf(lat: number, lon: number, zoom: number, scale = 1): FrameView {
  const [width, height] = [WIDTH / scale, HEIGHT / scale];
  return {
    zoom,
    x: mercatorX(lon) * worldSize(zoom) - width / 2,
    y: mercatorY(lat) * worldSize(zoom) - height / 2,
    width: WIDTH,
    height: HEIGHT,
    scale,
    viewport: { x: 8, y: 8, width: width - 16, height: height - 16 },
  };
}

function streamOf(stream: number, color: string, trails = new TrailRing(10)): DrawnStream {
  const store = new EntityStore(trails);
  const style = { color, visible: true, trails: false, fadeAfterMs: FADE_MS, hideAfterMs: 2 * FADE_MS, measure: null };
  store.setStaleness(style, NOW);
  return { stream, style, store };
}

/** A record of an entity at a place of the view, in device pixels; it may lie outside. */
function recordAt(view: FrameView, entity: number, x: number, y: number, time: number, heading?: number): TestRecord {
  const world = worldSize(view.zoom);
  const lat = latitudeOf((y / view.scale + view.y) / world);
  // The same place of the world, in the range of longitudes.
  const lon = ((((longitudeOf((x / view.scale + view.x) / world) + 180) % 360) + 360) % 360) - 180;
  return { entity, time, lat, lon, ...(heading === undefined ? {} : { heading }) };
}

/** All marks of a crowd painted from the top, as without anything that was kept. */
function paintAll(surface: Surface, streams: readonly DrawnStream[], view: FrameView, looks: Looks): void {
  surface.begin(view.width, view.height);
  const marks = new MarkList();
  for (const phase of [FRESH, FADED]) {
    gatherMarks(marks, looks, shownOf(streams, view), view, phase);
    new MarkStamper().stamp(marks, looks, surface);
  }
  surface.open(0, view.height);
}

/** Where two columns differ, and in what; to compare them number by number is what takes a test library long. */
function firstDifference(one: Int32Array, other: Int32Array) {
  const at = one.findIndex((value, i) => value !== other[i]);
  return at < 0 && one.length === other.length ? null : { at, one: one[at], other: other[at] };
}

const entity = fc.nat(259);
const place = { x: fc.integer({ min: -45, max: WIDTH + 45 }), y: fc.integer({ min: -45, max: HEIGHT + 45 }) };
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('move' as const), stream: fc.nat(1), entity, ...place }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('nudge' as const), stream: fc.nat(1), entity, by: fc.nat(8) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('turn' as const), stream: fc.nat(1), entity, to: fc.nat(359) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), stream: fc.nat(1), entity }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: FADE_MS }) }) },
);
/** Some at a time; and so many that to paint all marks takes less time. */
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.array(step, { minLength: 85, maxLength: 98 }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A crowd without chance, in which each way is gone: few move, so many that all marks take less time, few again, and too many. */
const eachWay: [{ x: number; y: number }[], Step[][], boolean, number] = (() => {
  const spread = (i: number, by: number) => ({ x: (i * 37 + by) % WIDTH, y: (i * 53 + by) % HEIGHT });
  const moves = (count: number): Step[] =>
    Array.from({ length: count }, (_, i) => ({ kind: 'move', stream: 0, entity: 249 - i, ...spread(i, count) }));
  return [
    Array.from({ length: 300 }, (_, i) => spread(i, 0)),
    [moves(3), moves(90), moves(90), moves(3), moves(3), moves(120)],
    true,
    1_000,
  ];
})();

describe('a picture of a crowd whose changes alone are painted', () => {
  it.each([
    ['at home', viewOf(59.8, 24.9, 8)],
    ['at two device pixels a pixel', viewOf(59.8, 24.9, 8, 2)],
    ['at the antimeridian', viewOf(10, 180, 5)],
  ])('is the very picture of all of them, whatever has changed: %s', (_, view) => {
    const ways = { painted: 0, left: 0, take: 0, none: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.record(place), { minLength: 300, maxLength: 300 }),
        fc.array(steps, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.oneof(fc.constant(1_000), fc.integer({ min: 40, max: 400 })),
        (places, frames, isShared, preparedAFrame) => {
          const streams = [streamOf(1, '#e03131'), streamOf(2, '#1971c2')];
          const [looks, kept, surface, all] = [
            new Looks(),
            new KeptMarks(preparedAFrame),
            new Surface(),
            new Surface(),
          ];
          looks.prepare('light', view.scale, true);
          let now = NOW;
          let sequence = 0;
          const known = new Map<string, { x: number; y: number; heading?: number }>();
          const put = (stream: number, e: number, to: { x: number; y: number; heading?: number }) => {
            known.set(`${stream} ${e}`, to);
            const store = streams[stream]?.store as EntityStore;
            store.apply(batchOf([recordAt(view, e, to.x, to.y, now, to.heading)], store.length, sequence++), now);
          };
          for (const [i, { x, y }] of places.entries())
            put(i < 250 ? 0 : 1, i < 250 ? i : i - 250, { x: x + 0.5, y: y + 0.5 });
          const take = () => {
            paintAll(surface, streams, view, looks);
            kept.picture.take(surface);
          };
          const begun = kept.begin(shownOf(streams, view), view, looks);
          if (begun === 'take') take();
          else expect(preparedAFrame).toBeLessThan(1_000);
          for (const steps of frames) {
            for (const one of steps) {
              if (one.kind === 'pass') {
                now += one.ms;
                for (const { store } of streams) store.settle(now);
                continue;
              }
              const e = Math.min(one.entity, streams[one.stream]?.store.length ?? 0);
              const at = known.get(`${one.stream} ${e}`) ?? { x: 50.5, y: 40.5 };
              if (one.kind === 'move') put(one.stream, e, { ...at, x: one.x + 0.5, y: one.y + 0.5 });
              if (one.kind === 'nudge')
                put(one.stream, e, { ...at, x: at.x + (one.by % 3) - 1, y: at.y + ((one.by / 3) | 0) - 1 });
              if (one.kind === 'turn') put(one.stream, e, { ...at, heading: one.to });
              if (one.kind === 'remove' && e < (streams[one.stream]?.store.length ?? 0)) {
                const record = { ...recordAt(view, e, 0, 0, now), removed: true };
                streams[one.stream]?.store.apply(batchOf([record], streams[one.stream]?.store.length, sequence++), now);
              }
            }
            const shown = shownOf(streams, view);
            const followed = kept.follow(shown, view, 'light', looks, isShared);
            ways[followed ?? 'none']++;
            const done = followed ?? kept.begin(shown, view, looks);
            if (done === 'left') continue;
            if (done === 'take') take();
            expect(kept.inView).toBe(entitiesInView(streams, view));
            paintAll(all, streams, view, looks);
            expect(firstDifference(kept.picture.pixels, all.pixels)).toBeNull();
            expect(firstDifference(kept.picture.owners, all.owners)).toBeNull();
          }
        },
      ),
      { numRuns: 100, examples: [eachWay] },
    );
    // Each way has been gone, by chance or not.
    for (const often of Object.values(ways)) expect(often).toBeGreaterThan(0);
  });
});

/** More than enough for a crowd. */
const CROWD_COUNT = 20_400;

describe('a scene of a crowd', () => {
  it('looks the same whether it has drawn the frames before or not: with rings, trails and who is where', () => {
    const view = viewOf(59.8, 24.9, 8);
    const trails = new TrailRing(60_000);
    const stream = streamOf(1, '#e03131', trails);
    const { store } = stream;
    const withTrails = { ...stream, style: { ...stream.style, trails: true } };
    const randomOf = (i: number, salt: number) => Math.abs(Math.sin(i * 12.9898 + salt * 78.233) * 43_758.5453) % 1;
    const x = (i: number, salt: number) => 9 + randomOf(i, salt) * (WIDTH - 18);
    const y = (i: number, salt: number) => 9 + randomOf(i, salt + 1) * (HEIGHT - 18);
    const all = Array.from({ length: CROWD_COUNT }, (_, i) => recordAt(view, i, x(i, 0), y(i, 0), NOW));
    store.apply(batchOf(all), NOW);
    const scene = new Scene();
    for (let frame = 1; frame < 12; frame++) {
      const emphasis = { selected: { stream: 1, entity: 7 * frame }, hovered: { stream: 1, entity: 900 } };
      const shown = frame % 3 === 2 ? withTrails : stream;
      const subject = {
        streams: [shown],
        trails,
        view,
        theme: 'light' as const,
        emphasis,
        density: null,
        onlyTrails: false,
      };
      const fresh = new Scene();
      const drawn = scene.draw(frame, subject);
      const freshDrawn = fresh.draw(frame, subject);
      expect({ inView: drawn.inView, onMap: drawn.onMap }).toEqual({
        inView: freshDrawn.inView,
        onMap: freshDrawn.onMap,
      });
      expect(firstDifference(scene.pixels, fresh.pixels)).toBeNull();
      for (let i = 0; i < 50; i++) {
        const [px, py] = [x(i, frame), y(i, frame)];
        expect(scene.pick(frame, px, py)).toEqual(fresh.pick(frame, px, py));
      }
      const before = Array.from({ length: 50 }, (_, i) => scene.pick(frame, x(i, 3), y(i, 3)));
      const some = Array.from({ length: 300 }, (_, i) => (i * 67 + frame * 31) % CROWD_COUNT);
      const records = some.map((e) => recordAt(view, e, x(e, frame), y(e, frame), NOW + frame));
      store.apply(batchOf(records, CROWD_COUNT, frame), NOW + frame);
      // The frame that is still on the screen answers as it was drawn, when the next one has been; that has no rings.
      const next = { ...subject, emphasis: { selected: null, hovered: null } };
      scene.draw(frame + 1, next);
      const freshNext = new Scene();
      freshNext.draw(frame + 1, next);
      expect(firstDifference(scene.pixels, freshNext.pixels)).toBeNull();
      expect(firstDifference(scene.surface.owners, freshNext.surface.owners)).toBeNull();
      expect(Array.from({ length: 50 }, (_, i) => scene.pick(frame, x(i, 3), y(i, 3)))).toEqual(before);
      frame++;
    }
  });
});
