/**
 * Colours as ImageData holds them on every platform that Chromium runs on: 32 bits, alpha in the highest byte, then
 * blue, green, red; not premultiplied.
 */

export const rgba = (red: number, green: number, blue: number, alpha = 255) =>
  (alpha << 24) | (blue << 16) | (green << 8) | red | 0;

/** "#rrggbb" as an opaque pixel; anything else is black. */
export function pixelOf(color: string, alpha = 255): number {
  const value = Number.parseInt(color.slice(1), 16) || 0;
  return rgba((value >>> 16) & 255, (value >>> 8) & 255, value & 255, alpha);
}

export const alphaOf = (pixel: number) => pixel >>> 24;

export const withAlpha = (pixel: number, alpha: number) => (pixel & 0xffffff) | (alpha << 24) | 0;

/** Part of the way (0 to 1) from one colour to another, opaque. */
export function mixed(from: number, to: number, part: number): number {
  const channel = (shift: number) => {
    const a = (from >>> shift) & 255;
    return Math.round(a + (((to >>> shift) & 255) - a) * part);
  };
  return rgba(channel(0), channel(8), channel(16));
}

/** `source` laid over `target`, both of any alpha. */
export function over(target: number, source: number): number {
  const alpha = source >>> 24;
  const below = target >>> 24;
  if (below === 0 || alpha === 255) return source;
  if (alpha === 0) return target;
  if (below === 255) {
    // Two channels in one multiplication: red and blue lie 16 bits apart, so that they cannot touch.
    const part = alpha + (alpha >>> 7);
    const rest = 256 - part;
    const redBlue = (Math.imul(source & 0xff00ff, part) + Math.imul(target & 0xff00ff, rest)) >>> 8;
    const green = (Math.imul(source & 0xff00, part) + Math.imul(target & 0xff00, rest)) >>> 8;
    return 0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00) | 0;
  }
  const through = (below * (255 - alpha)) / 255;
  const together = alpha + through;
  const share = alpha / together;
  const red = (target & 255) + ((source & 255) - (target & 255)) * share;
  const green = ((target >>> 8) & 255) + (((source >>> 8) & 255) - ((target >>> 8) & 255)) * share;
  const blue = ((target >>> 16) & 255) + (((source >>> 16) & 255) - ((target >>> 16) & 255)) * share;
  return rgba(red + 0.5, green + 0.5, blue + 0.5, together + 0.5);
}
