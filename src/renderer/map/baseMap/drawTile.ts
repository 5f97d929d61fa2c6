/** Draws one tile of the base map. */

import { latitudeOf, longitudeOf, mercatorX, mercatorY } from '../projection';
import { cutGeometry, tileBox } from './cut';
import type { Geometry, Path } from './geometry';
import type { Palette } from './palette';

type Context = OffscreenCanvasRenderingContext2D;

export interface TilePlace {
  /** Tile numbers at `zoom`, where the world is 2^zoom tiles wide. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Side of a tile, CSS pixels, and by how much its picture is larger so that no seam shows between two tiles. */
export const TILE_SIZE = 512;
export const TILE_OVERLAP = 1;
/** What is drawn: at least the tile, its overlap and the rest of a device pixel. */
const PICTURE = TILE_SIZE + 2 * TILE_OVERLAP;

/** Degrees between the lines of the graticule, by map zoom (256-pixel tiles). */
export function graticuleStep(zoom: number): number {
  const steps = [30, 30, 30, 20, 10, 10, 5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001, 0.0005];
  return steps[Math.max(0, Math.min(steps.length - 1, zoom))] ?? 30;
}

/**
 * @param place a tile of TILE_SIZE: its numbers at `zoom` are those of 512-pixel tiles
 * @param scale device pixels a CSS pixel
 */
export function drawTile(context: Context, around: Geometry, place: TilePlace, palette: Palette, scale: number): void {
  const { x, y, zoom } = place;
  const tiles = 2 ** zoom;
  const mapZoom = zoom + Math.log2(TILE_SIZE / 256);
  const { land, coast, borders } = cutGeometry(around, tileBox(x, y, zoom, 8 / TILE_SIZE));
  const toTile = (path: Path, close: boolean) => trace(context, path, x, y, tiles, close);

  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = palette.sea;
  context.fillRect(0, 0, PICTURE, PICTURE);

  context.beginPath();
  for (const ring of land) toTile(ring, true);
  context.fillStyle = palette.land;
  context.fill('evenodd');

  drawGraticule(context, place, tiles, graticuleStep(mapZoom), palette.graticule);

  context.lineJoin = 'round';
  context.beginPath();
  for (const line of coast) toTile(line, false);
  context.strokeStyle = palette.coast;
  context.lineWidth = mapZoom < 5 ? 0.7 : 1;
  context.stroke();

  context.beginPath();
  for (const line of borders) toTile(line, false);
  context.strokeStyle = palette.border;
  context.lineWidth = mapZoom < 5 ? 0.7 : 1.1;
  context.stroke();
}

function trace(context: Context, { points }: Path, tileX: number, tileY: number, tiles: number, close: boolean): void {
  const at = (i: number) =>
    [((points[i] ?? 0) * tiles - tileX) * TILE_SIZE, ((points[i + 1] ?? 0) * tiles - tileY) * TILE_SIZE] as const;
  let [x, y] = at(0);
  context.moveTo(x, y);
  for (let i = 2; i < points.length; i += 2) {
    const [nextX, nextY] = at(i);
    if (i < points.length - 2 && Math.abs(nextX - x) < 0.35 && Math.abs(nextY - y) < 0.35) continue;
    x = nextX;
    y = nextY;
    context.lineTo(x, y);
  }
  if (close) context.closePath();
}

function drawGraticule(context: Context, { x, y }: TilePlace, tiles: number, step: number, color: string): void {
  context.beginPath();
  const west = longitudeOf(x / tiles);
  const east = longitudeOf((x + 1) / tiles);
  for (let i = Math.ceil(west / step); i * step <= east; i++) {
    const at = Math.round((mercatorX(i * step) * tiles - x) * TILE_SIZE) + 0.5;
    context.moveTo(at, 0);
    context.lineTo(at, PICTURE);
  }
  const north = latitudeOf(y / tiles);
  const south = latitudeOf((y + 1) / tiles);
  for (let i = Math.ceil(south / step); i * step <= north; i++) {
    const at = Math.round((mercatorY(i * step) * tiles - y) * TILE_SIZE) + 0.5;
    context.moveTo(0, at);
    context.lineTo(TILE_SIZE + TILE_OVERLAP, at);
  }
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
}
