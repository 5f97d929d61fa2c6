import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  addToLineUp,
  change,
  changed,
  emptyInject,
  type LinedUp,
  send,
  sendLineUp,
  sendWords,
  useInject,
} from '../../../src/renderer/inject/injectState';
import { actionOf } from '../../../src/renderer/keyboard/shortcuts';
import { readFleet } from '../../../src/renderer/simulate/fleetSpec';
import { readSpeed, speedChoices } from '../../../src/renderer/simulate/playSpeeds';
import { topicFromFile } from '../../../src/renderer/simulate/simulateState';
import { byName } from '../../../src/renderer/state/byName';
import { closeDialog, openDialog, useDialogs } from '../../../src/renderer/state/dialogs';
import { countsOf, fromSnapshot, untold, withLayer } from '../../../src/renderer/state/mainState';
import { followed } from '../../../src/renderer/state/selection';
import { addToast } from '../../../src/renderer/state/toasts';
import {
  type Layer,
  type Outgoing,
  type SendResult,
  type Snapshot,
  simulationSpec,
} from '../../../src/shared/contract';
import { defaultLimits } from '../../../src/shared/limitRanges';

const layer = (topic: string, stream: number): Layer => ({
  topic,
  stream,
  start: { kind: 'now' },
  stop: { kind: 'never' },
  style: { color: '#1f78d1', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null, measure: null },
  status: { kind: 'reading' },
});

describe('what the main process has told', () => {
  const snapshot: Snapshot = {
    ...untold,
    version: '1',
    view: { lat: 1, lon: 2, zoom: 3 },
    panels: { left: true, right: true, rightTab: 'inject' },
    limits: defaultLimits,
    painter: 'automatic',
    picture: 'marks',
    smoothMotion: false,
    topics: [{ name: 'old', partitions: 1 }],
  };

  it('is the snapshot, with the events that overtook it on top', () => {
    const topics = [{ name: 'new', partitions: 1 }];
    const state = fromSnapshot(snapshot, { topics });
    expect(state).toMatchObject({ version: '1', topics, startView: snapshot.view, phase: { kind: 'ready' } });
    expect(state).not.toHaveProperty('panels');
  });

  it('has one layer a topic', () => {
    expect(withLayer([layer('a', 1)], layer('b', 2)).map((one) => one.stream)).toEqual([1, 2]);
    expect(withLayer([layer('a', 1), layer('b', 2)], layer('a', 3)).map((one) => one.stream)).toEqual([3, 2]);
  });

  it('is found by name in a list, and anew in the list that replaces it', () => {
    const before = [{ name: 'a', partitions: 1 }];
    const after = [{ name: 'a', partitions: 2 }];
    expect(byName(before, 'a')).toBe(before[0]);
    expect(byName(after, 'a')).toBe(after[0]);
    expect(byName(after, 'b')).toBeUndefined();
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
    measure: null,
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

describe('what is sent from the inject form', () => {
  const acknowledged: SendResult = { kind: 'acknowledged', topic: 't', partition: 0, offset: '1', ms: 2, value: '{}' };
  const failed: SendResult = { kind: 'failed', topic: 't', message: 'No leader.', action: 'Try again.' };
  const row = (id: number, result: SendResult | null): LinedUp => ({
    id,
    outgoing: { topic: 't', key: `k${id}`, lat: 0, lon: 0, fields: {} },
    result,
  });
  afterEach(() => {
    useInject.setState(emptyInject);
    vi.unstubAllGlobals();
  });

  it('takes the answer to the last message away when the next one cannot be sent', async () => {
    useInject.setState({ answer: acknowledged });
    expect(await send()).toBe(false);
    expect(useInject.getState().answer).toBeNull();
    useInject.setState({ answer: acknowledged });
    expect(addToLineUp()).toBe(false);
    expect(useInject.getState().answer).toBeNull();
  });

  it('is never a row that was acknowledged already', async () => {
    const call = vi.fn(async (_: string, { messages }: { messages: Outgoing[] }) => ({
      ok: true,
      value: messages.map(() => acknowledged),
    }));
    vi.stubGlobal('window', { geostream: { call } });
    useInject.setState({ answer: acknowledged, lineUp: [row(1, acknowledged), row(2, failed)] });
    await sendLineUp();
    await sendLineUp();
    expect(call.mock.calls.map(([, { messages }]) => messages.map(({ key }) => key))).toEqual([['k2']]);
    expect(useInject.getState()).toMatchObject({ answer: null, lineUp: [row(1, acknowledged), row(2, acknowledged)] });
  });

  it('is named on the button', () => {
    expect(sendWords([row(1, null), row(2, null), row(3, null)])).toBe('Send all (3)');
    expect(sendWords([row(1, acknowledged), row(2, failed)])).toBe('Send the 1 that failed');
    expect(sendWords([row(1, failed), row(2, failed)])).toBe('Send all (2)');
    expect(sendWords([row(1, acknowledged), row(2, failed), row(3, null)])).toBe('Send all (2)');
    expect(sendWords([row(1, acknowledged)])).toBe('All sent');
  });

  it('has no key that the map would refuse', () => {
    change('key', 'k'.repeat(513));
    expect(addToLineUp()).toBe(false);
  });
});

describe('a dialog', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('remembers what had the focus, also when another one takes its place', () => {
    class FakeElement {
      closest = () => null;
    }
    const button = new FakeElement();
    vi.stubGlobal('HTMLElement', FakeElement);
    vi.stubGlobal('document', { activeElement: button, body: new FakeElement() });
    openDialog({ kind: 'help' });
    vi.stubGlobal('document', { activeElement: new FakeElement(), body: null });
    openDialog({ kind: 'create-topic' });
    closeDialog();
    expect(useDialogs.getState()).toEqual({ open: null, opener: button });
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

describe('a size that is out of its range', () => {
  const area = { south: 57.9, west: 21.1, north: 60.6, east: 29.9 };
  const wrong = (entities: string, rate: string) => {
    const read = readFleet({ topic: 'fleet', seed: '7', entities, rate }, area);
    return read.ok ? [] : [read.errors.entities, read.errors.rate];
  };

  it('is told its range, however it is written', () => {
    const most = ['At most 100,000 entities.', 'At most 50,000 messages a second.'];
    expect(wrong('1e9', '1e9')).toEqual(most);
    expect(wrong('100,001', '50,000.5')).toEqual(most);
    expect(wrong('0', '0')).toEqual(['At least one entity.', 'At least 0.1 messages a second.']);
    expect(wrong('many', '1,5')).toEqual([
      'A whole number from 1 to 100,000, such as 100.',
      'A number from 0.1 to 50,000, such as 60.',
    ]);
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
  const error = (id: number, message: string) =>
    ({ id, level: 'error', message, action: '', reload: false, button: null }) as const;

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
    expect(actionOf({ ...press, key: 'p' })).toBe('profiles');
    expect(actionOf({ ...press, key: 'i', typing: true })).toBeNull();
    expect(actionOf({ ...press, key: 'i', modified: true })).toBeNull();
    expect(actionOf({ ...press, key: 'Escape', typing: true })).toBe('close');
    expect(actionOf({ ...press, key: 'Enter' })).toBeNull();
  });
});
