import { describe, expect, it } from 'vitest';
import { readerEventWords } from '../../../src/main/streams/readerEventWords';

describe('what happened to a topic', () => {
  it('is told with its size and what to do: records that are gone before they could be read', () => {
    expect(readerEventWords('ships', { kind: 'gap', partition: 2, from: 10, to: 1_510 })).toEqual({
      level: 'warning',
      message: 'ships, partition 2: 1,500 records were deleted from Kafka before they could be read.',
      action: "Raise the topic's retention to keep records longer.",
    });
    expect(readerEventWords('ships', { kind: 'gap', partition: 2, from: 10, to: 11 }).message).toBe(
      'ships, partition 2: 1 record was deleted from Kafka before it could be read.',
    );
  });

  it('is told: records that had been read and are lost', () => {
    expect(readerEventWords('ships', { kind: 'truncated', partition: 0, from: 7, to: 9 })).toMatchObject({
      level: 'warning',
      message:
        'ships, partition 0: Kafka has lost its last 2 records, which had been read. Reading goes on behind what is left.',
    });
  });

  it('is told: partitions that have come', () => {
    const words = (partitions: number[]) => readerEventWords('ships', { kind: 'partitions-added', partitions }).message;
    expect(words([3])).toBe('ships has grown by a partition, read from its first record.');
    expect(words([3, 4])).toBe('ships has grown by 2 partitions, read from their first record.');
  });
});
