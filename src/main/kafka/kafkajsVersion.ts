/** Which kafkajs is used, without loading it. */
import * as modules from './kafkajsModules';

export function kafkajsVersion(): string {
  const description: unknown = modules.packageDescription();
  const isNamed = typeof description === 'object' && description !== null && 'version' in description;
  return isNamed ? String(description.version) : 'unknown';
}
