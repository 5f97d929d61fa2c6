/** The topics that a search finds, in the order they are listed. */
import type { Topic } from '../../shared/contract';

/** Kafka's own topics (a leading "__") come last; the rest by name, numbers by their size. */
const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const internal = (name: string) => name.startsWith('__');

export function sortTopics(topics: readonly Topic[]): Topic[] {
  return topics.toSorted(
    (a, b) => Number(internal(a.name)) - Number(internal(b.name)) || order.compare(a.name, b.name),
  );
}

/** Every word of the search must occur in the name; capitals do not matter. */
export function findTopics(sorted: readonly Topic[], search: string): readonly Topic[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return sorted;
  return sorted.filter(({ name }) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  });
}
