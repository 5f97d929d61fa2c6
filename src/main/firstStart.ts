/**
 * What a person sees at the first start, without a question asked: on the built-in broker, the topic `geostream`
 * waits for their records, and a small simulated fleet moves. On somebody's own cluster nothing is ever written
 * unasked; `geostream` is shown there if it exists.
 */
import { DEFAULT_TOPIC, FLEET_TOPIC, topicsFor } from './firstTopics';
import type { KafkaClient, NewTopic } from './kafka/kafkaClient';
import { KafkaError } from './kafka/kafkaError';
import type { Simulator } from './produce/simulator';
import type { SettingsStore } from './settings/settings';
import type { Layers } from './streams/layers';

/** Around the first view, over the Gulf of Finland. */
const FLEET = {
  topic: FLEET_TOPIC,
  entities: 60,
  area: { south: 59.48, west: 24.05, north: 60.12, east: 25.75 },
  rate: 120,
  seed: 1,
} as const;

export interface FirstStart {
  /** Call when the built-in broker listens and has a client, before anything is known of its topics but what it said. */
  listening(client: KafkaClient, topics: readonly string[]): void;
  /** Call whenever the cluster has become reachable. */
  connected(client: KafkaClient, builtIn: boolean): Promise<void>;
  /** Another cluster is used from now on: the fleet of the first start ends, and comes back with the built-in broker. */
  switched(): void;
  /** A simulation was stopped by the person; remembered when it is the first one. */
  fleetStopped(firstStart: boolean): void;
}

export interface FirstStartOptions {
  readonly settings: SettingsStore;
  readonly layers: Layers;
  readonly simulator: Simulator;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

async function ensureTopic(client: KafkaClient, topic: NewTopic): Promise<void> {
  try {
    await client.createTopic(topic);
  } catch (error) {
    if (error instanceof KafkaError && error.code === 'TOPIC_ALREADY_EXISTS') return;
    throw error;
  }
}

export function createFirstStart({ settings, layers, simulator, log }: FirstStartOptions): FirstStart {
  let done = false;

  /** With its topics there. */
  function begin(): void {
    if (settings.current.firstFleet === 'not-yet') {
      if (!layers.has(FLEET_TOPIC)) layers.add(FLEET_TOPIC, { kind: 'now' });
      if (!layers.has(DEFAULT_TOPIC)) layers.add(DEFAULT_TOPIC, { kind: 'beginning' });
      settings.change({ firstFleet: 'running' });
    }
    simulator.start(FLEET, true);
  }

  async function onBuiltIn(client: KafkaClient): Promise<void> {
    const { firstFleet } = settings.current;
    if (firstFleet === 'stopped') return;
    await Promise.all(topicsFor(firstFleet).map((topic) => ensureTopic(client, topic)));
    begin();
  }

  async function onOwnCluster(client: KafkaClient): Promise<void> {
    if (layers.list().length > 0) return;
    const topics = await client.listTopics();
    if (topics.some(({ name }) => name === DEFAULT_TOPIC)) layers.add(DEFAULT_TOPIC, { kind: 'beginning' });
  }

  return {
    listening: (client, topics) => {
      const { firstFleet } = settings.current;
      if (done || client.readOnly || firstFleet === 'stopped') return;
      if (!topicsFor(firstFleet).every(({ topic }) => topics.includes(topic))) return;
      done = true;
      try {
        begin();
      } catch (error) {
        log('warn', `the first start could not be prepared: ${String(error)}`);
      }
    },
    connected: async (client, builtIn) => {
      if (done) return;
      done = true;
      try {
        await (builtIn && !client.readOnly ? onBuiltIn(client) : onOwnCluster(client));
      } catch (error) {
        done = false;
        log('warn', `the first start could not be prepared: ${String(error)}`);
      }
    },
    switched: () => {
      done = false;
      for (const { id, firstStart } of simulator.list()) if (firstStart) simulator.dismiss(id);
    },
    fleetStopped: (firstStart) => {
      if (firstStart) settings.change({ firstFleet: 'stopped' });
    },
  };
}
