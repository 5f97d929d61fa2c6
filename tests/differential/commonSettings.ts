/**
 * Which settings of topics are compared: Kafka has some that the built-in broker has not, but it has to have all that the
 * built-in broker has. Left out are those that the Kafka of the tests is given when it starts, which are not its defaults.
 */
import { TOPIC_CONFIGS } from '../../src/broker/log/topicConfig.ts';
import type { Fields } from './allowedDifferences.ts';

const GIVEN_AT_START = ['file.delete.delay.ms', 'min.insync.replicas'];
const COMPARED: ReadonlySet<unknown> = new Set(
  TOPIC_CONFIGS.map(({ name }) => name).filter((name) => !GIVEN_AT_START.includes(name)),
);

/** By their names, since their order means nothing; there are none (null) where something is wrong. */
export function commonSettings(configs: readonly Fields[] | null): Fields | null {
  if (configs === null) return null;
  const compared = configs.filter(({ name }) => COMPARED.has(name));
  return Object.fromEntries(compared.map((config) => [String(config.name), config]));
}
