import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEventTime } from '../../../src/geo/eventTime';

const at = Date.UTC(2014, 7, 15, 19, 0, 0, 363);

describe('event time', () => {
  it.each([
    ['2014-08-15T19:00:00.363Z', at],
    ['2014-08-15T21:00:00.363+02:00', at],
    ['2014-08-15T12:00:00.363-0700', at],
    ['2014-08-15 19:00:00.363', at],
    ['2014-08-15 19:00:00.363000', at],
    ['2014-08-15T19:00:00.363', at],
    ['2014-08-15T19:00Z', Date.UTC(2014, 7, 15, 19)],
    ['2014-08-15', Date.UTC(2014, 7, 15)],
    ['1408129200', 1_408_129_200_000],
    ['1408129200363', 1_408_129_200_363],
    [1_408_129_200, 1_408_129_200_000],
    [1_408_129_200.5, 1_408_129_200_500],
    [1_408_129_200_363, 1_408_129_200_363],
    [0, 0],
  ])('reads %j', (value, expected) => {
    expect(parseEventTime(value)).toBeCloseTo(expected, 3);
  });

  it('keeps the microseconds of YYYY-MM-DD HH:MM:SS.ffffff', () => {
    expect(parseEventTime('2014-08-15 19:00:00.123456')).toBeCloseTo(Date.UTC(2014, 7, 15, 19) + 123.456, 2);
  });

  it.each([
    '',
    'yesterday',
    '2014-02-31',
    '2014-13-01',
    '2014-08-15T25:00:00Z',
    '2014-08-15T19:61:00Z',
    'Fri Aug 15 2014',
    '1e5',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    null,
    undefined,
    true,
    {},
    [],
    '9'.repeat(100),
  ])('takes %j for no time', (value) => {
    expect(parseEventTime(value)).toBeNull();
  });

  it('reads back what Date writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(parseEventTime(date.toISOString())).toBeCloseTo(date.getTime(), 3);
        },
      ),
    );
  });
});
