import { describe, expect, it } from 'vitest';
import { createSequences } from '../../../src/main/kafka/sequences';

function open() {
  let given = 0;
  const sequences = createSequences(async () => ({ id: String(++given), epoch: 0 }));
  const next = async (partition: number) => {
    const { producer, first } = await sequences.next('t', partition);
    return [producer.id, first];
  };
  return { sequences, next };
}

describe('sequence numbers', () => {
  it('are used up by acknowledgements only, each partition by itself', async () => {
    const { sequences, next } = open();
    expect(await next(0)).toEqual(['1', 0]);
    expect(await next(0)).toEqual(['1', 0]);
    sequences.advance('t', 0, 5);
    expect(await next(0)).toEqual(['1', 5]);
    expect(await next(1)).toEqual(['1', 0]);
  });

  it('start anew under an id that the partition never had, once one is in doubt; other partitions go on', async () => {
    const { sequences, next } = open();
    await Promise.all([next(0), next(1)]);
    sequences.advance('t', 0, 5);
    sequences.advance('t', 1, 3);
    sequences.abandon('t', 0);
    expect(await next(0)).toEqual(['2', 0]);
    expect(await next(1)).toEqual(['1', 3]);
    sequences.abandon('t', 1);
    expect(await next(1)).toEqual(['2', 0]);
    sequences.abandon('t', 1);
    expect(await next(1)).toEqual(['3', 0]);
    expect(await next(0)).toEqual(['2', 0]);
  });

  it('go round behind 2^31 - 1, as the brokers expect', async () => {
    const { sequences, next } = open();
    await next(0);
    sequences.advance('t', 0, 2 ** 31 - 2);
    expect(await next(0)).toEqual(['1', 2 ** 31 - 2]);
    sequences.advance('t', 0, 2);
    expect(await next(0)).toEqual(['1', 0]);
  });

  it('ask again for an id that could not be had, and do without where the cluster gives none', async () => {
    let calls = 0;
    const failing = createSequences(async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return null;
    });
    await expect(failing.next('t', 0)).rejects.toThrow('away');
    expect(await failing.next('t', 0)).toEqual({ producer: { id: '-1', epoch: -1 }, first: -1 });
    failing.advance('t', 0, 5);
    expect(await failing.next('t', 0)).toEqual({ producer: { id: '-1', epoch: -1 }, first: -1 });
    expect(calls).toBe(2);
  });
});
