import { describe, expect, it } from 'vitest';
import {
  firstRangeForm,
  readRange,
  readStart,
  readStop,
  type StartForm,
  type StopForm,
  startChoices,
  startField,
  stopChoices,
  stopField,
} from '../../../src/renderer/topics/startForm';
import { startPosition, stopPosition } from '../../../src/shared/contract';

const read = (change: Partial<StartForm>) => readStart({ ...firstRangeForm.start, ...change });
const readTo = (change: Partial<StopForm>) => readStop({ ...firstRangeForm.stop, ...change });
const range = (start: Partial<StartForm>, stop: Partial<StopForm>) =>
  readRange({ start: { ...firstRangeForm.start, ...start }, stop: { ...firstRangeForm.stop, ...stop } });

describe('where to start', () => {
  it.each<[Partial<StartForm>, unknown]>([
    [{ kind: 'now' }, { kind: 'now' }],
    [{ kind: 'committed' }, { kind: 'committed' }],
    [
      { kind: 'time', time: '2026-11-23 18:30' },
      { kind: 'time', at: Date.UTC(2026, 10, 23, 18, 30) },
    ],
    [
      { kind: 'time', time: '2026-11-23T18:30+02:00' },
      { kind: 'time', at: Date.UTC(2026, 10, 23, 16, 30) },
    ],
    [
      { kind: 'ago', minutes: '10' },
      { kind: 'ago', ms: 600_000 },
    ],
    [
      { kind: 'ago', minutes: '0.5' },
      { kind: 'ago', ms: 30_000 },
    ],
    [
      { kind: 'offset', offset: '1,000' },
      { kind: 'offset', offset: 1_000 },
    ],
    [
      { kind: 'last', records: '1 000 000' },
      { kind: 'last', records: 1_000_000 },
    ],
  ])('%j is read', (change, start) => {
    expect(read(change)).toEqual({ start });
    expect(startPosition.parse(start)).toEqual(start);
  });

  it.each<Partial<StartForm>>([
    { kind: 'time', time: '' },
    { kind: 'time', time: 'yesterday' },
    { kind: 'time', time: '1969-12-31' },
    { kind: 'ago', minutes: '0' },
    { kind: 'ago', minutes: '-5' },
    { kind: 'offset', offset: '-1' },
    { kind: 'offset', offset: '1.5' },
    { kind: 'offset', offset: '9999999999999999' },
    { kind: 'last', records: '0' },
    { kind: 'last', records: '1,00' },
    { kind: 'last', records: '2000000000' },
  ])('%j is told to be wrong', (change) => {
    expect(read(change)).toHaveProperty('error');
  });

  it('asks for a value where the kind needs one', () => {
    expect(startChoices.filter(({ value }) => startField(value) !== null).map(({ value }) => value)).toEqual([
      'time',
      'ago',
      'offset',
      'last',
    ]);
  });
});

describe('where to stop', () => {
  it.each<[Partial<StopForm>, unknown]>([
    [{ kind: 'never' }, { kind: 'never' }],
    [{ kind: 'end' }, { kind: 'end' }],
    [
      { kind: 'time', time: '2026-11-23T18:30+02:00' },
      { kind: 'time', at: Date.UTC(2026, 10, 23, 16, 30) },
    ],
    [
      { kind: 'offset', offset: '1,000' },
      { kind: 'offset', offset: 1_000 },
    ],
  ])('%j is read', (change, stop) => {
    expect(readTo(change)).toEqual({ stop });
    expect(stopPosition.parse(stop)).toEqual(stop);
  });

  it.each<Partial<StopForm>>([
    { kind: 'time', time: '' },
    { kind: 'time', time: 'tomorrow' },
    { kind: 'offset', offset: '' },
    { kind: 'offset', offset: 'x' },
  ])('%j is told to be wrong', (change) => {
    expect(readTo(change)).toHaveProperty('error');
  });

  it('asks for a value where the kind needs one', () => {
    expect(stopChoices.filter(({ value }) => stopField(value) !== null).map(({ value }) => value)).toEqual([
      'time',
      'offset',
    ]);
  });
});

describe('from a start to a stop', () => {
  it('reads for ever from the beginning unless something else is chosen', () => {
    expect(readRange(firstRangeForm)).toEqual({
      ok: true,
      range: { start: { kind: 'beginning' }, stop: { kind: 'never' } },
    });
  });

  it('says what is wrong with either', () => {
    expect(range({ kind: 'offset', offset: 'x' }, { kind: 'time', time: 'y' })).toEqual({
      ok: false,
      start: expect.stringContaining('offset'),
      stop: expect.stringContaining('time'),
    });
    expect(range({ kind: 'offset', offset: 'x' }, { kind: 'end' })).not.toHaveProperty('stop');
    expect(range({ kind: 'now' }, { kind: 'time', time: '' })).not.toHaveProperty('start');
  });

  it.each<[Partial<StartForm>, Partial<StopForm>]>([
    [{ kind: 'now' }, { kind: 'end' }],
    [
      { kind: 'time', time: '2026-11-23 18:30' },
      { kind: 'time', time: '2026-11-23 18:30' },
    ],
    [
      { kind: 'offset', offset: '10' },
      { kind: 'offset', offset: '9' },
    ],
  ])('%j to %j has nothing in it', (start, stop) => {
    expect(range(start, stop)).toEqual({ ok: false, stop: expect.any(String) });
  });

  it('may be a single offset', () => {
    expect(range({ kind: 'offset', offset: '10' }, { kind: 'offset', offset: '10' }).ok).toBe(true);
  });
});
