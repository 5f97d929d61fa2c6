/** The packaged base map as a Leaflet layer: land, coast and borders from tiles.worker, and place names above them. */
import { type Coords, type DoneCallback, GridLayer, type Map as LeafletMap } from 'leaflet';
import type { Theme } from '../worker/messages';
import { whenEnded } from '../workerLife';
import { TILE_SIZE } from './drawTile';
import type { FromTiles, ToTiles } from './messages';
import { createPlaceNamesLayer } from './placeNamesLayer';

export interface BaseMap {
  /** Draws from now on. Until then nothing but place names is there. */
  begin(): void;
  setTheme(theme: Theme): void;
  /** Draws everything anew; each old tile stays until the new one is there. */
  redraw(): void;
  close(): void;
}

const MOST_LOSSES = 3;

interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly coords: Coords;
  request: number;
  scale: number;
  /** Leaflet's callback; called once. */
  done: DoneCallback | null;
}

/** @param onError told once, in words, when tiles cannot be drawn */
export function createBaseMap(map: LeafletMap, theme: Theme, onError: (message: string) => void): BaseMap {
  const closing = new AbortController();
  let worker: Worker | null = null;
  let losses = 0;
  const tell = (message: ToTiles) => worker?.postMessage(message);
  const tiles = new Map<number, Tile>();
  let requests = 0;
  let now = theme;
  let failed = false;

  function fail(why: string): void {
    if (!failed) onError(`The base map cannot be drawn: ${why}. Points are shown all the same.`);
    failed = true;
  }

  function ask(tile: Tile): void {
    tiles.delete(tile.request);
    tile.request = ++requests;
    tiles.set(tile.request, tile);
    tile.scale = window.devicePixelRatio || 1;
    const { x, y, z } = tile.coords;
    const zoom = z - Math.log2(TILE_SIZE / 256);
    tell({ kind: 'draw', request: tile.request, x, y, zoom, scale: tile.scale, theme: now });
  }

  function start(): Worker {
    const name = `tiles ${crypto.randomUUID()}`;
    const started = new Worker(new URL('./tiles.worker.ts', import.meta.url), { type: 'module', name });
    const loseIt = (why: string) => {
      if (started === worker) lose(why);
    };
    started.onerror = (event) => {
      event.preventDefault();
      loseIt(event.message || 'its worker could not be started');
    };
    started.onmessage = ({ data }: MessageEvent<FromTiles>) => {
      if (data.kind === 'ready') whenEnded(name, closing.signal, () => loseIt('its worker ended'));
      else show(data);
    };
    return started;
  }

  /** Another worker draws every tile anew; one that fails again and again is told of. */
  function lose(why: string): void {
    worker?.terminate();
    losses += 1;
    if (losses > MOST_LOSSES) {
      fail(why);
      return;
    }
    console.error(`the base map's worker failed and was started again: ${why}`);
    begin();
  }

  /** What was asked for before is asked for again. */
  function begin(): void {
    worker = start();
    for (const tile of [...tiles.values()]) ask(tile);
  }

  function show(data: Exclude<FromTiles, { kind: 'ready' }>): void {
    const tile = tiles.get(data.request);
    if (data.kind === 'failed') {
      fail(data.message);
      tile?.done?.(new Error(data.message));
      return;
    }
    if (!tile) {
      data.bitmap.close();
      return;
    }
    const { width } = data.bitmap;
    // Not told to be opaque, though it is: what lies under opaque tiles is left out, and so is black where, amid a zoom,
    // each of two covers a part of a pixel; and without a graphics processor it took half as much time again to show them.
    tile.canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(data.bitmap);
    // Leaflet sets the size of a tile; its picture is larger by the overlap, and no pixel of it is to be scaled.
    const side = `${width / tile.scale}px`;
    Object.assign(tile.canvas.style, { width: side, height: side });
    tile.done?.(undefined, tile.canvas);
    tile.done = null;
  }

  const { _pruneTiles: pruneTiles } = GridLayer.prototype as unknown as { _pruneTiles(this: GridLayer): void };
  class Tiles extends GridLayer {
    /**
     * Leaflet's own, by its name there. Amid a zoom it waits for its end: where tiles do not fade in, Leaflet takes those
     * of the zoom before away as soon as all of the next one are there, and a map that is not yet at its new zoom is bare
     * beyond those.
     */
    _pruneTiles(): void {
      if (!map.getPane('mapPane')?.classList.contains('leaflet-zoom-anim')) pruneTiles.call(this);
    }

    override createTile(coords: Coords, done: DoneCallback): HTMLElement {
      const canvas = document.createElement('canvas');
      ask({ canvas, coords, request: 0, scale: 1, done });
      return canvas;
    }
  }
  const grid = new Tiles({ tileSize: TILE_SIZE, updateWhenIdle: false, keepBuffer: 2, className: 'base-map' });
  grid.on('tileunload', (event) => {
    const gone: HTMLElement = event.tile;
    for (const [request, { canvas }] of tiles) {
      if (canvas !== gone) continue;
      tiles.delete(request);
      tell({ kind: 'cancel', request });
    }
  });
  grid.addTo(map);
  const names = createPlaceNamesLayer(map, theme);

  function redraw(): void {
    for (const tile of [...tiles.values()]) ask(tile);
    names.setTheme(now);
  }

  return {
    begin() {
      if (worker === null && !closing.signal.aborted) begin();
    },
    setTheme(next) {
      if (next === now) return;
      now = next;
      redraw();
    },
    redraw,
    close() {
      closing.abort();
      names.close();
      grid.remove();
      worker?.terminate();
    },
  };
}
