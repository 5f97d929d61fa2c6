/** Where the probe of the latency row stands at each of its steps, and when each step was first to be seen. */

/** The entity's name: the key of its records. */
export const PROBE = 'probe';
export const PROBE_EVERY_MS = 200;
/**
 * Places in a square of so many by so many around the centre of the app's first view, so far apart, degrees: some 8 px
 * at that view's zoom of 9. The probe takes 13 s for all of them: a sight is never taken for one of an earlier round.
 */
const ACROSS = 8;
const PLACES = ACROSS * ACROSS;
const CENTRE = { lat: 59.8, lon: 24.9 };
const APART = { lat: 0.011, lon: 0.022 };

/** @param {number} step */
export const placeOfStep = (step) => step % PLACES;

/** `step` counts from 0. @param {number} step */
export function probePlace(step) {
  const place = placeOfStep(step);
  const row = Math.floor(place / ACROSS) - (ACROSS - 1) / 2;
  const column = (place % ACROSS) - (ACROSS - 1) / 2;
  return { lat: CENTRE.lat + row * APART.lat, lon: CENTRE.lon + column * APART.lon };
}

/** World pixels (EPSG:3857, 256 px tiles). @param {{ lat: number, lon: number }} place @param {number} zoom */
export function worldPixel({ lat, lon }, zoom) {
  const scale = 256 * 2 ** zoom;
  const sin = Math.sin((lat * Math.PI) / 180);
  const y = (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * scale;
  return { x: ((lon + 180) / 360) * scale, y };
}

/**
 * Which of the probe's places, counted from 0, is within 3 px of a place on the map; -1 for none.
 *
 * @param {{ x: number, y: number }} offset px from the map's centre
 * @param {{ lat: number, lon: number, zoom: number }} view
 */
export function placeNumber(offset, view) {
  const centre = worldPixel(view, view.zoom);
  for (let place = 0; place < PLACES; place++) {
    const { x, y } = worldPixel(probePlace(place), view.zoom);
    if (Math.hypot(x - centre.x - offset.x, y - centre.y - offset.y) < 3) return place;
  }
  return -1;
}

/**
 * Pairs what was sent with what was seen, both in the order of time. A step that no frame showed, because a later one
 * had come by then, counts as seen with that later one. Steps sent after the last sight are left out.
 *
 * @param {readonly { step: number, at: number }[]} sent epoch ms
 * @param {readonly { place: number, at: number }[]} sights place number, epoch ms
 * @returns {number[]} ms from sent to seen
 */
export function sentToSeen(sent, sights) {
  const taken = [];
  let next = 0;
  for (const { place, at } of sights) {
    const found = sent.findIndex((one, i) => i >= next && placeOfStep(one.step) === place && one.at <= at);
    if (found === -1) continue;
    for (; next <= found; next++) taken.push(at - (sent[next]?.at ?? Number.NaN));
  }
  return taken;
}

/** @param {number} p between 0 and 1 @param {readonly number[]} values */
export const percentile = (p, values) =>
  [...values].sort((a, b) => a - b)[Math.floor(p * (values.length - 1))] ?? Number.NaN;
