/** The topics of the first start on the built-in broker. Apart, for the entry needs them before all else is loaded. */
import type { NewTopic } from './kafka/kafkaClient';
import type { FirstFleet } from './settings/settingsFile';

export const DEFAULT_TOPIC = 'geostream';
export const FLEET_TOPIC = 'geostream.simulated';

const HOUR = 3_600_000;

export function topicsFor(fleet: FirstFleet): readonly NewTopic[] {
  const fleetTopic = { topic: FLEET_TOPIC, partitions: 1, retentionMs: HOUR };
  if (fleet === 'not-yet') return [{ topic: DEFAULT_TOPIC, partitions: 1, retentionMs: null }, fleetTopic];
  return fleet === 'running' ? [fleetTopic] : [];
}

/** The same as the broker's option --topic has it: it makes them of itself. None where nothing may be written. */
export const topicsAtStart = (fleet: FirstFleet, readOnly: boolean): readonly string[] =>
  readOnly ? [] : topicsFor(fleet).map(({ topic, retentionMs }) => `${topic},retention.ms=${retentionMs ?? -1}`);
