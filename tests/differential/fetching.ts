/** Fetches of partitions of one topic, in the version under test. */
import { LIBRARY } from './prepared.ts';
import type { Talk } from './talk.ts';

/** From here on topics go by their ids (KIP-516). */
export const BY_ID = 13;

interface Wanted {
  readonly partition?: number;
  readonly fetchOffset?: number;
  readonly partitionMaxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

interface Limits {
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly maxWaitMs?: number;
  readonly isolationLevel?: number;
  readonly sessionId?: number;
  readonly sessionEpoch?: number;
  readonly name?: string;
}

/** In the version under test, by the topic's id where that version wants it. */
export function wanted(t: Talk, partitions: readonly Wanted[], { name = LIBRARY, ...limits }: Limits = {}) {
  return fetchBody(t, name, partitions, limits, t.version >= BY_ID);
}

/** For scenarios about another API, which fetch in the newest version. */
export async function fetchBody(
  t: Talk,
  name: string,
  partitions: readonly Wanted[],
  limits: Limits = {},
  byId = true,
) {
  const topicId = byId ? await idOf(t, name) : undefined;
  const all = partitions.map((partition) => ({
    partition: 0,
    fetchOffset: 0,
    partitionMaxBytes: 1 << 20,
    ...partition,
  }));
  const topics = [{ topic: name, partitions: all, ...(topicId !== undefined && { topicId }) }];
  return { replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1 << 24, ...limits, topics };
}

async function idOf(t: Talk, name: string): Promise<string> {
  const known = await t.look('Metadata', { topics: [{ name }], allowAutoTopicCreation: false });
  return known.text('topics.0.topicId');
}

export const fetch = async (t: Talk, partitions: readonly Wanted[], limits: Limits = {}) =>
  t.ask(await wanted(t, partitions, limits));
