/**
 * Before WebGL may paint the map it has to paint a small scene with everything in it that maps have, and the picture,
 * read back from the very bitmaps that the page would get, has to be the one that the pixel painter paints; and so have
 * the answers to who is where. Drivers were seen to compile everything, report no error, and draw black.
 */
import type { PointBatch } from '../../../../shared/pointBatch';
import { mercatorX, mercatorY, worldSize } from '../../projection';
import { EntityStore } from '../entityStore';
import type { FrameView } from '../messages';
import type { DrawnStream, Painter, Painting, Subject } from '../painter';
import { isSamePicture, pictureDifference } from '../pictureDifference';
import { PixelPainter } from '../pixelPainter';
import { TrailRing } from '../trailRing';

/** Epoch ms; any will do. */
const NOW = 1_700_000_000_000;
const FADE_AFTER_MS = 60_000;
const ZOOM = 4;
/** Across the antimeridian; CSS pixels. */
const CENTRE = { lat: 10, lon: 179.5, width: 240, height: 160 };
const FRAME = 1;
const SHIPS = 40;
const FIXES = 6;

/** Null when the painter has proved itself; else what was wrong, in words that go on a sentence. */
export function disproof(painter: Painter): string | null {
  const subject = provingSubject();
  const pixels = new PixelPainter();
  const expected = pictureOf(pixels.paint(FRAME, subject), subject.view);
  const picture = pictureOf(painter.paint(FRAME, subject), subject.view);
  const difference = pictureDifference(expected, picture);
  if (!isSamePicture(difference)) {
    const { painted, strays, worst } = difference;
    return `of ${painted} painted pixels ${strays} were wrong, by up to ${Math.round(worst)} of 255`;
  }
  for (let y = 0; y < CENTRE.height; y += 16) {
    for (let x = 8; x < CENTRE.width; x += 16) {
      const [one, other] = [pixels.pick(FRAME, x, y), painter.pick(FRAME, x, y)];
      if (one?.stream !== other?.stream || one?.entity !== other?.entity) return `who is at ${x}, ${y} was wrong`;
    }
  }
  return null;
}

/** RGBA of the whole view; the painting's bitmaps are closed. */
export function pictureOf({ parts }: Painting, { width, height }: FrameView): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this system gives it no canvas');
  for (const { bitmap, x, y } of parts) {
    context.drawImage(bitmap, x, y);
    bitmap.close();
  }
  return context.getImageData(0, 0, width, height).data;
}

function provingSubject(): Subject {
  const trails = new TrailRing(2 * SHIPS * FIXES);
  const streams = [streamOf(1, '#e8590c', trails), streamOf(2, '#1971c2', trails)];
  return {
    streams,
    trails,
    view: provingView(),
    theme: 'light',
    emphasis: { selected: { stream: 1, entity: 20 }, hovered: { stream: 2, entity: 5 } },
    density: null,
    onlyTrails: false,
  };
}

function provingView(): FrameView {
  const world = worldSize(ZOOM);
  const { lat, lon, width, height } = CENTRE;
  return {
    zoom: ZOOM,
    x: mercatorX(lon) * world - width / 2,
    y: mercatorY(lat) * world - height / 2,
    width,
    height,
    scale: 1,
    viewport: { x: 0, y: 0, width, height },
  };
}

/** Ships on a slanted grid, some without a heading, some faded, each with a trail behind it. */
function streamOf(stream: number, color: string, trails: TrailRing): DrawnStream {
  const style = { color, visible: true, trails: true, fadeAfterMs: FADE_AFTER_MS, hideAfterMs: null, measure: null };
  const store = new EntityStore(trails);
  store.setStaleness(style, NOW);
  const count = SHIPS * FIXES;
  const column = (value: (ship: number, fix: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => value(i % SHIPS, Math.floor(i / SHIPS)));
  const late = (ship: number) => (ship % 5 === 0 ? 2 * FADE_AFTER_MS : 0);
  const wrapped = (lon: number) => (lon > 180 ? lon - 360 : lon);
  const batch: PointBatch = {
    stream,
    sequence: 0,
    count,
    lon: column((ship, fix) => wrapped(171 + 2.2 * (ship % 8) + 0.3 * fix * stream)),
    lat: column((ship, fix) => 6 + 1.9 * Math.floor(ship / 8) + 0.21 * fix * ((ship % 3) - 1) + 0.7 * stream),
    time: column((ship, fix) => NOW - late(ship) - 1_000 * (FIXES - fix)),
    offset: column((ship, fix) => ship + SHIPS * fix),
    entity: Uint32Array.from({ length: count }, (_, i) => i % SHIPS),
    heading: Float32Array.from(column((ship) => (ship % 4 === 0 ? Number.NaN : ship * 23))),
    speed: new Float32Array(count),
    measure: new Float32Array(count),
    partition: new Uint16Array(count),
    flags: new Uint8Array(count),
    firstNewEntity: 0,
    newEntities: Array.from({ length: SHIPS }, (_, ship) => `ship-${ship}`),
    isBacklog: false,
  };
  store.apply(batch, NOW);
  return { stream, style, store };
}
