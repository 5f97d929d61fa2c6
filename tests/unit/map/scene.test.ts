import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureRamp } from '../../../src/renderer/map/measureRamp';
import { mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import { copies } from '../../../src/renderer/map/worker/frameContents';
import type { FrameView, Theme } from '../../../src/renderer/map/worker/messages';
import { idOf } from '../../../src/renderer/map/worker/owner';
import type { DrawnStream, Emphasis } from '../../../src/renderer/map/worker/painter';
import { pixelOf } from '../../../src/renderer/map/worker/pixels';
import { Scene } from '../../../src/renderer/map/worker/scene';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
const RED = '#e03131';
const BLUE = '#1971c2';
const nobody = { selected: null, hovered: null };

function viewOf(lat: number, lon: number, zoom: number, scale = 1, width = 320, height = 200): FrameView {
  return {
    zoom,
    x: mercatorX(lon) * worldSize(zoom) - width / 2,
    y: mercatorY(lat) * worldSize(zoom) - height / 2,
    width: width * scale,
    height: height * scale,
    scale,
    viewport: { x: 0, y: 0, width, height },
  };
}

function streamOf(trails: TrailRing, records: readonly TestRecord[], color = RED, stream = 1): DrawnStream {
  const store = new EntityStore(trails);
  const style = { color, visible: true, trails: false, fadeAfterMs: 300_000, hideAfterMs: 3_600_000, measure: null };
  store.setStaleness(style, NOW);
  store.apply(batchOf(records, 0, 0, stream), NOW);
  return { stream, style, store };
}

const draw = (
  scene: Scene,
  trails: TrailRing,
  frame: number,
  streams: readonly DrawnStream[],
  view: FrameView,
  theme: Theme,
  emphasis: Emphasis,
  onlyTrails = false,
) => scene.draw(frame, { streams, trails, view, theme, emphasis, density: null, onlyTrails });

describe('a frame', () => {
  it.each([1, 1.25, 2])('has a mark where the projection says, at %f device pixels a pixel', (scale) => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const view = viewOf(59.8, 24.9, 8, scale);
    const stream = streamOf(trails, [{ entity: 0, time: NOW, lat: 59.95, lon: 25.2 }]);
    draw(scene, trails, 1, [stream], view, 'light', nobody);
    const x = Math.floor((mercatorX(25.2) * worldSize(8) - view.x) * scale);
    const y = Math.floor((mercatorY(59.95) * worldSize(8) - view.y) * scale);
    const at = y * view.width + x;
    expect(scene.surface.pixels[at]).toBe(pixelOf(RED));
    expect(scene.surface.owners[at]).not.toBe(0);
    expect(scene.pick(1, x / scale, y / scale)).toEqual({ stream: 1, entity: 0 });
  });

  it('shows an entity that glides between its fixes, and finds it there only', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const view = viewOf(59.8, 24.9, 8);
    const store = new EntityStore(trails);
    const style = { color: RED, visible: true, trails: false, fadeAfterMs: null, hideAfterMs: null, measure: null };
    store.setSmooth(true);
    store.apply(batchOf([{ entity: 0, time: NOW, lat: 59.8, lon: 24.7 }]), NOW);
    store.apply(batchOf([{ entity: 0, time: NOW + 1_000, lat: 59.8, lon: 25.1 }], 1), NOW + 1_000);
    const pickAt = (frame: number, lon: number) =>
      scene.pick(frame, mercatorX(lon) * worldSize(8) - view.x, mercatorY(59.8) * worldSize(8) - view.y);
    for (const [frame, now, lon] of [
      [1, NOW + 1_000, 24.7],
      [2, NOW + 1_500, 24.9],
      [3, NOW + 2_000, 25.1],
    ] as const) {
      store.moveOn(now);
      draw(scene, trails, frame, [{ stream: 1, style, store }], view, 'light', nobody);
      for (const place of [24.7, 24.9, 25.1]) {
        expect(pickAt(frame, place)).toEqual(place === lon ? { stream: 1, entity: 0 } : null);
      }
    }
  });

  it('has an id wherever it has a visible colour, and nowhere else', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const records = Array.from({ length: 40 }, (_, entity) => ({
      entity,
      time: NOW,
      lat: 59.5 + (entity % 7) / 10,
      lon: 24.3 + entity / 30,
      heading: entity * 9,
    }));
    draw(scene, trails, 1, [streamOf(trails, records)], viewOf(59.8, 24.9, 8), 'dark', nobody);
    const { pixels, owners } = scene.surface;
    let painted = 0;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] !== 0) painted++;
      if ((pixels[i] !== 0) !== (owners[i] !== 0)) throw new Error(`pixel ${i}: colour ${pixels[i]}, id ${owners[i]}`);
    }
    expect(painted).toBeGreaterThan(40 * 40);
  });

  it('puts the later layer over the earlier one, and what is fresh over what is stale', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const here = { lat: 59.8, lon: 24.9 };
    const stale = streamOf(
      trails,
      [
        { entity: 0, time: NOW - 600_000, ...here },
        { entity: 1, time: NOW, lat: 0, lon: 0 },
      ],
      BLUE,
      2,
    );
    const view = viewOf(59.8, 24.9, 8);
    draw(scene, trails, 1, [streamOf(trails, [{ entity: 0, time: NOW, ...here }]), stale], view, 'light', nobody);
    expect(scene.pick(1, 160, 100)).toEqual({ stream: 1, entity: 0 });
    const blue = streamOf(trails, [{ entity: 0, time: NOW, ...here }], BLUE, 3);
    draw(scene, trails, 2, [streamOf(trails, [{ entity: 0, time: NOW, ...here }]), blue], view, 'light', nobody);
    expect(scene.pick(2, 160, 100)).toEqual({ stream: 3, entity: 0 });
    // The frame that may still be on the screen answers as it was drawn.
    expect(scene.pick(1, 160, 100)).toEqual({ stream: 1, entity: 0 });
    draw(scene, trails, 3, [], view, 'light', nobody);
    expect(scene.pick(1, 160, 100)).toBeNull();
    expect(scene.pick(2, 160, 100)).toEqual({ stream: 3, entity: 0 });
  });

  it('shows a point in every visible copy of the world, and counts it once', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const view = viewOf(0, 180, 1, 1, 1280, 200);
    expect(copies(view)).toEqual([-1, 0, 1, 2]);
    const drawn = draw(
      scene,
      trails,
      1,
      [streamOf(trails, [{ entity: 0, time: NOW, lat: 0, lon: 170 }])],
      view,
      'light',
      nobody,
    );
    const x = mercatorX(170) * worldSize(1) - view.x;
    for (const at of [x - 512, x, x + 512]) expect(scene.pick(1, at, 100)).toEqual({ stream: 1, entity: 0 });
    expect(drawn).toEqual({ inView: 1, onMap: 1, trailLimit: null, trailsDueIn: null });
  });

  it('draws marks at its edges as far as they reach in, and writes nothing outside', () => {
    const trails = new TrailRing(4000);
    const scene = new Scene();
    const view = viewOf(0, 0, 10, 1, 64, 48);
    const world = worldSize(10);
    const records: TestRecord[] = [];
    for (let y = -40; y < 90; y += 3) {
      for (let x = -40; x < 110; x += 3) {
        records.push({
          entity: records.length,
          time: NOW,
          lon: ((view.x + x) / world - 0.5) * 360,
          lat: (Math.atan(Math.sinh((0.5 - (view.y + y) / world) * 2 * Math.PI)) * 180) / Math.PI,
          heading: records.length % 360,
        });
      }
    }
    draw(scene, trails, 1, [streamOf(trails, records)], view, 'light', {
      selected: { stream: 1, entity: 3 },
      hovered: null,
    });
    const { surface } = scene;
    expect(surface.pixels.length).toBe(64 * 48);
    // Everything is covered by opaque marks, and known to be: in each number that a pixel is in.
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 64; x++) {
        const [here, before] = [surface.finished[surface.lookAt(x, y)], surface.finished[surface.lookAt(x - 16, y)]];
        expect(((here ?? 0) >>> surface.shiftOf(x)) & ((before ?? 0) >>> (surface.shiftOf(x) + 16)) & 1).toBe(1);
      }
    }
    expect(scene.pick(1, -1, -1)).not.toBeNull();
    expect(scene.pick(1, -100, 20)).toBeNull();
  });

  it('knows the box of what has been drawn: marks, rings and trails, as far as they are in it', () => {
    const place = fc.record({ x: fc.integer({ min: -60, max: 380 }), y: fc.integer({ min: -60, max: 260 }) });
    const view = viewOf(0, 0, 10);
    const world = worldSize(10);
    const scene = new Scene(() => 0);
    let frame = 0;
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.boolean(),
        (places, trail, ring) => {
          const trails = new TrailRing(100);
          const records = places.map(({ x, y }, i) => ({
            entity: trail ? 0 : i,
            time: NOW + i,
            lon: ((view.x + x) / world - 0.5) * 360,
            lat: (Math.atan(Math.sinh((0.5 - (view.y + y) / world) * 2 * Math.PI)) * 180) / Math.PI,
            heading: 70 * i,
          }));
          const stream = streamOf(trails, records);
          const withTrails = { ...stream, style: { ...stream.style, trails: trail } };
          const emphasis = { selected: ring ? { stream: 1, entity: 0 } : null, hovered: null };
          // Another view, so that no trail of the scene before is shown again.
          draw(scene, trails, ++frame, [withTrails], { ...view }, 'light', emphasis);
          const { pixels, width, height } = scene.surface;
          const { left, top, right, bottom } = scene.surface.extent;
          let [west, north, east, south] = [width, height, -1, -1];
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              if (pixels[y * width + x] === 0) continue;
              [west, east] = [Math.min(west, x), Math.max(east, x)];
              [north, south] = [Math.min(north, y), Math.max(south, y)];
            }
          }
          if (east === -1) return;
          expect([left <= west, top <= north, right >= east, bottom >= south]).toEqual([true, true, true, true]);
          // Nothing is known of how much of a line or of a mark at the edge reaches in.
          const isInside = places.every(({ x, y }) => x > 20 && x < width - 20 && y > 20 && y < height - 20);
          // The edge of a line may be too faint to be there.
          const spare = Math.max(west - left, north - top, right - east, bottom - south);
          if (isInside) expect(spare).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hits a mark from up to four pixels beside it, the nearest first', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const view = viewOf(0, 0, 12);
    const at = (px: number) => (px / worldSize(12)) * 360;
    const pair = [
      { entity: 0, time: NOW, lat: 0, lon: at(-12) },
      { entity: 1, time: NOW, lat: 0, lon: at(12) },
    ];
    draw(scene, trails, 1, [streamOf(trails, pair)], view, 'light', nobody);
    expect(scene.pick(1, 160 - 12, 100)).toEqual({ stream: 1, entity: 0 });
    expect(scene.pick(1, 160 - 5, 100)).toEqual({ stream: 1, entity: 0 });
    expect(scene.pick(1, 160 + 5, 100)).toEqual({ stream: 1, entity: 1 });
    expect(scene.pick(1, 160, 100)).toBeNull();
    expect(scene.pick(1, 160 - 22, 100)).toBeNull();
  });

  it('hides a layer that is not visible', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const stream = streamOf(trails, [{ entity: 0, time: NOW, lat: 0, lon: 0 }]);
    const hidden = { ...stream, style: { ...stream.style, visible: false } };
    expect(draw(scene, trails, 1, [hidden], viewOf(0, 0, 5), 'light', nobody)).toEqual({
      inView: 0,
      onMap: 0,
      trailLimit: null,
      trailsDueIn: null,
    });
    expect(scene.surface.pixels.every((pixel) => pixel === 0)).toBe(true);
  });

  it('draws a trail the short way across the antimeridian, below the marks and without ids', () => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const stream = streamOf(trails, [
      { entity: 0, time: NOW - 1, lat: 0, lon: 179 },
      { entity: 0, time: NOW, lat: 0, lon: -179 },
    ]);
    const view = viewOf(0, 180, 6);
    const withTrail = { ...stream, style: { ...stream.style, trails: true } };
    draw(scene, trails, 1, [withTrail], view, 'light', nobody);
    const { pixels, owners, width } = scene.surface;
    const row = 100 * width;
    expect((pixels[row + 160] ?? 0) >>> 24).toBeGreaterThan(40);
    expect(owners[row + 160]).toBe(0);
    expect(pixels[row + 40]).toBe(0);
    expect(pixels[row + 290]).toBe(0);
  });

  it('shows a number in the colour and in the size of a mark, and leaves those without it as they are', () => {
    const trails = new TrailRing(100);
    const view = viewOf(0, 0, 12);
    const at = (px: number) => (px / worldSize(12)) * 360;
    const numbers = [10, 20, 30, Number.NaN];
    const records = numbers.map((measure, entity) => ({ entity, time: NOW, lat: 0, lon: at(40 * entity), measure }));
    const plain = streamOf(trails, records);
    const paint = (by: 'color' | 'size' | 'both', theme: Theme) => {
      const scene = new Scene();
      const style = { ...plain.style, measure: { field: 'depth', by, min: null, max: null } };
      draw(scene, trails, 1, [{ ...plain, style }], view, theme, nobody);
      const { pixels, owners, width } = scene.surface;
      const colors = numbers.map((_, entity) => pixels[100 * width + 160 + 40 * entity]);
      const areas = numbers.map((_, entity) => owners.filter((owner) => idOf(owner) === entity + 1).length);
      return { colors, areas };
    };
    const ramp = (theme: Theme) => [0, 8, 15].map((step) => pixelOf(measureRamp[theme][step] ?? ''));
    const red = pixelOf(RED);
    const byColor = paint('color', 'dark');
    expect(byColor.colors).toEqual([...ramp('dark'), red]);
    expect(new Set(byColor.areas).size).toBe(1);
    const bySize = paint('size', 'light');
    expect(bySize.colors).toEqual([red, red, red, red]);
    const [small = 0, middle = 0, large = 0, usual = 0] = bySize.areas;
    expect(small).toBeLessThan(usual);
    expect(middle).toBeGreaterThan(usual);
    expect(large).toBeGreaterThan(middle);
    const both = paint('both', 'light');
    expect(both.colors).toEqual([...ramp('light'), red]);
    expect(both.areas).toEqual(bySize.areas);
  });

  it.each([
    ['east', -179, 168, 170],
    ['west', 179, -168, -170],
  ])('draws a trail whose head has left the view to the %s across the antimeridian', (_, head, tail, middle) => {
    const trails = new TrailRing(100);
    const scene = new Scene();
    const stream = streamOf(trails, [
      { entity: 0, time: NOW - 1, lat: 0, lon: tail },
      { entity: 0, time: NOW, lat: 0, lon: head },
    ]);
    const view = viewOf(0, middle, 6);
    expect(copies(view)).toEqual([0]);
    draw(scene, trails, 1, [{ ...stream, style: { ...stream.style, trails: true } }], view, 'light', nobody);
    const { pixels, width } = scene.surface;
    expect((pixels[100 * width + 160] ?? 0) >>> 24).toBeGreaterThan(20);
    expect(pixels[60 * width + 160]).toBe(0);
  });

  it('keeps the trails of a long walk for a while, and walks anew at once when the map shows something else', () => {
    const trails = new TrailRing(100);
    let now = 0;
    // A walk of 10 ms: the clock is read before and after each.
    const scene = new Scene(() => (now += 10));
    const view = viewOf(0, 0, 12);
    const at = (px: number) => (px / worldSize(12)) * 360;
    const stream = streamOf(trails, [
      { entity: 0, time: NOW, lat: 0, lon: at(-100) },
      { entity: 0, time: NOW + 1, lat: 0, lon: at(-50) },
    ]);
    const drawIn = (frame: number, color: string, seen: FrameView, onlyTrails = false) =>
      draw(
        scene,
        trails,
        frame,
        [{ ...stream, style: { ...stream.style, color, trails: true } }],
        seen,
        'light',
        nobody,
        onlyTrails,
      );
    const trailAt = (x: number) => (scene.surface.pixels[100 * scene.surface.width + 160 + x] ?? 0) !== 0;

    expect(drawIn(1, RED, view).trailsDueIn).toBeNull();
    expect([trailAt(-75), trailAt(25)]).toEqual([true, false]);
    stream.store.apply(batchOf([{ entity: 0, time: NOW + 2, lat: 0, lon: at(100) }], 1), NOW);
    // The mark is drawn where it is, and its trail follows: 30 ms after the end of the walk, at 20.
    expect(drawIn(2, RED, view).trailsDueIn).toBe(20);
    expect(scene.pick(2, 260, 100)).toEqual({ stream: 1, entity: 0 });
    expect([trailAt(-75), trailAt(25)]).toEqual([true, false]);
    expect(drawIn(3, RED, view).trailsDueIn).toBe(10);
    expect(scene.catchUp()).toBe(false);
    // It is due, and waits for the frame to be on its way; the next frame shows it.
    expect(drawIn(4, RED, view).trailsDueIn).toBe(0);
    expect([trailAt(-75), trailAt(25)]).toEqual([true, false]);
    expect(scene.catchUp()).toBe(true);
    expect(scene.catchUp()).toBe(false);
    expect(drawIn(5, RED, view, true).trailsDueIn).toBeNull();
    expect([trailAt(-75), trailAt(25)]).toEqual([true, true]);
    expect(drawIn(6, RED, view).trailsDueIn).not.toBeNull();

    expect(drawIn(7, BLUE, view).trailsDueIn).toBeNull();
    expect((scene.surface.pixels[100 * view.width + 185] ?? 0) & 0xffffff).toBe(pixelOf(BLUE) & 0xffffff);
    expect(drawIn(8, BLUE, { ...view, y: view.y - 40 }).trailsDueIn).toBeNull();
    expect(trailAt(25)).toBe(false);
    // What was put off for one view is of no use in another one.
    for (let frame = 9; drawIn(frame, BLUE, view).trailsDueIn !== 0; frame++) expect(frame).toBeLessThan(20);
    drawIn(20, BLUE, { ...view });
    expect(scene.catchUp()).toBe(false);
  });
});
