/**
 * The part of a picture that is handed to the page: without a graphics processor each pixel of a bitmap is copied several
 * times on its way to the screen.
 */
import type { Extent } from './extent';

type Edges = Pick<Extent, 'left' | 'top' | 'right' | 'bottom'>;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Edges lie on multiples of it, or at the picture's own: a moving point does not change the box in every frame. */
export const BOX_GRID = 64;

/**
 * @param size of the picture, device pixels
 * @param extent of what has been drawn
 * @returns device pixels; one pixel where there is nothing
 */
export function contentBox({ width, height }: Pick<Box, 'width' | 'height'>, { left, top, right, bottom }: Edges): Box {
  const [x, across] = alongGrid(left, right, width);
  const [y, down] = alongGrid(top, bottom, height);
  return across > 0 && down > 0 ? { x, y, width: across, height: down } : { x: 0, y: 0, width: 1, height: 1 };
}

/**
 * Device pixels of a strip, at the most: 768 KiB. Memory of a MiB and more is given back to the system as soon as it is
 * free, and fetching it anew for each frame takes longer than writing into it (Chromium's allocator; see also
 * chromiumFeatures.ts).
 */
export const STRIP_PIXELS = 192 * 1024;
/** With so many, as at two device pixels a pixel, no gain over a whole bitmap could be measured any more. */
export const MOST_STRIPS = 25;

/** A box cut into strips, one below the other; a box that would need too many stays whole. */
export function stripsOf({ x, y, width, height }: Box): readonly Box[] {
  const wanted = Math.ceil((width * height) / STRIP_PIXELS);
  const rows = wanted > MOST_STRIPS ? height : Math.max(1, Math.floor(STRIP_PIXELS / width));
  return Array.from({ length: Math.ceil(height / rows) }, (_, i) => {
    const top = i * rows;
    return { x, y: y + top, width, height: Math.min(rows, height - top) };
  });
}

function alongGrid(first: number, last: number, size: number): readonly [from: number, length: number] {
  const from = Math.floor(Math.max(0, first) / BOX_GRID) * BOX_GRID;
  const to = Math.min(size, Math.ceil((last + 1) / BOX_GRID) * BOX_GRID);
  const isSeen = first <= last && first < size && last >= 0;
  return [from, isSeen ? to - from : 0];
}
