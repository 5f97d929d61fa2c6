/** What happened to a topic under its reader, in words. */
import type { ReaderEvent } from '../kafka/reading';

export interface EventWords {
  readonly level: 'info' | 'warning';
  readonly message: string;
  readonly action: string | null;
}

const counted = (records: number) => `${records.toLocaleString('en-US')} ${records === 1 ? 'record' : 'records'}`;

export function readerEventWords(topic: string, event: ReaderEvent): EventWords {
  switch (event.kind) {
    case 'gap': {
      const { partition, from, to } = event;
      const were = to - from === 1 ? 'was deleted from Kafka before it' : 'were deleted from Kafka before they';
      return {
        level: 'warning',
        message: `${topic}, partition ${partition}: ${counted(to - from)} ${were} could be read.`,
        action: "Raise the topic's retention to keep records longer.",
      };
    }
    case 'truncated':
      return {
        level: 'warning',
        message: `${topic}, partition ${event.partition}: Kafka has lost its last ${counted(event.to - event.from)}, which had been read. Reading goes on behind what is left.`,
        action: 'Ask the owner of the cluster about unclean leader elections.',
      };
    case 'partitions-added': {
      const { partitions } = event;
      const one = partitions.length === 1;
      return {
        level: 'info',
        message: `${topic} has grown by ${one ? 'a partition' : `${partitions.length} partitions`}, read from ${one ? 'its' : 'their'} first record.`,
        action: null,
      };
    }
  }
}
