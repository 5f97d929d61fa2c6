/**
 * The part of a picture with anything in it. Only that is handed to the page: without a graphics processor each pixel of
 * a bitmap is copied several times on its way to the screen, and a large bitmap's memory is fetched anew for each frame.
 */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Edges lie on multiples of it, or at the picture's own: a moving point does not change the box in every frame. */
export const BOX_GRID = 64;

/**
 * @param pixels row by row; 0 is an empty one
 * @returns device pixels; one pixel where there is nothing
 */
export function contentBox(pixels: Int32Array, width: number, height: number): Box {
  let top = 0;
  while (top < height && isEmpty(pixels, top * width, (top + 1) * width)) top++;
  if (top >= height) return { x: 0, y: 0, width: 1, height: 1 };
  let bottom = height - 1;
  while (isEmpty(pixels, bottom * width, (bottom + 1) * width)) bottom--;
  let left = width;
  let right = -1;
  for (let row = top; row <= bottom; row++) {
    const start = row * width;
    for (let column = 0; column < left; column++) if (pixels[start + column] !== 0) left = column;
    for (let column = width - 1; column > right; column--) if (pixels[start + column] !== 0) right = column;
  }
  const down = (edge: number) => Math.floor(edge / BOX_GRID) * BOX_GRID;
  const up = (edge: number, most: number) => Math.min(most, Math.ceil(edge / BOX_GRID) * BOX_GRID);
  const [x, y] = [down(left), down(top)];
  return { x, y, width: up(right + 1, width) - x, height: up(bottom + 1, height) - y };
}

function isEmpty(pixels: Int32Array, from: number, to: number): boolean {
  for (let place = from; place < to; place++) if (pixels[place] !== 0) return false;
  return true;
}
