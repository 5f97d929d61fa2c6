import { describe, expect, it } from 'vitest';
import {
  firstStartForm,
  readStart,
  type StartForm,
  startChoices,
  startField,
} from '../../../src/renderer/topics/startForm';
import { startPosition } from '../../../src/shared/contract';

const read = (change: Partial<StartForm>) => readStart({ ...firstStartForm, ...change });

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
