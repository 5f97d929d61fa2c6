/** The pictures that both painters are to paint alike: what maps have, each thing once by itself and all at once. */
import { seededRandom } from '../../../src/geo/motion';
import { mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { Density } from '../../../src/renderer/map/worker/density';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import type { DrawnStream, Emphasis, Subject } from '../../../src/renderer/map/worker/painter';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import type { LayerMeasure } from '../../../src/shared/contract';
import { batchOf, type TestRecord } from '../../unit/map/batches';

const NOW = 1_700_000_000_000;
const STALE = NOW - 600_000;
const RED = '#e03131';
const BLUE = '#1971c2';
const GREEN = '#2f9e44';
const nobody: Emphasis = { selected: null, hovered: null };

interface ViewSpec {
  readonly lat?: number;
  readonly lon?: number;
  readonly zoom?: number;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
}

function viewOf({ lat = 59.8, lon = 24.9, zoom = 8, width = 480, height = 320, scale = 1 }: ViewSpec): FrameView {
  const world = worldSize(zoom);
  return {
    zoom,
    x: mercatorX(lon) * world - width / 2,
    y: mercatorY(lat) * world - height / 2,
    width: Math.ceil((width * scale) / 8) * 8,
    height: Math.ceil(height * scale),
    scale,
    viewport: { x: 0, y: 0, width, height },
  };
}

interface Fleet {
  readonly count: number;
  readonly seed?: number;
  /** Room round the centre, degrees. */
  readonly centre?: readonly [number, number];
  readonly room?: readonly [number, number];
  readonly fixes?: number;
  /** Degrees from fix to fix. */
  readonly step?: number;
  readonly headings?: 'all' | 'some' | 'none';
  /** Every so many is faded. */
  readonly faded?: number;
}

function recordsOf(fleet: Fleet): TestRecord[] {
  const { count, seed = 7, centre = [59.8, 24.9], room = [0.9, 2.4], fixes = 1, step = 0.03 } = fleet;
  const { headings = 'some', faded = 0 } = fleet;
  const random = seededRandom(seed);
  const wrapped = (lon: number) => lon - 360 * Math.floor((lon + 180) / 360);
  const records: TestRecord[] = [];
  for (let entity = 0; entity < count; entity++) {
    let lat = centre[0] + (random() - 0.5) * room[0];
    let lon = centre[1] + (random() - 0.5) * room[1];
    let course = random() * 360;
    const pointed = headings === 'all' || (headings === 'some' && random() < 0.6);
    const last = faded > 0 && entity % faded === 0 ? STALE : NOW;
    for (let fix = 0; fix < fixes; fix++) {
      course += (random() - 0.5) * 60;
      lat += step * Math.cos((course * Math.PI) / 180) * 0.5;
      lon += step * Math.sin((course * Math.PI) / 180);
      const time = last - 1_000 * (fixes - 1 - fix);
      records.push({ entity, time, lat, lon: wrapped(lon), ...(pointed ? { heading: course } : {}) });
    }
  }
  return records;
}

class Streams {
  readonly trails = new TrailRing(200_000);
  readonly all: DrawnStream[] = [];

  add(
    records: readonly TestRecord[],
    color: string,
    trails = false,
    visible = true,
    measure: LayerMeasure | null = null,
  ): this {
    const stream = this.all.length + 1;
    const store = new EntityStore(this.trails);
    const style = { color, visible, trails, fadeAfterMs: 300_000, hideAfterMs: null, measure };
    store.setStaleness(style, NOW);
    store.apply(batchOf(records, 0, 0, stream), NOW);
    // The clock is the newest fix; a fleet that is all stale needs somebody who is not.
    store.settle(NOW);
    this.all.push({ stream, style, store });
    return this;
  }

  /** The last of so many fixes comes two seconds after those before it, and everybody is on the way there. */
  addGliding(fleet: Fleet & { readonly fixes: number }, color: string, part: number): this {
    const records = recordsOf({ ...fleet, faded: 0 });
    const last = (_: TestRecord, i: number) => i % fleet.fixes === fleet.fixes - 1;
    this.add([], color, true);
    const store = this.all.at(-1)?.store;
    if (!store) throw new Error('there is no stream');
    store.setSmooth(true);
    store.apply(batchOf(records.filter((record, i) => !last(record, i))), NOW - 2_000);
    store.apply(batchOf(records.filter(last), fleet.count), NOW);
    store.moveOn(NOW + 2_000 * part);
    return this;
  }

  subject(view: ViewSpec, more: Partial<Pick<Subject, 'theme' | 'emphasis'>> = {}): Subject {
    return {
      streams: this.all,
      trails: this.trails,
      view: viewOf(view),
      theme: 'light',
      emphasis: nobody,
      density: null,
      onlyTrails: false,
      ...more,
    };
  }
}

/** As the density view. */
function asDensity(subject: Subject): Subject {
  const density = new Density();
  density.wish('density');
  return { ...subject, density: density.of(1, subject.streams, subject.view) };
}

/** Every seventh has no number, and a few lie beyond the ends of a scale from 10 to 90. */
const numbered = (fleet: Fleet): TestRecord[] =>
  recordsOf(fleet).map((record) => (record.entity % 7 === 6 ? record : { ...record, measure: record.entity % 101 }));
const measuredBy = (by: LayerMeasure['by'], min: number | null = null, max: number | null = null) =>
  ({ field: 'depth', by, min, max }) as const;

const everything = () =>
  new Streams()
    .add(recordsOf({ count: 120, fixes: 12, faded: 4 }), RED, true)
    .add(recordsOf({ count: 80, seed: 11, fixes: 30, step: 0.05 }), BLUE, true)
    .add(recordsOf({ count: 60, seed: 13, headings: 'all', faded: 3 }), GREEN);
const emphasis: Emphasis = { selected: { stream: 1, entity: 4 }, hovered: { stream: 3, entity: 3 } };

/** So large that a helper stamps a part of it. */
export const largeCrowd = () => new Streams().add(recordsOf({ count: 160_000, room: [0.6, 1.6] }), RED).subject({});

export const scenes: Readonly<Record<string, () => Subject>> = {
  'marks without a heading': () => new Streams().add(recordsOf({ count: 150, headings: 'none' }), RED).subject({}),
  'marks with a heading': () => new Streams().add(recordsOf({ count: 150, headings: 'all' }), RED).subject({}),
  'marks on one another, of three layers, one of them hidden': () =>
    new Streams()
      .add(recordsOf({ count: 300, seed: 1, room: [0.4, 1] }), RED)
      .add(recordsOf({ count: 300, seed: 2, room: [0.4, 1] }), GREEN, true, false)
      .add(recordsOf({ count: 300, seed: 3, room: [0.4, 1] }), BLUE)
      .subject({}),
  'faded marks among fresh ones, dark': () =>
    new Streams().add(recordsOf({ count: 400, faded: 2 }), RED).subject({}, { theme: 'dark' }),
  'a crowd of 25,000': () =>
    new Streams().add(recordsOf({ count: 25_000, room: [0.6, 1.6], faded: 3 }), RED).subject({}),
  'a crowd of 25,000, dark, with 2 device pixels a pixel': () =>
    new Streams()
      .add(recordsOf({ count: 25_000, room: [0.6, 1.6], faded: 3 }), BLUE)
      .subject({ scale: 2 }, { theme: 'dark' }),
  'a crowd of 30,000 without headings, of two layers, with one selected and one hovered': () =>
    new Streams()
      .add(recordsOf({ count: 20_000, faded: 3, headings: 'none' }), RED)
      .add(recordsOf({ count: 10_000, seed: 3, headings: 'none' }), BLUE)
      .subject({}, { emphasis: { selected: { stream: 1, entity: 8 }, hovered: { stream: 2, entity: 5 } } }),
  'headings packed in one place and not in another, where the world is seen twice': () =>
    new Streams()
      .add(recordsOf({ count: 24_000, centre: [10, 0], room: [30, 60], headings: 'all', faded: 4 }), RED)
      .add(recordsOf({ count: 60, seed: 5, centre: [-20, 0], room: [60, 300], headings: 'all' }), BLUE)
      .add(recordsOf({ count: 900, seed: 9, centre: [-50, 40], room: [20, 60], headings: 'none' }), GREEN)
      .subject({ lat: 0, lon: 180, zoom: 1, width: 1_024, height: 360, scale: 1.25 }),
  'trails of one colour': () =>
    new Streams().add(recordsOf({ count: 60, fixes: 40, step: 0.05, faded: 4 }), RED, true).subject({}),
  'trails of three colours across one another': () =>
    new Streams()
      .add(recordsOf({ count: 40, seed: 1, fixes: 40, step: 0.06 }), RED, true)
      .add(recordsOf({ count: 40, seed: 2, fixes: 40, step: 0.06 }), BLUE, true)
      .add(recordsOf({ count: 40, seed: 3, fixes: 40, step: 0.06 }), GREEN, true)
      .subject({}),
  'trails that are cut because of the crowd': () =>
    new Streams().add(recordsOf({ count: 12_000, fixes: 10, room: [3, 8], step: 0.02 }), RED, true).subject({}),
  'the ring of the selected mark and of the hovered one': () =>
    new Streams()
      .add(recordsOf({ count: 500, faded: 4 }), RED)
      .subject({}, { emphasis: { selected: { stream: 1, entity: 8 }, hovered: { stream: 1, entity: 5 } } }),
  'across the antimeridian': () =>
    new Streams()
      .add(recordsOf({ count: 90, centre: [10, 180], room: [14, 24], fixes: 14, step: 0.8 }), RED, true)
      .subject({ lat: 10, lon: 179.6, zoom: 4 }, { emphasis: { selected: { stream: 1, entity: 2 }, hovered: null } }),
  'several copies of the world': () =>
    new Streams()
      .add(recordsOf({ count: 200, centre: [10, 0], room: [120, 360], fixes: 5, step: 3 }), BLUE, true)
      .subject(
        { lat: 0, lon: 180, zoom: 1, width: 1_280, height: 400 },
        { emphasis: { selected: { stream: 1, entity: 7 }, hovered: null } },
      ),
  'a street, with the ends of trails far away': () =>
    new Streams()
      .add(recordsOf({ count: 30, room: [0.001, 0.003], fixes: 8, step: 0.0002 }), RED, true)
      .add(recordsOf({ count: 12, seed: 5, room: [0.001, 0.003], fixes: 4, step: 9 }), BLUE, true)
      .subject({ zoom: 18 }),
  'many layers, each with its colour': () => {
    const streams = new Streams();
    for (let i = 0; i < 40; i++) {
      const color = `#${((0x1f3a5c * (i + 3)) & 0xffffff).toString(16).padStart(6, '0')}`;
      streams.add(recordsOf({ count: 60, seed: 100 + i, headings: 'all', faded: 5 }), color);
    }
    return streams.subject({ scale: 1.5 });
  },
  'a number as a colour': () =>
    new Streams().add(numbered({ count: 300, faded: 5 }), RED, true, true, measuredBy('color')).subject({}),
  'a number as a size, dark, with 1.5 device pixels a pixel': () =>
    new Streams()
      .add(numbered({ count: 300, faded: 5 }), BLUE, false, true, measuredBy('size', 10, 90))
      .subject({ scale: 1.5 }, { theme: 'dark', emphasis: { selected: { stream: 1, entity: 99 }, hovered: null } }),
  'numbers as colours and sizes, of two layers, in a crowd': () =>
    new Streams()
      .add(numbered({ count: 15_000, room: [0.6, 1.6], faded: 3 }), RED, false, true, measuredBy('both'))
      .add(numbered({ count: 10_000, seed: 3, room: [0.6, 1.6] }), GREEN, false, true, measuredBy('color', null, 50))
      .subject({ scale: 2 }),
  'gliding from fix to fix, with trails': () =>
    new Streams()
      .addGliding({ count: 60, fixes: 8, step: 0.09 }, RED, 0.4)
      .addGliding({ count: 60, fixes: 2, seed: 9, step: 0.2, headings: 'all' }, BLUE, 0.7)
      .subject({}, { emphasis: { selected: { stream: 1, entity: 8 }, hovered: { stream: 2, entity: 5 } } }),
  'gliding across the antimeridian, dark, with 2 device pixels a pixel': () =>
    new Streams()
      .addGliding({ count: 90, centre: [10, 180], room: [14, 24], fixes: 6, step: 2 }, BLUE, 0.5)
      .subject({ lat: 10, lon: 179.6, zoom: 4, scale: 2 }, { theme: 'dark' }),
  'the density of two layers, with one selected': () =>
    asDensity(
      new Streams()
        .add(recordsOf({ count: 20_000, room: [0.3, 0.8], faded: 3 }), RED, true)
        .add(recordsOf({ count: 2_000, seed: 3, room: [0.9, 2.4] }), BLUE)
        .subject({}, { emphasis: { selected: { stream: 2, entity: 17 }, hovered: null } }),
    ),
  'the density, dark, with 1.1 device pixels a pixel, where cells are of different sizes': () =>
    asDensity(new Streams().add(recordsOf({ count: 9_000 }), GREEN).subject({ scale: 1.1 }, { theme: 'dark' })),
  'the density across the antimeridian, with 2 device pixels a pixel': () =>
    asDensity(
      new Streams()
        .add(recordsOf({ count: 3_000, centre: [10, 180], room: [14, 24] }), RED)
        .subject({ lat: 10, lon: 179.6, zoom: 4, scale: 2 }),
    ),
  'everything at once': () => everything().subject({}, { emphasis }),
  'everything at once, dark': () => everything().subject({}, { emphasis, theme: 'dark' }),
  'everything at once, with 1.25 device pixels a pixel': () => everything().subject({ scale: 1.25 }, { emphasis }),
  'everything at once, dark, with 2 device pixels a pixel': () =>
    everything().subject({ scale: 2 }, { emphasis, theme: 'dark' }),
};
