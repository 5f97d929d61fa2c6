/** Outside of every picture, and a number that V8 keeps without an object of its own. */
const FAR = 2 ** 30 - 1;

/** The box of what has been drawn, whole device pixels, edges included; it may reach beyond the picture. */
export class Extent {
  left = 0;
  top = 0;
  right = 0;
  bottom = 0;

  constructor() {
    this.clear();
  }

  /** Nothing has been drawn: the right edge is left of the left one. */
  clear(): void {
    this.left = FAR;
    this.top = FAR;
    this.right = -FAR;
    this.bottom = -FAR;
  }

  /** Something has been drawn within these columns and rows. */
  reachTo(left: number, top: number, right: number, bottom: number): void {
    if (left < this.left) this.left = left;
    if (top < this.top) this.top = top;
    if (right > this.right) this.right = right;
    if (bottom > this.bottom) this.bottom = bottom;
  }
}
