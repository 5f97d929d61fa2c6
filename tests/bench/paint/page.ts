/**
 * The page of the paint row: the same moving points drawn by the app's own map, and by Leaflet's circle markers on a
 * canvas. Each function gives the milliseconds between frames on the page in which every point has moved.
 */
import 'leaflet/dist/leaflet.css';
import { canvas, circleMarker, Map as LeafletMap } from 'leaflet';
import { createMapView } from '../../../src/renderer/map/createMapView';
import type { PainterState } from '../../../src/renderer/map/mapView';
import { rendererWords } from '../../../src/renderer/words/painter';
import type { Feed } from './messages';
import { AIRCRAFT_STRIDE, EVERY_FRAME_STRIDE, movingPoints, VIEW } from './movingPoints';

const STREAM = 1;
const COLOR = '#e8590c';
/** Frames that are drawn before measuring starts. One of the reference takes seconds. */
const WARM_UP = 5;
const REFERENCE_WARM_UP = 1;
/** Fixes a second that the line is to carry. */
const FULL_RATE = 1_000_000;
/** Where fixes come at a rate, frames are measured from then on. */
const SETTLING_MS = 5_000;

function room(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'room';
  document.body.replaceChildren(element);
  return element;
}

/** The app's own line: encoded PointBatches in over a MessagePort, one of all points a frame; frames on the page out. */
async function own(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames)).values;
}

/** The same with smooth motion: in every frame all points are somewhere between two fixes. */
async function gliding(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { smooth: true })).values;
}

/** What the screen gives: the time between two frames of a page that has next to nothing to paint. */
async function screen(_count: number, frames: number): Promise<number[]> {
  const element = room();
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    const next = () => {
      times.push(performance.now());
      // Something changes, so that the frame is one that is shown.
      element.style.backgroundColor = times.length % 2 === 0 ? '#eee' : '#fff';
      if (times.length > WARM_UP + frames) return resolve();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  return intervals(times, WARM_UP);
}

/** As many fixes a second as there are points, one of each: every frame counts, and in each of them some have moved. */
async function paced(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { perSecond: count })).values;
}

/** The same with smooth motion. */
async function pacedGliding(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { perSecond: count, smooth: true })).values;
}

/** The same at the speed of aircraft, in place of several times the speed of sound. */
async function aircraft(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { perSecond: count, stride: AIRCRAFT_STRIDE })).values;
}

async function aircraftGliding(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { perSecond: count, stride: AIRCRAFT_STRIDE, smooth: true })).values;
}

/** The same so fast that in every frame each of them is on another pixel than in the one before. */
async function everyFrame(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { perSecond: count, stride: EVERY_FRAME_STRIDE, smooth: true }))
    .values;
}

/** At that speed, with as many fixes a second as are to be read at best. */
async function full(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, fullRate(count))).values;
}

async function fullGliding(count: number, frames: number): Promise<number[]> {
  return (await ownWith('pixels', count, frames, { ...fullRate(count), smooth: true })).values;
}

const fullRate = (count: number) => ({ perSecond: FULL_RATE, stride: (EVERY_FRAME_STRIDE * count) / FULL_RATE });

/** The same painted with WebGL, wherever it runs; null where there is none, or it does not paint what it should. */
async function webgl(count: number, frames: number): Promise<{ values: number[]; renderer: string } | null> {
  const { values, state } = await ownWith('webgl', count, frames);
  return state.kind === 'webgl' ? { values, renderer: rendererWords(state.renderer) } : null;
}

