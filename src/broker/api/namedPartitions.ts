/** Kafka answers for each partition, and so leaves out a topic of which the request names no partition. */
export function withPartitions<T extends { readonly partitions: readonly unknown[] }>(topics: readonly T[]): T[] {
  return topics.filter(({ partitions }) => partitions.length > 0);
}
