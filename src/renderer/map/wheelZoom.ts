/**
 * Zooming by a wheel, by two fingers and by a pinch, in whole levels round the pointer. In place of Leaflet's own handler,
 * which makes a level at least of whatever comes within 40 ms: a pinch to twice the size went through five of them, and one
 * notch of a mouse wheel through two.
 */
import type { Map as LeafletMap, Point } from 'leaflet';

/**
 * A turn that begins with an event of so many px at least is a wheel's, and each such event in it a notch, or several. Two
 * fingers begin with less, however far they are flung then.
 */
const NOTCH_PX = 50;
/** Of a wheel with large notches, and of two fingers. */
const LEVEL_PX = 120;
/** Chromium tells of a pinch by a factor in events that add up to 100 times its logarithm, with the control key. */
const PINCHED_LEVEL_PX = 100 * Math.LN2;
/** After so long without an event another turn begins; what is not a level yet is forgotten. */
const FORGOTTEN_MS = 300;
/** Of an event that counts lines, or pages. */
const PX_A_LINE = 40;
const PX_A_PAGE = 120;

export type Turn = Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>;

/** Adds up what comes, to whole levels. */
export class WheelLevels {
  #levels = 0;
  #direction = 0;
  /** The turn under way is a wheel's. */
  #notched = false;
  #at = Number.NEGATIVE_INFINITY;

  /**
   * @param now ms
   * @returns levels to zoom in by now; negative: out
   */
  add(turn: Turn, now: number): number {
    const px = pixelsOf(turn);
    const direction = -Math.sign(px);
    if (direction === 0) return 0;
    const isNotch = Math.abs(px) >= NOTCH_PX;
    const begins = now - this.#at > FORGOTTEN_MS;
    if (begins) this.#notched = isNotch;
    if (begins || direction !== this.#direction) this.#levels = 0;
    this.#at = now;
    this.#direction = direction;
    this.#levels -= this.#notched && isNotch ? notchesOf(px) : px / (turn.ctrlKey ? PINCHED_LEVEL_PX : LEVEL_PX);
    // At half a level: so it follows the fingers, and a whole one is reached in the middle of it.
    const whole = direction * Math.floor(direction * this.#levels + 0.5);
    if (whole === 0) return 0;
    this.#levels -= whole;
    return whole;
  }
}

function pixelsOf({ deltaY, deltaMode }: Turn): number {
  if (deltaMode === WheelEvent.DOM_DELTA_LINE) return deltaY * PX_A_LINE;
  return deltaMode === WheelEvent.DOM_DELTA_PAGE ? deltaY * PX_A_PAGE : deltaY;
}

const notchesOf = (px: number) => Math.sign(px) * Math.max(1, Math.round(Math.abs(px) / LEVEL_PX));

/** Returns what ends it. */
export function zoomByWheel(map: LeafletMap): () => void {
  const levels = new WheelLevels();
  const room = map.getContainer();
  let zooming = false;
  /** Levels that wait for the end of a zoom that is under way, and where the pointer was last. */
  let waiting = 0;
  let at: Point | null = null;

  const zoom = () => {
    if (zooming || waiting === 0 || at === null) return;
    const before = map.getZoom();
    const wanted = Math.min(map.getMaxZoom(), Math.max(map.getMinZoom(), before + waiting));
    waiting = 0;
    if (wanted !== before) map.setZoomAround(at, wanted);
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    waiting += levels.add(event, event.timeStamp);
    at = map.mouseEventToContainerPoint(event);
    zoom();
  };
  const onZoomStart = () => {
    zooming = true;
  };
  const onZoomEnd = () => {
    zooming = false;
    // Not before all have been told of the end of this one.
    queueMicrotask(zoom);
  };
  const onDragStart = () => {
    waiting = 0;
  };
  room.addEventListener('wheel', onWheel, { passive: false });
  map.on('zoomstart', onZoomStart).on('zoomend', onZoomEnd).on('dragstart', onDragStart);
  return () => {
    waiting = 0;
    room.removeEventListener('wheel', onWheel);
    map.off('zoomstart', onZoomStart).off('zoomend', onZoomEnd).off('dragstart', onDragStart);
  };
}
