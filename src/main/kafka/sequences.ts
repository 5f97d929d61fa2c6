/**
 * Idempotence (KIP-98): each batch carries a producer id and the sequence number of its first record in its partition,
 * by which the broker knows a batch that it has already. A number is used up by an acknowledgement only. When the fate
 * of a batch stays unknown, so does the next number, and another batch under it could be taken for the lost one and
 * acknowledged unwritten: that partition goes on under a fresh producer id.
 */

export interface ProducerId {
  /** 64 bits, as text. */
  readonly id: string;
  readonly epoch: number;
}

export interface Sequence {
  readonly producer: ProducerId;
  /** Of the batch's first record. */
  readonly first: number;
}

/** For clusters that give no producer ids: nothing is recognised, and what is sent again is written again. */
const WITHOUT_ID: Sequence = { producer: { id: '-1', epoch: -1 }, first: -1 };

/** Sequences go round from 2^31 - 1 to 0. */
const ROUND = 2 ** 31;

export interface Sequences {
  /** For the next batch of a partition; the same until `advance` or `abandon`. */
  next(topic: string, partition: number): Promise<Sequence>;
  /** The batch was acknowledged. */
  advance(topic: string, partition: number, records: number): void;
  abandon(topic: string, partition: number): void;
}

/** `askForId` gives a producer id that nobody has; null: the cluster gives none. */
export function createSequences(askForId: () => Promise<ProducerId | null>): Sequences {
  const used = new Map<string, Sequence>();
  let current: Promise<ProducerId | null> | undefined;
  /** What `current` came to. */
  let currentId: ProducerId | null | undefined;
  const name = (topic: string, partition: number) => `${topic}-${partition}`;

  async function freshId(): Promise<ProducerId | null> {
    if (!current) {
      const asked = askForId();
      current = asked;
      asked.then(
        (id) => {
          currentId = id;
        },
        () => {
          current = undefined;
        },
      );
    }
    return current;
  }

  return {
    next: async (topic, partition) => {
      const key = name(topic, partition);
      const known = used.get(key);
      if (known) return known;
      const producer = await freshId();
      if (producer === null) return WITHOUT_ID;
      const sequence = { producer, first: 0 };
      used.set(key, sequence);
      return sequence;
    },
    advance: (topic, partition, records) => {
      const key = name(topic, partition);
      const sequence = used.get(key);
      if (sequence) used.set(key, { producer: sequence.producer, first: (sequence.first + records) % ROUND });
    },
    abandon: (topic, partition) => {
      const key = name(topic, partition);
      const producer = used.get(key)?.producer;
      used.delete(key);
      if (producer === undefined || producer !== currentId) return;
      current = undefined;
      currentId = undefined;
    },
  };
}