async function ownWith(
  painter: 'pixels' | 'webgl',
  count: number,
  frames: number,
  { smooth = false, perSecond = null, stride }: { smooth?: boolean; perSecond?: number | null; stride?: number } = {},
): Promise<{ values: number[]; state: PainterState }> {
  const element = room();
  const { port1, port2 } = new MessageChannel();
  const feeder = new Worker(new URL('./feeder.worker.ts', import.meta.url), { type: 'module' });
  const times: number[] = [];
  let before = 0;
  let painting: PainterState | null = null;
  const settled = performance.now() + SETTLING_MS;
  return new Promise((resolve, reject) => {
    feeder.onerror = (event) => reject(new Error(event.message));
    const map = createMapView(element, {
      view: VIEW,
      theme: 'light',
      painter,
      listeners: {
        onView() {},
        onHover() {},
        onCell() {},
        onPick() {},
        onMapClick() {},
        onSelection() {},
        onStats() {},
        onPainter(state) {
          if (state.kind === 'pixels' && state.why.kind === 'not-tried') return;
          painting = state;
          times.length = 0;
        },
        onFirstPoint() {},
        onRestart: (why) => reject(new Error(why)),
        onError: (message) => reject(new Error(message)),
        onFrame({ batches }) {
          // Where fixes come at a rate, every frame counts once all have had a second one, so that those glide that are to.
          // Else a frame counts only when all points have moved since the one before; where they glide they always have.
          const counts =
            perSecond !== null ? performance.now() >= settled : batches > before || (smooth && batches > 1);
          if (!counts) return;
          before = batches;
          if (!painting) return;
          times.push(performance.now());
          if (times.length <= WARM_UP + frames) return;
          map.close();
          feeder.terminate();
          resolve({ values: intervals(times, WARM_UP), state: painting });
        },
      },
    });
    map.setSmooth(smooth);
    map.connect(port2);
    map.setLayers([
      {
        stream: STREAM,
        topic: 'paint',
        style: {
          color: COLOR,
          visible: true,
          trails: false,
          fadeAfterMs: 300_000,
          hideAfterMs: 3_600_000,
          measure: null,
        },
      },
    ]);
    const { clientWidth: width, clientHeight: height } = element;
    const feed: Feed = {
      port: port1,
      stream: STREAM,
      count,
      width,
      height,
      perSecond,
      ...(stride === undefined ? {} : { stride }),
    };
    feeder.postMessage(feed, [port1]);
  });
}

/** `L.circleMarker` of the same size and colours on `L.canvas`, with `setLatLng` on all. */
const reference = (count: number, frames: number) => referenceWith(count, frames, count);

/** The same with `setLatLng` on as many a frame as have a fix in a sixtieth of a second. */
const pacedReference = (count: number, frames: number) => referenceWith(count, frames, Math.ceil(count / 60));

/** @param moved how many have moved in each frame, one after the other */
async function referenceWith(count: number, frames: number, moved: number): Promise<number[]> {
  const element = room();
  const points = movingPoints(count, element.clientWidth, element.clientHeight);
  const renderer = canvas();
  const map = new LeafletMap(element, {
    center: [VIEW.lat, VIEW.lon],
    zoom: VIEW.zoom,
    zoomControl: false,
    attributionControl: false,
    fadeAnimation: false,
  });
  const look = { renderer, radius: 3.5, weight: 1.25, color: '#ffffff', fillColor: COLOR, fillOpacity: 1 };
  const markers = Array.from({ length: count }, (_, i) =>
    circleMarker([points[0]?.lat[i] ?? 0, points[0]?.lon[i] ?? 0], look).addTo(map),
  );
  const times: number[] = [];
  let step = 0;
  await new Promise<void>((resolve) => {
    // Leaflet draws in the animation frame that its markers ask for; this callback comes right after it.
    const move = () => {
      times.push(performance.now());
      if (times.length > REFERENCE_WARM_UP + frames) return resolve();
      const { lat, lon } = points[++step % points.length] ?? { lat: [], lon: [] };
      for (let k = 0; k < moved; k++) {
        const i = (step * moved + k) % count;
        markers[i]?.setLatLng([lat[i] ?? 0, lon[i] ?? 0]);
      }
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  });
  map.remove();
  return intervals(times, REFERENCE_WARM_UP);
}

const intervals = (times: readonly number[], warmUp: number) =>
  times.slice(warmUp + 1).map((time, i) => time - (times[warmUp + i] ?? Number.NaN));

declare global {
  interface Window {
    paint: typeof painting;
  }
}
const painting = {
  screen,
  own,
  gliding,
  paced,
  pacedGliding,
  aircraft,
  aircraftGliding,
  everyFrame,
  full,
  fullGliding,
  webgl,
  reference,
  pacedReference,
};
window.paint = painting;
