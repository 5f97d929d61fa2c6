/** What is wrong with a topic's name (org.apache.kafka.common.internals.Topic), or undefined. */
export function checkTopicName(name: string): string | undefined {
  if (name === '') return 'a topic name must not be empty';
  if (name === '.' || name === '..') return 'a topic name must not be "." or ".."';
  if (name.length > 249) return 'a topic name must not be longer than 249 characters';
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'a topic name may only hold a-z, A-Z, 0-9, ".", "_" and "-"';
  return undefined;
}
