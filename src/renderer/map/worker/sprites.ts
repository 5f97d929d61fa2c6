/**
 * Marks, drawn once and then stamped: a disc of about 7 CSS pixels with an outline that keeps it apart from the map
 * and from its neighbours; with a heading it becomes a drop that points that way.
 */
import { HEADING_STEPS, NO_HEADING } from './headings';
import { alphaOf, mixed, over, withAlpha } from './pixels';
import { ONE_LOOK } from './surface';

/** A stamp: its pixels as columns. */
export interface Sprite {
  /** Half the width of its box, device pixels: it touches nothing farther than this from its centre. */
  readonly reach: number;
  /** Columns and rows from the centre, row by row. */
  readonly dx: Int8Array;
  readonly dy: Int8Array;
  readonly pixel: Int32Array;
  /** The box of its pixels, from the centre, edges included. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** All of it row by row, from `-box` to `box` around the centre; 0 where it has no pixel. */
  readonly raster: Int32Array;
  readonly box: number;
  /**
   * The same in pieces of a row, as they are stamped: `PIECE` numbers each, and the pixels that the pieces point into,
   * where gaps are 0.
   */
  readonly pieces: Int32Array;
  readonly piecePixels: Int32Array;
}

/** Of a piece: its first column and its row from the centre, which of its up to ONE_LOOK pixels are there, and where they begin. */
export const PIECE_X = 0;
export const PIECE_Y = 1;
export const PIECE_MASK = 2;
export const PIECE_FROM = 3;
export const PIECE = 4;

/** Sizes in CSS pixels. */
const RADIUS = 3.5;
const OUTLINE = 1;
const TIP = 8.5;
/** Where the sides of the drop leave the disc, as the cosine of the angle from the heading. */
const TANGENT = RADIUS / TIP;
const TANGENT_SINE = Math.sqrt(1 - TANGENT * TANGENT);

/** Alpha below which a pixel is not worth its id. */
const FAINTEST = 24;

const HALO_INNER = 7;
const HALO_WIDTH = 2;
/** Opacity of a mark that is stale. */
const STALE_ALPHA = 0.42;

/** How large a mark is that shows no number, as a factor. */
export const USUAL_SIZE = 1;

export interface MarkLook {
  /** Opaque pixels. */
  readonly color: number;
  readonly outline: number;
  /** What lies below, as far as one can say: stale marks of a crowd are mixed with it. */
  readonly ground: number;
  readonly stale: boolean;
  /** Marks of a crowd have hard edges: among 20,000 nobody can tell, and nothing has to be blended. */
  readonly crowd: boolean;
  /** Times the usual size; the outline stays as it is. */
  readonly size: number;
}

/** Signed distance, in CSS pixels, to the drop of the usual size; negative inside. The place is given along and across its heading. */
function distanceToDrop(along: number, across: number): number {
  // Right of the tangent point the nearest edge is the straight side, else the disc.
  const onSide = (along - RADIUS * TANGENT) * TANGENT_SINE - (across - RADIUS * TANGENT_SINE) * TANGENT;
  if (onSide <= 0) return Math.sqrt(along * along + across * across) - RADIUS;
  const toSide = along * TANGENT + across * TANGENT_SINE - RADIUS;
  if (along <= TIP) return toSide;
  return Math.max(toSide, Math.sqrt((along - TIP) ** 2 + across * across));
}

const coverage = (distance: number, scale: number) => Math.min(1, Math.max(0, 0.5 - distance * scale));

