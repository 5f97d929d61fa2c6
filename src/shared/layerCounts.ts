/** The counts of a layer before anything has been read. */
import type { LayerCounts } from './contract';

export const noCounts = (topic: string): LayerCounts => ({
  topic,
  read: 0,
  shown: 0,
  late: 0,
  removed: 0,
  refused: 0,
  waiting: 0,
  backlog: null,
  entities: 0,
  hidden: 0,
  rate: 0,
  refusals: [],
});
