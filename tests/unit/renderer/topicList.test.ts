import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWords } from '../../../src/renderer/topics/emptyWords';
import { findTopics, sortTopics } from '../../../src/renderer/topics/findTopics';
import { topicsInView } from '../../../src/renderer/topics/topicsInView';
import { rowsInSight, scrollToRow } from '../../../src/renderer/topics/windowRows';
import { topicWords } from '../../../src/renderer/words/topics';
import { commands } from '../../../src/shared/contract';

const topics = (...names: string[]) => names.map((name) => ({ name, partitions: 1 }));

describe('the rows in sight', () => {
  it('are those of the window and a few beyond its edges', () => {
    expect(rowsInSight(5_000, 40, 0, 400)).toEqual({ first: 0, end: 16 });
    expect(rowsInSight(5_000, 40, 4_000, 400)).toEqual({ first: 94, end: 116 });
    expect(rowsInSight(5_000, 40, 199_600, 400)).toEqual({ first: 4_984, end: 5_000 });
  });

  it('are all of a short list, and none of an empty one', () => {
    expect(rowsInSight(3, 40, 0, 400)).toEqual({ first: 0, end: 3 });
    expect(rowsInSight(0, 40, 0, 400)).toEqual({ first: 0, end: 0 });
  });

  it('always cover the window, even when the list has just become shorter', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(500_000), fc.nat(2_000), (count, scrollTop, height) => {
        const { first, end } = rowsInSight(count, 40, scrollTop, height);
        const top = Math.max(0, Math.min(scrollTop, count * 40 - height));
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        expect(first * 40).toBeLessThanOrEqual(top);
        expect(end * 40).toBeGreaterThanOrEqual(Math.min(top + height, count * 40));
      }),
    );
  });

  it('move only as far as a row needs to be wholly in sight', () => {
    expect(scrollToRow(3, 40, 0, 400)).toBe(0);
    expect(scrollToRow(10, 40, 0, 400)).toBe(40);
    expect(scrollToRow(2, 40, 200, 400)).toBe(80);
  });
});

describe('the topics in view', () => {
  const rows = Array.from({ length: 300 }, (_, index) => `row-${index}`);

  it('are those on the map and the rows that can be seen, each once', () => {
    expect(topicsInView(['ais', 'b'], ['a', 'b', 'c'])).toEqual(['ais', 'b', 'a', 'c']);
    expect(topicsInView([], [])).toEqual([]);
  });

  it('are never more than the contract takes', () => {
    const names = topicsInView(['ais'], rows);
    expect(names).toHaveLength(200);
    expect(names[0]).toBe('ais');
    expect(commands['topics.inView'].input.safeParse({ topics: names }).success).toBe(true);
  });
});

describe("a topic's row", () => {
  it('says as much as is known', () => {
    expect(topicWords(3, 1234, 120)).toBe('1,234 records · 120/s · 3 partitions');
    expect(topicWords(1, 1, null)).toBe('1 record · 1 partition');
    expect(topicWords(2, null, null)).toBe('records not known · 2 partitions');
    expect(topicWords(2, undefined, undefined)).toBe('2 partitions');
  });
});

describe('the list of topics', () => {
  it("is by name, numbers by size, with Kafka's own last", () => {
    const sorted = sortTopics(topics('__consumer_offsets', 'b', 'a10', 'a9', 'A1'));
    expect(sorted.map(({ name }) => name)).toEqual(['A1', 'a9', 'a10', 'b', '__consumer_offsets']);
  });

  it('is searched by every word, in any case', () => {
    const all = topics('fleet.north.1', 'fleet.south.2', 'ais');
    expect(findTopics(all, 'NORTH fleet').map(({ name }) => name)).toEqual(['fleet.north.1']);
    expect(findTopics(all, '  ')).toBe(all);
    expect(findTopics(all, 'x')).toEqual([]);
  });
});

describe('an empty list of topics', () => {
  const empty = { loading: false, connected: true, all: 0, search: '' };

  it('says why it is empty', () => {
    expect(emptyWords({ ...empty, loading: true, connected: false })).toBe('Asking for the topics…');
    expect(emptyWords({ ...empty, connected: false })).toBe('Topics appear when the cluster can be reached.');
    expect(emptyWords({ ...empty, all: 3, search: ' x ' })).toBe('No topic has “x” in its name.');
    expect(emptyWords(empty)).toContain('No topics yet');
  });
});
