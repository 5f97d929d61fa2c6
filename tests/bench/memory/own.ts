/**
 * The app's side of the memory row, and its reference: `own.mjs own|objects` tells its parent the bytes of a million
 * entities, of a million fixes of trails, of as many marks that are kept from frame to frame, and of what they take more to
 * glide, as `[bytes an entity, bytes a fix, bytes a mark, bytes a glide]`, in columns or as objects (which have neither marks
 * nor glides).
 */
import { EntityBudget, EntityIndex } from '../../../src/main/streams/decoding/entityIndex';
import { mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import { Scene } from '../../../src/renderer/map/worker/scene';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { limitRanges } from '../../../src/shared/limitRanges';
import type { PointBatch } from '../../../src/shared/pointBatch';

const COUNT = 1_000_000;
const BATCH = 8_192;
const FIXES = limitRanges.trailFixes.usual;
/** Frames after which a crowd of so many is kept: see keptMarks.ts. */
const KEPT_AFTER = 60;
const SOME_FRAMES = 10;

/** Bytes in use after a collection. */
function held(): number {
  global.gc?.();
  global.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const STYLE = { color: '#e8590c', visible: true, trails: false, fadeAfterMs: null, hideAfterMs: null, measure: null };
const VIEW_ZOOM = 5;
const VIEW: FrameView = {
  zoom: VIEW_ZOOM,
  x: mercatorX(0) * worldSize(VIEW_ZOOM),
  y: mercatorY(20) * worldSize(VIEW_ZOOM),
  width: 800,
  height: 800,
  scale: 1,
  viewport: { x: 0, y: 0, width: 800, height: 800 },
};

const idOf = (entity: number) => `ship-${230_000_000 + entity}`;

function batchAt(first: number): PointBatch {
  const count = Math.min(BATCH, COUNT - first);
  const column = () => new Float64Array(count).fill(1);
  // Side by side, all over the view.
  const degrees = (of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => 0.02 * of(first + i));
  const narrow = () => new Float32Array(count).fill(1);
  return {
    stream: 1,
    sequence: first / BATCH,
    count,
    lon: degrees((i) => i % 1_000),
    lat: degrees((i) => Math.floor(i / 1_000)),
    time: column(),
    offset: column(),
    entity: Uint32Array.from({ length: count }, (_, i) => first + i),
    heading: narrow(),
    speed: narrow(),
    measure: narrow(),
    partition: new Uint16Array(count),
    flags: new Uint8Array(count),
    firstNewEntity: first,
    // As they come out of a message: strings of their own.
    newEntities: Array.from({ length: count }, (_, i) => Buffer.from(idOf(first + i)).toString()),
    isBacklog: false,
  };
}

function own(): [number, number, number, number] {
  const start = held();
  const trails = new TrailRing(FIXES);
  const withRing = held();
  const store = new EntityStore(trails);
  const budget = new EntityBudget();
  budget.most = COUNT;
  const index = new EntityIndex(budget);
  for (let first = 0; first < COUNT; first += BATCH) {
    const batch = batchAt(first);
    store.apply(batch, 0);
    for (const id of batch.newEntities) index.of(id);
    index.takeAdded();
  }
  const full = held();
  if (store.entities !== COUNT || index.size !== COUNT) throw new Error('not all of them are held');
  const scene = new Scene();
  const subject = {
    streams: [{ stream: 1, style: STYLE, store }],
    trails,
    view: VIEW,
    theme: 'light',
    emphasis: { selected: null, hovered: null },
    density: null,
    onlyTrails: false,
  } as const;
  // Of a view that is another one each time nothing is kept; after some, what growing has left over is gone.
  let frame = 0;
  while (frame < SOME_FRAMES) scene.draw(++frame, { ...subject, view: { ...VIEW } });
  const drawn = held();
  // From the second frame of a view on it is kept, with its pixels; begun in parts, in as many frames.
  let inView = 0;
  while (frame < SOME_FRAMES + KEPT_AFTER) ({ inView } = scene.draw(++frame, subject));
  const kept = held() - 2 * 4 * VIEW.width * VIEW.height;
  if (inView !== COUNT) throw new Error('not all of them are drawn');
  const resting = held();
  store.setSmooth(true);
  const gliding = held();
  return [(full - withRing) / COUNT, (withRing - start) / FIXES, (kept - drawn) / COUNT, (gliding - resting) / COUNT];
}

function objects(): [number, number] {
  const start = held();
  const entities = new Map<string, object>();
  for (let i = 0; i < COUNT; i++) {
    entities.set(idOf(i), {
      lat: i + 0.5,
      lon: 1.5,
      time: 1.7e12 + i,
      heading: 1.5,
      speed: 2.5,
      partition: 0,
      offset: i,
    });
  }
  const withEntities = held();
  const fixes = Array.from({ length: FIXES }, (_, i) => ({ lat: i + 0.5, lon: 1.5, time: 1.7e12 + i }));
  const full = held();
  if (entities.size !== COUNT || fixes.length !== FIXES) throw new Error('not all of them are held');
  return [(withEntities - start) / COUNT, (full - withEntities) / FIXES];
}

process.once('disconnect', () => process.exit());
process.send?.(process.argv[2] === 'own' ? own() : objects());
