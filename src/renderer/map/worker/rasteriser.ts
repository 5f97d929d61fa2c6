/** Stamps sprites onto a surface, front to back: each goes underneath what is there, in the colour and in the id alike. */
import { over } from './pixels';
import type { Sprite } from './sprites';
import { RUN, RUN_SHIFT, type Surface } from './surface';

const OPAQUE = 255;

/**
 * Stamps a sprite with its centre on the device pixel (cx, cy), both whole numbers; the rows it reaches are open.
 * @param id taken by every pixel of the sprite that nobody has yet; 0 leaves the ids alone
 */
export function drawSprite(surface: Surface, sprite: Sprite, cx: number, cy: number, id: number): void {
  const { width, height } = surface;
  const { reach } = sprite;
  if (cx >= reach && cy >= reach && cx < width - reach && cy < height - reach) {
    if (!surface.covered(cx - reach, cy - reach, cx + reach, cy + reach)) {
      const centre = cy * width + cx;
      if (sprite.rows) drawRows(surface, sprite.pixel, sprite.rows, centre, id);
      else drawWhole(surface, sprite, centre, id);
    }
  } else if (cx + reach >= 0 && cy + reach >= 0 && cx - reach < width && cy - reach < height) {
    drawClipped(surface, sprite, cx, cy, id);
  }
}

/** The hot loop: most pixels are either still empty or finished. */
function drawWhole(surface: Surface, sprite: Sprite, centre: number, id: number): void {
  const { pixels, ids } = surface;
  const { at, pixel, opaque } = sprite;
  const length = at.length;
  for (let k = 0; k < length; k++) {
    const place = centre + (at[k] ?? 0);
    const there = pixels[place] ?? 0;
    if (there === 0) {
      pixels[place] = pixel[k] ?? 0;
      ids[place] = id;
      if (k < opaque) surface.finish(place >>> RUN_SHIFT, 1);
    } else if (there >>> 24 !== OPAQUE && layUnder(surface, place, pixel[k] ?? 0, id)) {
      surface.finish(place >>> RUN_SHIFT, 1);
    }
  }
}

/** The same for a sprite of opaque rows: what lies on a finished run is passed over as a whole. */
function drawRows(surface: Surface, pixel: Int32Array, rows: Int32Array, centre: number, id: number): void {
  const { pixels, ids, finished } = surface;
  for (let r = 0; r < rows.length; r += 3) {
    const from = centre + (rows[r] ?? 0);
    const to = from + (rows[r + 1] ?? 0);
    const first = (rows[r + 2] ?? 0) - from;
    for (let start = from; start < to; ) {
      const run = start >>> RUN_SHIFT;
      const next = (run + 1) << RUN_SHIFT;
      const end = next < to ? next : to;
      if ((finished[run] ?? 0) < RUN) {
        let done = 0;
        for (let place = start; place < end; place++) {
          const there = pixels[place] ?? 0;
          if (there === 0) {
            pixels[place] = pixel[first + place] ?? 0;
            ids[place] = id;
            done++;
          } else if (there >>> 24 !== OPAQUE && layUnder(surface, place, pixel[first + place] ?? 0, id)) done++;
        }
        if (done > 0) surface.finish(run, done);
      }
      start = end;
    }
  }
}

function drawClipped(surface: Surface, sprite: Sprite, cx: number, cy: number, id: number): void {
  const { width, height } = surface;
  for (let k = 0; k < sprite.at.length; k++) {
    const x = cx + (sprite.dx[k] ?? 0);
    const y = cy + (sprite.dy[k] ?? 0);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const place = y * width + x;
    if (layUnder(surface, place, sprite.pixel[k] ?? 0, id)) surface.finish(place >>> RUN_SHIFT, 1);
  }
}

/** Lays one pixel underneath what is there. True when that finished it. */
function layUnder(surface: Surface, place: number, pixel: number, id: number): boolean {
  const there = surface.pixels[place] ?? 0;
  if (there >>> 24 === OPAQUE) return false;
  const now = there === 0 ? pixel : over(pixel, there);
  surface.pixels[place] = now;
  if (surface.ids[place] === 0) surface.ids[place] = id;
  return now >>> 24 === OPAQUE;
}
