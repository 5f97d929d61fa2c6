/** Which kafkajs is used, without loading it. */
import { createRequire } from 'node:module';

export function kafkajsVersion(): string {
  const description: unknown = createRequire(import.meta.url)('kafkajs/package.json');
  const isNamed = typeof description === 'object' && description !== null && 'version' in description;
  return isNamed ? String(description.version) : 'unknown';
}
