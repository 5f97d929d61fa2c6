/**
 * Marks, drawn once and then stamped: a disc of about 7 CSS pixels with an outline that keeps it apart from the map
 * and from its neighbours; with a heading it becomes a drop that points that way.
 */
import { alphaOf, mixed, over, withAlpha } from './pixels';

/** A stamp: its pixels as columns. */
export interface Sprite {
  /** Half the width of its box, device pixels: it touches nothing farther than this from its centre. */
  readonly reach: number;
  /** Offset from the centre in a surface of the sprite's stride, and the same as columns and rows. */
  readonly at: Int32Array;
  readonly dx: Int8Array;
  readonly dy: Int8Array;
  readonly pixel: Int32Array;
  /** The first so many pixels are opaque, the others are not. */
  readonly opaque: number;
  /**
   * When all pixels are opaque and every row is one stretch: for each row its first offset, its length, and the
   * index of its first pixel. Else null.
   */
  readonly rows: Int32Array | null;
}

/** Sizes in CSS pixels. */
const RADIUS = 3.5;
const OUTLINE = 1;
const TIP = 8.5;
/** Where the sides of the drop leave the disc, as the cosine of the angle from the heading. */
const TANGENT = RADIUS / TIP;
export const HEADING_STEPS = 64;
/** The heading step of a mark without a heading. */
export const NO_HEADING = HEADING_STEPS;

/** Alpha below which a pixel is not worth its id. */
const FAINTEST = 24;

const HALO_INNER = 7;
const HALO_WIDTH = 2;
/** Opacity of a mark that is stale. */
const STALE_ALPHA = 0.42;

export interface MarkLook {
  /** Opaque pixels. */
  readonly color: number;
  readonly outline: number;
  /** What lies below, as far as one can say: stale marks of a crowd are mixed with it. */
  readonly ground: number;
  readonly stale: boolean;
  /** Marks of a crowd have hard edges: among 20,000 nobody can tell, and nothing has to be blended. */
  readonly crowd: boolean;
}

/** Step of `HEADING_STEPS` for degrees clockwise from north; `NO_HEADING` for NaN. */
export function headingStep(degrees: number): number {
  if (!(Math.abs(degrees) < 1e6)) return NO_HEADING;
  const step = Math.round((degrees * HEADING_STEPS) / 360) % HEADING_STEPS;
  return step < 0 ? step + HEADING_STEPS : step;
}

/** Signed distance, in CSS pixels, to the drop that points along (ux, uy); negative inside. */
function distanceToDrop(x: number, y: number, ux: number, uy: number): number {
  const along = x * ux + y * uy;
  const across = Math.abs(x * uy - y * ux);
  // Right of the tangent point the nearest edge is the straight side, else the disc.
  const sine = Math.sqrt(1 - TANGENT * TANGENT);
  const onSide = (along - RADIUS * TANGENT) * sine - (across - RADIUS * sine) * TANGENT;
  if (onSide <= 0) return Math.hypot(along, across) - RADIUS;
  const toSide = along * TANGENT + across * sine - RADIUS;
  if (along <= TIP) return toSide;
  return Math.max(toSide, Math.hypot(along - TIP, across));
}

const coverage = (distance: number, scale: number) => Math.min(1, Math.max(0, 0.5 - distance * scale));

type Dot = readonly [dx: number, dy: number, pixel: number];

function stamp(box: number, stride: number, pixelAt: (dx: number, dy: number) => number): Sprite {
  const dots: Dot[] = [];
  for (let dy = -box; dy <= box; dy++) {
    for (let dx = -box; dx <= box; dx++) {
      const pixel = pixelAt(dx, dy);
      if (alphaOf(pixel) >= FAINTEST) dots.push([dx, dy, pixel]);
    }
  }
  const opaque = dots.filter(([, , pixel]) => alphaOf(pixel) === 255);
  const ordered = [...opaque, ...dots.filter(([, , pixel]) => alphaOf(pixel) !== 255)];
  return {
    reach: dots.reduce((most, [dx, dy]) => Math.max(most, Math.abs(dx), Math.abs(dy)), 0),
    opaque: opaque.length,
    rows: opaque.length === dots.length ? rowsOf(dots, stride) : null,
    at: Int32Array.from(ordered, ([dx, dy]) => dy * stride + dx),
    dx: Int8Array.from(ordered, ([dx]) => dx),
    dy: Int8Array.from(ordered, ([, dy]) => dy),
    pixel: Int32Array.from(ordered, ([, , pixel]) => pixel),
  };
}

/** Dots in reading order as rows; null when a row has a gap. */
function rowsOf(dots: readonly Dot[], stride: number): Int32Array | null {
  const rows: number[] = [];
  for (let i = 0; i < dots.length; ) {
    const [dx = 0, dy = 0] = dots[i] ?? [];
    let length = 1;
    while (dots[i + length]?.[1] === dy) length++;
    if (dots[i + length - 1]?.[0] !== dx + length - 1) return null;
    rows.push(dy * stride + dx, length, i);
    i += length;
  }
  return Int32Array.from(rows);
}

/**
 * @param scale device pixels a CSS pixel
 * @param stride width of the surface that it is made for
 */
export function markSprite(look: MarkLook, step: number, scale: number, stride: number): Sprite {
  const pointed = step !== NO_HEADING;
  const angle = (step * 2 * Math.PI) / HEADING_STEPS;
  const ux = Math.sin(angle);
  const uy = -Math.cos(angle);
  const box = Math.ceil(((pointed ? TIP : RADIUS) + OUTLINE + 1) * scale);
  const faint = look.stale && look.crowd;
  const color = faint ? mixed(look.ground, look.color, STALE_ALPHA) : look.color;
  const outline = faint ? mixed(look.ground, look.outline, STALE_ALPHA) : look.outline;
  return stamp(box, stride, (dx, dy) => {
    const x = dx / scale;
    const y = dy / scale;
    const distance = pointed ? distanceToDrop(x, y, ux, uy) : Math.hypot(x, y) - RADIUS;
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

/** The ring around the mark that is selected, or (thinner) hovered. */
export function haloSprite(ring: number, outline: number, strong: boolean, scale: number, stride: number): Sprite {
  const width = strong ? HALO_WIDTH : HALO_WIDTH * 0.75;
  const inner = strong ? HALO_INNER + 2 : HALO_INNER;
  const box = Math.ceil((inner + width + 2.5) * scale);
  return stamp(box, stride, (dx, dy) => {
    const radius = Math.hypot(dx, dy) / scale;
    const toMiddle = Math.abs(radius - inner - width / 2);
    const edge = withAlpha(outline, Math.round(200 * coverage(toMiddle - width / 2 - 1, scale)));
    return over(edge, withAlpha(ring, Math.round(255 * coverage(toMiddle - width / 2, scale))));
  });
}
