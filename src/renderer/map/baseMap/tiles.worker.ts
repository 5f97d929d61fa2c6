/**
 * Draws the tiles of the base map away from the page's thread, first come first served. The geometry of each scale
 * is loaded when the first tile needs it, and kept.
 */
import land10m from 'world-columns:10m';
import land50m from 'world-columns:50m';
import land110m from 'world-columns:110m';
import { liveUntilTheEnd } from '../workerLife';
import { Cells } from './cut';
import { drawTile, TILE_OVERLAP, TILE_SIZE } from './drawTile';
import { geometryOf } from './geometry';
import type { FromTiles, ToTiles } from './messages';
import { palettes } from './palette';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (message: FromTiles, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

/** Natural Earth's scales, each where the build has laid it out. */
const sources = { '110m': land110m, '50m': land50m, '10m': land10m } as const;

type Source = keyof typeof sources;

/** Which scale, and how many rounds of smoothing, up to which zoom of 512-pixel tiles (one less than the map's). */
const details: readonly { readonly upTo: number; readonly source: Source; readonly rounds: number }[] = [
  { upTo: 2, source: '110m', rounds: 0 },
  { upTo: 5, source: '50m', rounds: 0 },
  { upTo: 7, source: '10m', rounds: 0 },
  { upTo: Number.POSITIVE_INFINITY, source: '10m', rounds: 2 },
];

/** What has been loaded, or failed to: then the next tile tries again. */
function once<K, V>(load: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const loading = known.get(key) ?? load(key);
    known.set(key, loading);
    loading.catch(() => known.delete(key));
    return loading;
  };
}

const geometryAt = once(async (source: Source) => {
  const answer = await fetch(sources[source]);
  if (!answer.ok) throw new Error(`its data (1:${source}) cannot be read`);
  return geometryOf(await answer.arrayBuffer());
});
const cellsAt = once(
  async ({ source, rounds }: (typeof details)[number]) => new Cells(await geometryAt(source), rounds),
);

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
  const detail = details.find(({ upTo }) => zoom <= upTo);
  if (!detail) throw new Error(`there is no base map at zoom ${zoom}`);
  const cells = await cellsAt(detail);
  // A whole number of device pixels; with a fractional scale the picture is a little larger than the overlap asks for.
  const side = Math.ceil((TILE_SIZE + TILE_OVERLAP) * scale);
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('this system gives it no canvas');
  drawTile(context, cells.around(x, y, zoom), { x, y, zoom }, palettes[theme], scale);
  return canvas.transferToImageBitmap();
}

liveUntilTheEnd(scope, () => tell({ kind: 'ready' }));
