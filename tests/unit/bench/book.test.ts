// What is kept of benchmark rows: the comparison with recorded ones, the table and the plot.
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { checkRows, compare, verdictWords } from '../../bench/book/check.mjs';
import { ratiosSvg } from '../../bench/book/ratios.mjs';
import { mergeRows, type RecordedRow } from '../../bench/book/recorded.mjs';
import { tableMarkdown } from '../../bench/book/table.mjs';

const circumstances = {
  date: '2026-01-02',
  short: false,
  machine: { cores: 2, memoryGib: 8, cpu: 'Some CPU', system: 'linux x64' },
  versions: { GeoStream: '0.1.0', Electron: '33.2.1' },
};

const row = (name: string, ratio: number, more: Partial<RecordedRow> = {}): RecordedRow => ({
  row: name,
  case: 'case',
  unit: 'ms',
  median: 100,
  min: 90,
  max: 110,
  reference: { name: 'bare', median: 100 * ratio },
  ratio,
  goal: { ratio: 2 },
  goalRatio: 2,
  met: ratio >= 2,
  circumstances,
  ...more,
});

const never = () => Promise.reject(new Error('nothing was to be measured again'));

describe('the check against recorded ratios', () => {
  it('holds down to two thirds of the recorded ratio, and falls below', () => {
    expect(compare(row('a', 2), [row('a', 3)]).kind).toBe('held');
    expect(compare(row('a', 1.99), [row('a', 3)])).toEqual({ kind: 'fell', name: 'a: case', before: 3, now: 1.99 });
  });

  it('compares no times', () => {
    const slower = row('a', 3, { median: 100_000, reference: { name: 'bare', median: 300_000 } });
    expect(compare(slower, [row('a', 3)]).kind).toBe('held');
  });

  it('names a row that is not recorded, and one whose ratio is not finite', () => {
    const news = compare(row('b', 1), [row('a', 3)]);
    expect(verdictWords(news)).toBe('b: case is not in docs/bench/rows.json, and was compared with nothing.');
    expect(compare(row('a', 1), [row('a', Number.POSITIVE_INFINITY)]).kind).toBe('no-ratio');
    expect(compare(row('a', Number.NaN), [row('a', 3)]).kind).toBe('no-ratio');
    expect(compare(row('a', Number.POSITIVE_INFINITY), [row('a', 3)]).kind).toBe('held');
  });

  it('measures nothing again while all rows hold', async () => {
    const { verdicts } = await checkRows([row('a', 3), row('b', 1)], [row('a', 3)], never);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['held', 'new']);
  });

  it('measures once more what fell, and lets the better one count', async () => {
    const recorded = [row('a', 3), row('b', 3), row('c', 3)];
    let times = 0;
    const again = async () => {
      times++;
      return [row('a', 2.9), row('b', 0.5), row('c', 9)];
    };
    const { rows, verdicts } = await checkRows([row('a', 1), row('b', 1), row('c', 3)], recorded, again);
    expect(times).toBe(1);
    expect(rows.map(({ ratio }) => ratio)).toEqual([2.9, 1, 3]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['held', 'fell', 'held']);
  });
});

it('rows that did not run stay, those that did take their place, and new ones come behind their like', () => {
  const before = [row('a', 1), row('b', 2)];
  const merged = mergeRows(before, [row('a', 5), row('a', 6, { case: 'other' }), row('c', 7)]);
  expect(merged.map((one) => [one.row, one.case, one.ratio])).toEqual([
    ['a', 'case', 5],
    ['a', 'other', 6],
    ['b', 'case', 2],
    ['c', 'case', 7],
  ]);
});

describe('the table', () => {
  it('has a line for each row, with the run that it is of', () => {
    const short = { ...circumstances, date: '2026-01-03', short: true };
    const text = tableMarkdown([row('a', 3), row('b', Number.POSITIVE_INFINITY, { circumstances: short })]);
    expect(text).toContain('| a | case | 100 ms (90 to 110) | bare: 300 ms | 3.00 | goal 2: met | 1 |');
    expect(text).toMatch(/\| b \|.*\| ∞ \| goal 2: met \| 2 \|/);
    expect(text).toContain(
      '1. 2026-01-02, on 2 cores (Some CPU) with 8 GiB, linux x64; GeoStream 0.1.0, Electron 33.2.1',
    );
    expect(text).toContain('2. 2026-01-03, with `--short`, on 2 cores');
  });

  it('says what has to be known of a row', () => {
    expect(tableMarkdown([row('a', 3, { note: 'at half the rate' })])).toContain('| a | case (at half the rate) |');
  });

  it('is not broken by a bar in a name', () => {
    expect(tableMarkdown([row('a|b', 3)])).toContain('| a\\|b | case |');
  });
});

/** Every element of the plot with its attributes; throws where it is no well-formed XML. */
function elements(svg: string) {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    found.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.write(svg).close();
  return found;
}

describe('the plot', () => {
  const parts = (rows: RecordedRow[], kind: string) =>
    elements(ratiosSvg(rows)).filter(({ attributes }) => attributes.class === kind);

  it('draws a bar from the line at 1: to the right for better, to the left for worse, as long in logarithms', () => {
    const rows = [row('better', 10), row('worse', 0.1, { met: null })];
    const one = Number(parts(rows, 'one')[0]?.attributes.x1);
    const [better, worse] = parts(rows, 'bar').map(({ attributes }) => ({
      x: Number(attributes.x),
      width: Number(attributes.width),
    }));
    expect(better?.x).toBe(one);
    expect(worse && worse.x + worse.width).toBeCloseTo(one, 0);
    expect(worse?.width).toBeCloseTo(better?.width ?? 0, 0);
  });

  it('draws a tick at the goal of each row that has one', () => {
    const rows = [row('a', 10, { goalRatio: 10 }), row('b', 10, { goal: null, goalRatio: null, met: null })];
    const [goal, ...others] = parts(rows, 'goal');
    const [bar] = parts(rows, 'bar');
    expect(others).toEqual([]);
    expect(Number(goal?.attributes.x1)).toBeCloseTo(Number(bar?.attributes.x) + Number(bar?.attributes.width), 0);
  });

  it('stays inside its frame and well-formed with ratios beyond all bounds and names of any letters', () => {
    const rows = [row('<&">', Number.POSITIVE_INFINITY), row('b', 0), row('c', 1e9), row('d', 1e-9)];
    for (const { attributes } of [...parts(rows, 'bar'), ...parts(rows, 'missed')]) {
      expect(Number(attributes.x)).toBeGreaterThanOrEqual(0);
      expect(Number(attributes.width)).toBeGreaterThanOrEqual(0);
      expect(Number(attributes.x) + Number(attributes.width)).toBeLessThanOrEqual(860);
    }
  });

  it('has colours for light and for dark', () => {
    expect(ratiosSvg([row('a', 1)])).toContain('prefers-color-scheme:dark');
  });
});
