/** A layer's status and figures in words, and the window's totals over all layers. */
import type { LayerCounts, LayerStatus } from '../../shared/contract';
import { count, counted } from './numbers';

export type Figure = 'read' | 'shown' | 'late' | 'removed' | 'refused' | 'waiting';

/** In the order they are always given, with what each one means. */
export const figures: readonly { name: Figure; meaning: string }[] = [
  { name: 'read', meaning: 'Records read from Kafka. Each ends as shown, late, removed or refused.' },
  { name: 'shown', meaning: 'Became the newest fix of their entity.' },
  { name: 'late', meaning: "Older than their entity's newest fix: they go into its trail and move nothing." },
  { name: 'removed', meaning: 'Records without a value: they take their entity off the map.' },
  { name: 'refused', meaning: 'Could not become a point. They stay in Kafka; the reasons are listed.' },
  { name: 'waiting', meaning: 'In Kafka, up to the newest offset known, and not read yet.' },
];
export const entitiesMeaning = 'Entities on the map now, without those taken off as stale.';
export const hiddenMeaning = 'Taken off the map because they had no fix for long. Kafka still has their records.';

export type Totals = Record<Figure | 'entities' | 'hidden', number>;

export function totals(all: readonly LayerCounts[]): Totals {
  const sum: Totals = { read: 0, shown: 0, late: 0, removed: 0, refused: 0, waiting: 0, entities: 0, hidden: 0 };
  for (const counts of all) {
    for (const name of Object.keys(sum) as (keyof Totals)[]) sum[name] += counts[name];
  }
  return sum;
}

/** The parts of the status line, in order: "2,867 read · 2,867 shown · … · 95 entities" when joined by " · ". */
export const statusParts = (sum: Totals): { text: string; meaning: string }[] => [
  ...figures.map(({ name, meaning }) => ({ text: `${count(sum[name])} ${name}`, meaning })),
  { text: counted(sum.entities, 'entity', 'entities'), meaning: entitiesMeaning },
];

export const statusText = (sum: Totals): string =>
  statusParts(sum)
    .map((part) => part.text)
    .join(' · ');

/** Partitions that are named one by one. */
const MOST_NAMED = 5;

export interface LayerStatusWords {
  readonly tone: 'good' | 'busy' | 'warning' | 'bad';
  readonly text: string;
}

/** "Partition 2 cannot be read: it has no leader; the other 5 are". More than a few partitions are only counted. */
function partlyWords(partitions: readonly number[], reason: string, all: number | undefined): string {
  const many = partitions.length > MOST_NAMED;
  const which = many ? `${count(partitions.length)} partitions` : partitions.join(', ');
  const subject = many ? which : `Partition${partitions.length === 1 ? '' : 's'} ${which}`;
  const others = all === undefined ? null : all - partitions.length;
  const rest = others === null ? '; the others are' : `; the other ${count(others)} ${others === 1 ? 'is' : 'are'}`;
  return `${subject} cannot be read: ${reason.replace(/\.$/, '')}${others === 0 ? '' : rest}`;
}

/** Records a second, and how many wait: a stream is live while that is no more than what a second of it brings. */
type Backlog = Pick<LayerCounts, 'rate' | 'waiting'>;

/** @param partitions of the topic; undefined while they are not known */
export function layerStatusWords(status: LayerStatus, backlog: Backlog, partitions?: number): LayerStatusWords {
  switch (status.kind) {
    case 'starting':
      return { tone: 'busy', text: 'Starting' };
    case 'reading':
      return { tone: 'good', text: backlog.waiting > backlog.rate ? 'Catching up' : 'Live' };
    case 'held-back':
      return { tone: 'busy', text: 'Waiting for the map' };
    case 'partly':
      return { tone: 'warning', text: partlyWords(status.partitions, status.reason, partitions) };
    case 'throttled':
      return {
        tone: 'warning',
        text: `Slowed down by the cluster's quota (${Number((status.ms / 1_000).toFixed(1))} s)`,
      };
    case 'retrying':
      return { tone: 'warning', text: `Retrying: ${status.reason}` };
    case 'done':
      return { tone: 'good', text: 'Read to the stop' };
    case 'failed':
      return { tone: 'bad', text: `Stopped: ${status.reason} ${status.action}` };
  }
}