/** Plain loops: a sprite is made while somebody waits for the first point of a layer, and by code that is still cold. */
function stamp(box: number, pixelAt: (dx: number, dy: number) => number): Sprite {
  const side = 2 * box + 1;
  const raster = new Int32Array(side * side);
  let length = 0;
  for (let i = 0, y = -box; y <= box; y++) {
    for (let x = -box; x <= box; x++, i++) {
      const pixel = pixelAt(x, y);
      if (alphaOf(pixel) < FAINTEST) continue;
      raster[i] = pixel;
      length++;
    }
  }
  const pixel = new Int32Array(length);
  const [dx, dy] = [new Int8Array(length), new Int8Array(length)];
  let [left, top, right, bottom] = [box, box, -box, -box];
  for (let k = 0, i = 0, y = -box; y <= box; y++) {
    for (let x = -box; x <= box; x++, i++) {
      const value = raster[i] ?? 0;
      if (value === 0) continue;
      dx[k] = x;
      dy[k] = y;
      pixel[k++] = value;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const reach = length === 0 ? 0 : Math.max(-left, right, -top, bottom);
  return { reach, left, top, right, bottom, raster, box, dx, dy, pixel, ...piecesOf(dx, dy, pixel) };
}

/** Cuts pixels in reading order into pieces. */
function piecesOf(dx: Int8Array, dy: Int8Array, pixel: Int32Array): Pick<Sprite, 'pieces' | 'piecePixels'> {
  const pieces: number[] = [];
  const pixels: number[] = [];
  for (let k = 0; k < pixel.length; ) {
    const [x, y] = [dx[k] ?? 0, dy[k] ?? 0];
    const from = pixels.length;
    let mask = 0;
    for (; k < pixel.length && dy[k] === y && (dx[k] ?? 0) < x + ONE_LOOK; k++) {
      const i = (dx[k] ?? 0) - x;
      while (pixels.length < from + i) pixels.push(0);
      pixels.push(pixel[k] ?? 0);
      mask |= 1 << i;
    }
    pieces.push(x, y, mask, from);
  }
  return { pieces: Int32Array.from(pieces), piecePixels: Int32Array.from(pixels) };
}

/** The farthest that a mark reaches from its centre, device pixels. `scale`: of them a CSS pixel. */
export const boxOf = (size: number, scale: number) => Math.ceil((TIP * size + OUTLINE + 1) * scale);

/** @param scale device pixels a CSS pixel */
export function markSprite(look: MarkLook, step: number, scale: number): Sprite {
  const pointed = step !== NO_HEADING;
  const angle = (step * 2 * Math.PI) / HEADING_STEPS;
  const ux = Math.sin(angle);
  const uy = -Math.cos(angle);
  const { size } = look;
  const box = pointed ? boxOf(size, scale) : Math.ceil((RADIUS * size + OUTLINE + 1) * scale);
  const faint = look.stale && look.crowd;
  const color = faint ? mixed(look.ground, look.color, STALE_ALPHA) : look.color;
  const outline = faint ? mixed(look.ground, look.outline, STALE_ALPHA) : look.outline;
  const farthest = RADIUS * size + OUTLINE + 0.5 / scale;
  return stamp(box, (dx, dy) => {
    const x = dx / scale;
    const y = dy / scale;
    const along = x * ux + y * uy;
    const across = Math.abs(x * uy - y * ux);
    // Most of the box is beside the mark, or behind it.
    if (across >= farthest || along <= -farthest) return 0;
    const distance = pointed
      ? distanceToDrop(along / size, across / size) * size
      : Math.sqrt(x * x + y * y) - RADIUS * size;
    const outer = coverage(distance - OUTLINE, scale);
    const inner = coverage(distance, scale);
    if (outer <= 0) return 0;
    const pixel = over(
      withAlpha(outline, Math.round(255 * outer)),
      withAlpha(color, Math.round(255 * Math.min(inner, outer))),
    );
    if (look.crowd) return outer >= 0.5 ? withAlpha(pixel, 255) : 0;
    return look.stale ? withAlpha(pixel, Math.round(alphaOf(pixel) * STALE_ALPHA)) : pixel;
  });
}

/**
 * An opaque square cell; device pixels across and down. Its centre is the pixel at half of `least`, rounded down, from
 * its upper left corner.
 */
export function cellSprite(color: number, across: number, down: number, least: number): Sprite {
  const middle = least >> 1;
  const inside = (offset: number, side: number) => offset >= -middle && offset < side - middle;
  return stamp(Math.max(across, down), (dx, dy) => (inside(dx, across) && inside(dy, down) ? color : 0));
}

/** The ring around the mark that is selected, or (thinner) hovered. */
export function haloSprite(ring: number, outline: number, strong: boolean, scale: number): Sprite {
  const width = strong ? HALO_WIDTH : HALO_WIDTH * 0.75;
  const inner = strong ? HALO_INNER + 2 : HALO_INNER;
  const box = Math.ceil((inner + width + 2.5) * scale);
  return stamp(box, (dx, dy) => {
    const radius = Math.hypot(dx, dy) / scale;
    const toMiddle = Math.abs(radius - inner - width / 2);
    const edge = withAlpha(outline, Math.round(200 * coverage(toMiddle - width / 2 - 1, scale)));
    return over(edge, withAlpha(ring, Math.round(255 * coverage(toMiddle - width / 2, scale))));
  });
}
