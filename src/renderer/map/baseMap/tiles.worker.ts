/**
 * Draws the tiles of the base map away from the page's thread, nearest detail first come first served. The geometry
 * of each level of detail is loaded when the first tile needs it, and kept.
 */
import type { Topology } from 'topojson-specification';
import { Cells } from './cut';
import { drawTile, TILE_OVERLAP, TILE_SIZE } from './drawTile';
import { geometryOf } from './geometry';
import type { FromTiles, ToTiles } from './messages';
import { palettes } from './palette';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (message: FromTiles, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

/** Natural Earth's scales. As text, because parsing JSON is faster than compiling the same as code. */
const sources = {
  '110m': () => import('world-atlas/countries-110m.json?raw'),
  '50m': () => import('world-atlas/countries-50m.json?raw'),
  '10m': () => import('world-atlas/countries-10m.json?raw'),
} as const;

interface Detail {
  readonly source: keyof typeof sources;
  /** Rounds of corner cutting. */
  readonly rounds: number;
}
const details: readonly (Detail & { readonly upTo: number })[] = [
  // By the zoom of 512-pixel tiles, which is one less than the map's.
  { upTo: 2, source: '110m', rounds: 0 },
  { upTo: 5, source: '50m', rounds: 0 },
  { upTo: 7, source: '10m', rounds: 0 },
  { upTo: Number.POSITIVE_INFINITY, source: '10m', rounds: 2 },
];

const loaded = new Map<Detail, Promise<Cells>>();
function cellsAt(zoom: number): Promise<Cells> {
  const detail = details.find(({ upTo }) => zoom <= upTo);
  if (!detail) throw new Error(`there is no base map at zoom ${zoom}`);
  const known = loaded.get(detail);
  if (known) return known;
  const loading = sources[detail.source]().then(
    ({ default: text }) => new Cells(geometryOf(JSON.parse(text) as Topology, detail.rounds)),
    (cause: unknown) => {
      // The next tile tries again.
      loaded.delete(detail);
      throw cause;
    },
  );
  loaded.set(detail, loading);
  return loading;
}

type Wanted = Extract<ToTiles, { kind: 'draw' }>;
const waiting = new Map<number, Wanted>();
let busy = false;

scope.onmessage = ({ data }: MessageEvent<ToTiles>) => {
  if (data.kind === 'cancel') waiting.delete(data.request);
  else {
    waiting.set(data.request, data);
    if (!busy) void drawAll();
  }
};

async function drawAll(): Promise<void> {
  busy = true;
  for (;;) {
    const [next] = waiting.values();
    if (!next) break;
    waiting.delete(next.request);
    try {
      const bitmap = await draw(next);
      tell({ kind: 'drawn', request: next.request, bitmap }, [bitmap]);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      tell({ kind: 'failed', request: next.request, message });
    }
    // Lets cancellations in.
    await new Promise((resolve) => setTimeout(resolve));
  }
  busy = false;
}

async function draw({ x, y, zoom, scale, theme }: Wanted): Promise<ImageBitmap> {
  const cells = await cellsAt(zoom);
  // A whole number of device pixels; with a fractional scale the picture is a little larger than the overlap asks for.
  const side = Math.ceil((TILE_SIZE + TILE_OVERLAP) * scale);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('this system gives it no canvas');
  drawTile(context, cells.around(x, y, zoom), { x, y, zoom }, palettes[theme], scale);
  return canvas.transferToImageBitmap();
}
