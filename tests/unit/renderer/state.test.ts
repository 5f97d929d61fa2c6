import { describe, expect, it } from 'vitest';
import { changed, emptyInject } from '../../../src/renderer/inject/injectState';
import { actionOf } from '../../../src/renderer/keyboard/shortcuts';
import { readFleet } from '../../../src/renderer/simulate/fleetSpec';
import { readSpeed, speedChoices } from '../../../src/renderer/simulate/playSpeeds';
import { topicFromFile } from '../../../src/renderer/simulate/simulateState';
import { countsOf, fromSnapshot, untold, withLayer } from '../../../src/renderer/state/mainState';
import { followed } from '../../../src/renderer/state/selection';
import { addToast } from '../../../src/renderer/state/toasts';
import { type Layer, type Snapshot, simulationSpec } from '../../../src/shared/contract';

const layer = (topic: string, stream: number): Layer => ({
  topic,
  stream,
  start: { kind: 'now' },
  style: { color: '#1f78d1', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null },
  status: { kind: 'reading' },
});

describe('what the main process has told', () => {
  const snapshot: Snapshot = {
    ...untold,
    version: '1',
    view: { lat: 1, lon: 2, zoom: 3 },
    panels: { left: true, right: true, rightTab: 'inject' },
    topics: [{ name: 'old', partitions: 1, records: 0 }],
  };

  it('is the snapshot, with the events that overtook it on top', () => {
    const topics = [{ name: 'new', partitions: 1, records: 0 }];
    const state = fromSnapshot(snapshot, { topics });
    expect(state).toMatchObject({ version: '1', topics, startView: snapshot.view, phase: { kind: 'ready' } });
    expect(state).not.toHaveProperty('panels');
  });

  it('has one layer a topic', () => {
    expect(withLayer([layer('a', 1)], layer('b', 2)).map((one) => one.stream)).toEqual([1, 2]);
    expect(withLayer([layer('a', 1), layer('b', 2)], layer('a', 3)).map((one) => one.stream)).toEqual([3, 2]);
  });

  it('has zeroes for a layer that was not counted yet', () => {
    expect(countsOf([], 'a')).toMatchObject({ topic: 'a', read: 0, refusals: [] });
  });
});

describe('the selected entity', () => {
  const fix = {
    stream: 1,
    entity: 2,
    id: 'x',
    lat: 0,
    lon: 0,
    time: 0,
    heading: null,
    speed: null,
    partition: 0,
    offset: '1',
    trail: 0,
    stale: false,
  };
  const selected = { fix, topic: 'a', gone: false };

  it('follows its own fixes, and keeps the last one when it has gone', () => {
    expect(followed(selected, { ...fix, offset: '2' })?.fix.offset).toBe('2');
    expect(followed(selected, { ...fix, entity: 9 })).toBe(selected);
    expect(followed(selected, null)).toEqual({ ...selected, gone: true });
    expect(followed(null, fix)).toBeNull();
  });
});

describe('the inject form', () => {
  it('fills both coordinates from a pair typed into one', () => {
    const state = { ...emptyInject, ...changed(emptyInject, 'lon', '59.7, 24.9') };
    expect(state.form).toMatchObject({ lat: '59.7', lon: '24.9' });
    expect([...state.touched].sort()).toEqual(['lat', 'lon']);
    expect(changed(emptyInject, 'key', '59.7, 24.9').form?.key).toBe('59.7, 24.9');
  });
});

describe('the fleet form', () => {
  const area = { south: 57.9, west: 21.1, north: 60.6, east: 389.9 };
  const form = { topic: 'fleet', entities: '1,000', rate: '0.5', seed: '7' };

  it('makes a simulation that the contract takes', () => {
    const read = readFleet(form, { ...area, east: 29.9 });
    expect(read.ok && simulationSpec.parse(read.spec)).toEqual({
      topic: 'fleet',
      entities: 1000,
      rate: 0.5,
      seed: 7,
      area: { south: 57.9, west: 21.1, north: 60.6, east: 29.9 },
    });
    const world = readFleet(form, area);
    expect(world.ok && world.spec.area).toMatchObject({ west: -180, east: 180 });
  });

  it('says what is wrong, field by field', () => {
    const read = readFleet({ topic: '', entities: '1.5', rate: '0', seed: '-1' }, null);
    expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual(['area', 'entities', 'rate', 'seed', 'topic']);
  });
});

describe('playing a file', () => {
  it('offers speeds up to as fast as possible', () => {
    expect(speedChoices.map(({ label }) => label)).toEqual([
      '0.5×',
      '1×',
      '10×',
      '60×',
      '600×',
      '1,000×',
      '3,600×',
      'As fast as possible',
    ]);
    expect(speedChoices.map(({ value }) => readSpeed(value))).toEqual([0.5, 1, 10, 60, 600, 1000, 3600, null]);
  });

  it("makes a topic's name of the file's", () => {
    expect(['ais gulf.ndjson', 'Größe (1).gpx', '...', 'x'.repeat(300)].map(topicFromFile)).toEqual([
      'ais-gulf',
      'Gr-e-1',
      'playback',
      'x'.repeat(200),
    ]);
  });
});

describe('toasts', () => {
  const error = (id: number, message: string) => ({ id, level: 'error', message, action: '', reload: false }) as const;

  it('count up where the same is said again, and let the oldest go', () => {
    const twice = addToast(addToast([], error(1, 'a')), error(2, 'a'));
    expect(twice).toEqual([{ ...error(2, 'a'), times: 2 }]);
    const many = ['b', 'c', 'd', 'e'].reduce((all, message, id) => addToast(all, error(id + 3, message)), twice);
    expect(many.map((one) => one.message)).toEqual(['b', 'c', 'd', 'e']);
  });
});

describe('keys', () => {
  const press = { modified: false, typing: false };

  it('mean something outside of fields only, but Esc always', () => {
    expect(actionOf({ ...press, key: '?' })).toBe('help');
    expect(actionOf({ ...press, key: '[' })).toBe('fold-left');
    expect(actionOf({ ...press, key: 'i' })).toBe('inject');
    expect(actionOf({ ...press, key: 'i', typing: true })).toBeNull();
    expect(actionOf({ ...press, key: 'i', modified: true })).toBeNull();
    expect(actionOf({ ...press, key: 'Escape', typing: true })).toBe('close');
    expect(actionOf({ ...press, key: 'Enter' })).toBeNull();
  });
});
