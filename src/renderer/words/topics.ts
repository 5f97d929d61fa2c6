/** A topic's row in words. */
import type { TopicDetail } from '../../shared/contract';
import { counted, perSecond } from './numbers';

/** "1,234 records · 120/s · 3 partitions". `records` is undefined until it has been asked for. */
export function topicWords(
  partitions: number,
  records: TopicDetail['records'] | undefined,
  rate: TopicDetail['rate'] | undefined,
): string {
  const parts = [counted(partitions, 'partition')];
  if (typeof rate === 'number') parts.unshift(perSecond(rate));
  if (records === null) parts.unshift('records not known');
  else if (records !== undefined) parts.unshift(counted(records, 'record'));
  return parts.join(' · ');
}
