import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CELL,
  densityRamp,
  densitySteps,
  metresPerPixel,
  rampStepOf,
  stepOf,
  stepsFor,
} from '../../../src/renderer/map/densityScale';
import { mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { Density, type DensityGrid } from '../../../src/renderer/map/worker/density';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import { contentsOf } from '../../../src/renderer/map/worker/frameContents';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import type { DrawnStream } from '../../../src/renderer/map/worker/painter';
import { pixelOf } from '../../../src/renderer/map/worker/pixels';
import { Scene } from '../../../src/renderer/map/worker/scene';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { cellWidthWords, stepWords } from '../../../src/renderer/words/density';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
const RED = '#e03131';

interface Spec {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
}

/** `whole`: the corner lies on a cell's, and so the viewport holds whole cells. */
function viewOf({ lat, lon, zoom, width = 320, height = 200, scale = 1 }: Spec, whole = false): FrameView {
  const snap = (at: number) => (whole ? Math.floor(at / CELL) * CELL : at);
  return {
    zoom,
    x: snap(mercatorX(lon) * worldSize(zoom) - width / 2),
    y: snap(mercatorY(lat) * worldSize(zoom) - height / 2),
    width: Math.ceil((width * scale) / 8) * 8,
    height: Math.ceil(height * scale),
    scale,
    viewport: { x: 0, y: 0, width, height },
  };
}

function streamOf(records: readonly TestRecord[], visible = true, stream = 1): DrawnStream {
  const store = new EntityStore(new TrailRing(64));
  const style = { color: RED, visible, trails: false, fadeAfterMs: 60_000, hideAfterMs: 300_000, measure: null };
  store.setStaleness(style, NOW);
  store.apply(batchOf(records, 0, 0, stream), NOW);
  return { stream, style, store };
}

function densityOf(streams: readonly DrawnStream[], view: FrameView): { density: Density; grid: DensityGrid } {
  const density = new Density();
  density.wish('density');
  const grid = density.of(1, streams, view);
  if (!grid) throw new Error('there is no density');
  return { density, grid };
}

const sumOf = ({ counts }: DensityGrid) => counts.reduce((sum, count) => sum + count, 0);
const at = (entity: number, lat: number, lon: number, time = NOW) => ({ entity, time, lat, lon });

describe('the cells of the density view', () => {
  it('hold together as many entities as are in the view, wherever it is', () => {
    const places = fc.array(
      fc.record({
        lat: fc.double({ min: -84, max: 84, noNaN: true }),
        lon: fc.double({ min: -180, max: 180, noNaN: true }),
      }),
      { minLength: 1, maxLength: 200 },
    );
    const views = fc.record({
      lat: fc.double({ min: -60, max: 60, noNaN: true }),
      lon: fc.double({ min: -190, max: 190, noNaN: true }),
      zoom: fc.integer({ min: 1, max: 5 }),
    });
    let inViews = 0;
    fc.assert(
      fc.property(places, views, (all, spec) => {
        // As the world is 512 px wide and more, the view holds each entity once at most.
        const view = viewOf(spec, true);
        const streams = [streamOf(all.map(({ lat, lon }, entity) => at(entity, lat, lon)))];
        const { grid } = densityOf(streams, view);
        let inside = 0;
        for (let row = 0; row < 200 / CELL; row++) {
          for (let column = 0; column < 320 / CELL; column++) inside += grid.counts[row * grid.columns + column] ?? 0;
        }
        const { inView } = contentsOf(streams, view);
        expect(inside).toBe(inView);
        inViews += inView;
      }),
      { seed: 20_260_101, numRuns: 500 },
    );
    expect(inViews).toBeGreaterThan(2_000);
  });

  it('count who is on the map: not the hidden, the removed, nor those of a layer that is not shown', () => {
    const view = viewOf({ lat: 59.8, lon: 24.9, zoom: 8 });
    const shown = streamOf([
      at(0, 59.8, 24.9),
      at(1, 59.8, 24.9, NOW - 100_000),
      at(2, 59.8, 24.9, NOW - 400_000),
      at(3, 59.8, 24.9),
      { entity: 3, time: NOW + 1, removed: true },
    ]);
    const { density, grid } = densityOf([shown, streamOf([at(0, 59.8, 24.9)], false, 2)], view);
    expect(shown.store.hidden).toBe(1);
    expect(sumOf(grid)).toBe(2);
    expect(density.countAt(1, 160, 100)).toBe(2);
    expect(density.countAt(1, 20, 20)).toBe(0);
    expect(density.countAt(1, -5_000, 20)).toBe(0);
  });

  it('reach across the antimeridian, and are there in every copy of the world', () => {
    const around = [at(0, 10, 179.99), at(1, 10, -179.99), at(2, 10, 180)];
    const narrow = viewOf({ lat: 10, lon: 180, zoom: 6 });
    const { grid } = densityOf([streamOf(around)], narrow);
    expect(sumOf(grid)).toBe(3);
    expect([...grid.counts].filter((count) => count > 0)).toEqual([1, 2]);
    const wide = viewOf({ lat: 0, lon: 0, zoom: 1, width: 1_280 });
    // Two and a half worlds of 512 px: the antimeridian is in it twice.
    expect(sumOf(densityOf([streamOf(around)], wide).grid)).toBe(6);
  });

  it('do not move in the world when the view does, nor with the device pixels of a pixel', () => {
    const records = Array.from({ length: 500 }, (_, i) => at(i, 59.8 + ((i * 37) % 100) / 700, 24.9 + (i % 71) / 300));
    const stream = streamOf(records);
    const counted = (view: FrameView) => {
      const { firstColumn, firstRow, columns, counts } = densityOf([stream], view).grid;
      const all = [...counts].map((count, i) => {
        const row = Math.floor(i / columns);
        return [`${firstColumn + i - row * columns},${firstRow + row}`, count] as const;
      });
      return new Map(all.filter(([, count]) => count > 0));
    };
    const spec = { lat: 59.87, lon: 25, zoom: 8 };
    const view = viewOf(spec);
    const still = counted(view);
    expect(still.size).toBeGreaterThan(20);
    expect(counted({ ...view, x: view.x + 3.3, y: view.y - 2.1 })).toEqual(still);
    expect(counted(viewOf({ ...spec, scale: 1.5 }))).toEqual(still);
  });

  it('are asked of the frame that they were counted for, of the last two', () => {
    const view = viewOf({ lat: 59.8, lon: 24.9, zoom: 8 });
    const stream = streamOf([at(0, 59.8, 24.9)]);
    const { density } = densityOf([stream], view);
    density.of(2, [stream], { ...view, x: view.x + 100 });
    expect(density.countAt(1, 160, 100)).toBe(1);
    expect(density.countAt(2, 160, 100)).toBe(0);
    expect(density.countAt(2, 60, 100)).toBe(1);
    density.wish('marks');
    expect(density.of(3, [stream], view)).toBeNull();
    expect(density.countAt(3, 160, 100)).toBeNull();
    expect(density.countAt(1, 160, 100)).toBeNull();
  });

  it('follow those who glide', () => {
    const view = viewOf({ lat: 59.8, lon: 24.9, zoom: 8 });
    const stream = streamOf([at(0, 59.8, 24.7)]);
    stream.store.setSmooth(true);
    stream.store.apply(batchOf([at(0, 59.8, 24.7, NOW + 1)], 1), NOW + 1_000);
    stream.store.apply(batchOf([at(0, 59.8, 25.1, NOW + 2)], 1), NOW + 2_000);
    stream.store.moveOn(NOW + 2_500);
    expect(densityOf([stream], view).density.countAt(1, 160, 100)).toBe(1);
  });
});

describe('the density in a crowd', () => {
  it('takes the place of marks beyond 20,000 in the view, and gives it back when a good part has gone', () => {
    const view = viewOf({ lat: 59.8, lon: 24.9, zoom: 8 });
    const crowd = (count: number) => [streamOf(Array.from({ length: count }, (_, i) => at(i, 59.8, 24.9)))];
    const density = new Density();
    density.wish('automatic');
    const wants = (count: number) => density.of(1, crowd(count), view) !== null;
    expect([20_000, 20_001, 19_000, 16_001, 16_000, 19_000].map(wants)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the scale of the density view', () => {
  it('goes by round numbers, and a step ends where the next begins', () => {
    expect(densitySteps.slice(0, 7)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect([1, 2, 4, 5, 9, 10, 99, 100, 99_999, 100_000, 4_000_000].map(stepOf)).toEqual([
      0, 1, 1, 2, 2, 3, 5, 6, 14, 15, 15,
    ]);
    expect([0, 1, 2, 5, 14, 15].map(stepWords)).toEqual([
      '1',
      '2–4',
      '5–9',
      '50–99',
      '50,000–99,999',
      '100,000 and more',
    ]);
    for (const count of [1, 3, 17, 250, 8_000]) expect(stepsFor(count)).toBeGreaterThan(stepOf(count));
  });

  it.each([4, 5, 9, 16])('uses its colours from end to end, each for one of %d steps', (steps) => {
    const colors = Array.from({ length: steps }, (_, step) => rampStepOf(step, steps));
    expect(colors[0]).toBe(0);
    expect(colors.at(-1)).toBe(densityRamp.light.length - 1);
    expect(new Set(colors).size).toBe(steps);
  });

  it('grows at once, and does not change for a count that goes up and down on the edge of a step', () => {
    const view = viewOf({ lat: 59.8, lon: 24.9, zoom: 8 });
    const density = new Density();
    density.wish('density');
    const stepsWith = (count: number, zoom = 8) =>
      density.of(1, [streamOf(Array.from({ length: count }, (_, i) => at(i, 59.8, 24.9)))], { ...view, zoom })?.steps;
    expect(stepsWith(99)).toBe(6);
    expect(stepsWith(100)).toBe(7);
    expect(stepsWith(99)).toBe(7);
    expect(stepsWith(49)).toBe(5);
  });

  it('says how wide a cell is on the ground, which follows latitude and zoom', () => {
    expect(metresPerPixel(0, 0) * 256).toBeCloseTo(40_030_174, -1);
    expect(cellWidthWords(0, 8)).toBe('4.9 km');
    expect(cellWidthWords(60, 8)).toBe('2.4 km');
    expect(cellWidthWords(60, 18)).toBe('2.4 m');
    expect(cellWidthWords(0, 1)).toBe('630 km');
    expect(cellWidthWords(60, 12)).toBe('150 m');
  });
});

describe('the picture of the density view', () => {
  it.each([1, 1.1, 1.25, 1.5, 2])(
    'fills each cell with the colour of its count, without a gap, at %f device pixels a pixel',
    (scale) => {
      const view = { ...viewOf({ lat: 59.8, lon: 24.9, zoom: 8, scale }), x: 74_512.3 };
      const lons = Array.from({ length: 40 }, (_, i) => i);
      // A row of cells, each with one more than the one before.
      const longitude = (column: number) =>
        ((Math.floor(view.x / CELL) + column + 0.5) * CELL * 360) / worldSize(8) - 180;
      const records = lons.flatMap((i) => Array.from({ length: i + 1 }, () => ({ lat: 59.8, lon: longitude(i) })));
      const stream = streamOf(records.map(({ lat, lon }, entity) => at(entity, lat, lon)));
      const { density, grid } = densityOf([stream], view);
      const scene = new Scene();
      const emphasis = { selected: null, hovered: null };
      const [streams, trails] = [[stream], new TrailRing(64)];
      scene.draw(1, { streams, trails, view, theme: 'dark', emphasis, density: grid, onlyTrails: false });
      const {
        pixels,
        surface: { width },
      } = scene;
      const row = Math.floor((mercatorY(59.8) * worldSize(8) - view.y) * scale);
      for (let x = 0; x < width; x++) {
        // The middle of the pixel: near an edge between cells either is right.
        const [one, other] = [(x + 0.01) / scale, (x + 0.99) / scale].map((place) =>
          density.countAt(1, place, row / scale),
        );
        const colors = [one, other].map((count) =>
          count ? pixelOf(densityRamp.dark[rampStepOf(stepOf(count), grid.steps)] ?? '') : 0,
        );
        expect(colors).toContain(pixels[row * width + x]);
      }
      expect(scene.pick(1, 160, 100)).toBeNull();
    },
  );
});
