/** Stamps sprites onto a surface, front to back: each goes underneath what is there, in colour and owner alike. */
import { bandOf, ownerAt } from './owner';
import { PIECE, PIECE_FROM, PIECE_MASK, PIECE_X, PIECE_Y, type Sprite } from './sprites';
import { OPAQUE, type Surface } from './surface';

/**
 * Stamps a sprite with its centre on the device pixel (cx, cy), both whole numbers; the rows it reaches are open.
 * @param name of its mark (owner.ts), which gets every pixel of the sprite that nobody has yet; 0 leaves the owners alone
 */
export function drawSprite(surface: Surface, sprite: Sprite, cx: number, cy: number, name: number): void {
  const { width, height } = surface;
  const { reach } = sprite;
  if (cx >= reach && cy >= reach && cx < width - reach && cy < height - reach) {
    drawWhole(surface, sprite, cx, cy, name);
    surface.extent.reachTo(cx + sprite.left, cy + sprite.top, cx + sprite.right, cy + sprite.bottom);
  } else if (cx + reach >= 0 && cy + reach >= 0 && cx - reach < width && cy - reach < height) {
    drawClipped(surface, sprite, cx, cy, name);
    surface.extent.reachTo(cx + sprite.left, cy + sprite.top, cx + sprite.right, cy + sprite.bottom);
  }
}

/** Of each piece, only the pixels that are not finished are touched. */
function drawWhole(surface: Surface, { pieces, piecePixels }: Sprite, cx: number, cy: number, name: number): void {
  const { pixels, owners, finished, width } = surface;
  const band = bandOf(cy, surface.height);
  for (let p = 0; p < pieces.length; p += PIECE) {
    const x = cx + (pieces[p + PIECE_X] ?? 0);
    const y = cy + (pieces[p + PIECE_Y] ?? 0);
    const look = surface.lookAt(x, y);
    const shift = surface.shiftOf(x);
    let open = (pieces[p + PIECE_MASK] ?? 0) & ~((finished[look] ?? 0) >>> shift);
    if (open === 0) continue;
    const place = y * width + x;
    const from = pieces[p + PIECE_FROM] ?? 0;
    const owner = name === 0 ? 0 : ownerAt(y, name, band);
    let now = 0;
    while (open !== 0) {
      const bit = open & -open;
      const i = 31 - Math.clz32(bit);
      open ^= bit;
      const pixel = piecePixels[from + i] ?? 0;
      const there = pixels[place + i] ?? 0;
      if (there === 0) {
        pixels[place + i] = pixel;
        owners[place + i] = owner;
        if (pixel >>> 24 === OPAQUE) now |= bit;
      } else if (surface.layPixelUnder(place + i, pixel, owner)) now |= bit;
    }
    if (now !== 0) surface.finish(look, now << shift);
  }
}

function drawClipped(surface: Surface, { dx, dy, pixel }: Sprite, cx: number, cy: number, name: number): void {
  const { width, height } = surface;
  const band = bandOf(cy, height);
  for (let k = 0; k < pixel.length; k++) {
    const x = cx + (dx[k] ?? 0);
    const y = cy + (dy[k] ?? 0);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const owner = name === 0 ? 0 : ownerAt(y, name, band);
    if (surface.layPixelUnder(y * width + x, pixel[k] ?? 0, owner))
      surface.finish(surface.lookAt(x, y), 1 << surface.shiftOf(x));
  }
}
