import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Cells, cutGeometry, cutLine, cutRing, tileBox } from '../../../src/renderer/map/baseMap/cut';
import { geometryOf, type Path, pathOf } from '../../../src/renderer/map/baseMap/geometry';
import { type Label, placeLabels } from '../../../src/renderer/map/baseMap/labelPlacement';
import { palettes } from '../../../src/renderer/map/baseMap/palette';
import { places } from '../../../src/renderer/map/baseMap/placeNames';
import { smoothed } from '../../../src/renderer/map/baseMap/smooth';
import { columnsOf } from '../../../src/renderer/map/baseMap/worldColumns';
import { mercatorX, mercatorY } from '../../../src/renderer/map/projection';

const columnsAt = (scale: string) => {
  const file = fileURLToPath(new URL(`../../../node_modules/world-atlas/countries-${scale}.json`, import.meta.url));
  return columnsOf(JSON.parse(readFileSync(file, 'utf8')));
};
const columns = columnsAt('110m');
const world = geometryOf(columns);

/** Even-odd rule over all rings, as the tile is filled. */
function isLand(rings: readonly Path[], lat: number, lon: number): boolean {
  const [x, y] = [mercatorX(lon), mercatorY(lat)];
  let inside = false;
  for (const { points } of rings) {
    const n = points.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const [xi = 0, yi = 0, xj = 0, yj = 0] = [points[i], points[i + 1], points[j], points[j + 1]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

describe('the base map', () => {
  it.each([
    ['Finland', 62, 26, true],
    ['Siberia', 65, 100, true],
    ['Chukotka, east of the antimeridian', 66.5, -175, true],
    ['Antarctica', -80, 0, true],
    ['Antarctica at the antimeridian', -84.9, 179.9, true],
    ['the Sahara', 23, 10, true],
    ['the Pacific', 0, -150, false],
    ['the Caspian Sea', 41.5, 50.8, false],
    ['the Arctic Ocean', 78, -170, false],
    ['the Norwegian Sea', 69, 2, false],
  ])('knows whether %s is land', (_, lat, lon, land) => {
    expect(isLand(world.land, lat, lon)).toBe(land);
  });

  it.each(['50m', '10m'])('knows a strait from an isthmus at 1:%s', (scale) => {
    const { land } = geometryOf(columnsAt(scale));
    expect(isLand(land, 36.0, -5.45)).toBe(false); // Gibraltar
    expect(isLand(land, 9.1, -79.75)).toBe(true); // Panama
    expect(isLand(land, 59.43, 24.73)).toBe(true); // Tallinn
    expect(isLand(land, 59.8, 24.9)).toBe(false); // off Tallinn
  });

  it('says so when its data is damaged', () => {
    expect(() => geometryOf(columns.slice(0, columns.byteLength - 3))).toThrow('it is cut short');
    expect(() => geometryOf(columns.slice(0, columns.byteLength - 8))).toThrow('it has not the length it tells');
    for (const count of [-1, 2 ** 31 - 1]) {
      const boundless = columns.slice(0);
      new DataView(boundless).setInt32(4, count, true);
      expect(() => geometryOf(boundless)).toThrow('it has not the length it tells');
    }
    const landless = columns.slice(0);
    new DataView(landless).setInt32(0, 0, true);
    expect(() => geometryOf(landless)).toThrow('it has a coast without land');
    expect(() => columnsOf({ type: 'Topology', objects: {}, arcs: [] })).toThrow('has no land');
  });

  it('is the same land after it has been cut to a tile', () => {
    const cells = new Cells(world);
    for (const [x, y, zoom] of [
      [8, 4, 4],
      [18, 9, 5],
      [146, 74, 8],
    ] as const) {
      const cut = cutGeometry(cells.around(x, y, zoom), tileBox(x, y, zoom, 0));
      const box = tileBox(x, y, zoom, 0);
      for (let i = 1; i < 10; i++) {
        const lon = (box.left + ((box.right - box.left) * i) / 10 - 0.5) * 360;
        const middle = (box.top + box.bottom) / 2;
        const lat = (Math.atan(Math.sinh((0.5 - middle) * 2 * Math.PI)) * 180) / Math.PI;
        expect(isLand(cut.land, lat, lon)).toBe(isLand(world.land, lat, lon));
      }
    }
  });

  it('draws no coast along the antimeridian', () => {
    for (const { points } of world.coast) {
      for (let i = 2; i < points.length; i += 2) {
        const along = points[i - 2] === points[i] && (points[i] ?? 0) % 1 === 0;
        expect(along).toBe(false);
      }
    }
  });

  it('cuts a ring to its box, and a line into pieces that reach out of it', () => {
    const square = pathOf(Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1, 0, 0));
    const box = { left: 0.25, top: 0.25, right: 0.5, bottom: 2 };
    expect(cutRing(square, box)).toMatchObject({ left: 0.25, top: 0.25, right: 0.5, bottom: 1 });
    expect(cutRing(square, { left: 2, top: 2, right: 3, bottom: 3 })).toBeNull();
    const zigzag = pathOf(Float64Array.of(0, 0.3, 0.4, 0.3, 0.9, 0.3, 0.9, 0, 0.3, 0));
    const pieces = cutLine(zigzag, { left: 0.3, top: 0.2, right: 0.5, bottom: 0.4 });
    expect(pieces.map(({ points }) => [...points])).toEqual([[0, 0.3, 0.4, 0.3, 0.9, 0.3]]);
  });

  it('smooths a path without moving the ends of an open one', () => {
    const open = smoothed(Float64Array.of(0, 0, 1, 0, 1, 1));
    expect([...open.slice(0, 2), ...open.slice(-2)]).toEqual([0, 0, 1, 1]);
    const closed = smoothed(Float64Array.of(0, 0, 1, 0, 1, 1, 0, 0));
    expect([...closed.slice(0, 2)]).toEqual([...closed.slice(-2)]);
    // A ring is closed whether it says so or not.
    expect(smoothed(Float64Array.of(0, 0, 1, 0, 1, 1), true)).toEqual(closed);
  });
});

describe('place names', () => {
  it('are on the globe, each with a zoom from which it is shown', () => {
    expect(places.length).toBeGreaterThan(350);
    for (const { name, lat, lon, rank } of places) {
      expect(name.length).toBeGreaterThan(1);
      expect(Math.abs(lat)).toBeLessThan(85);
      expect(Math.abs(lon)).toBeLessThanOrEqual(180);
      expect(rank).toBeGreaterThanOrEqual(1);
      expect(rank).toBeLessThanOrEqual(10);
    }
  });

  it('name no place twice', () => {
    const towns = places.filter(({ kind }) => kind === 'town').map(({ name }) => name);
    expect(towns.filter((name, i) => towns.indexOf(name) !== i)).toEqual([]);
  });

  it('do not stand over one another, and the more important one wins', () => {
    const town = (name: string, x: number): Label => ({ name, x, y: 50, width: 60, height: 12, kind: 'town' });
    const placed = placeLabels([town('first', 100), town('second', 110), town('third', 300)]);
    expect(placed.map(({ label }) => label.name)).toEqual(['first', 'third']);
    const beside = placeLabels([town('first', 100), town('left of it', 84)]);
    expect(beside.map(({ x }) => x)).toEqual([106, 84 - 6 - 60]);
  });

  it.each(['light', 'dark'] as const)('have a contrast of at least 4.5 to 1 in the %s theme', (theme) => {
    const { sea, land, place, seaName } = palettes[theme];
    expect(contrast(place, land)).toBeGreaterThan(4.5);
    expect(contrast(place, sea)).toBeGreaterThan(4.5);
    expect(contrast(seaName, sea)).toBeGreaterThan(4.5);
  });
});

/** WCAG 2: relative luminance of "#rrggbb", and the contrast of two. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [r = 0, g = 0, bl = 0] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}
