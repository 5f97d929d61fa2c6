/**
 * The built-in broker and Apache Kafka are asked the same, frame by frame, and have to answer the same, field by field,
 * but for what allowedDifferences.ts names. A scenario runs in each version of its API that both serve.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from '../../src/broker/broker.ts';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../apacheKafka/apacheKafka.ts';
import { makeGuardedFolder, removeGuardedFolder } from '../apacheKafka/guarded.mjs';
import { differences } from './comparable.ts';
import { fillLibrary } from './library.ts';
import { FRESH, FRESH_PARTITIONS, wakeCoordinators } from './prepared.ts';
import type { Difference, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { commonVersions, lookAt, NotServed, type Side } from './side.ts';
import { type Recorded, type RunPlace, Talk } from './talk.ts';

const found = await apacheKafkaOrSkipReason();

const PROPERTIES = {
  // On a machine that does many other things, a short session ends again and again, each time with a new leader epoch.
  'broker.session.timeout.ms': '60000',
  // How often Kafka looks for transactions that were not ended in time.
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200',
};

let broker: RunningBroker;
let kafka: ApacheKafka;
let dataDir: string;
let ours: Side;
let kafkas: Side;
let runs = 0;
let partitions = 0;

beforeAll(async () => {
  if (!found.available) return;
  dataDir = await makeGuardedFolder('geostream-differential-');
  kafka = await startApacheKafka({ properties: PROPERTIES });
  broker = await startBroker({ port: 0, dataDir });
  const [node] = kafka.brokers;
  if (node === undefined) throw new Error('Apache Kafka has no broker');
  kafkas = await lookAt('Apache Kafka', '127.0.0.1', node.port);
  ours = await lookAt('the built-in broker', broker.host, broker.port);
  await onBoth(placeOf('Metadata', 12, partitionOnDemand()), async (talk) => {
    await wakeCoordinators(talk);
    await fillLibrary(talk);
  });
});

afterAll(async () => {
  await kafka?.close();
  await broker?.close();
  if (dataDir !== undefined) await removeGuardedFolder(dataDir);
});

describe.skipIf(!found.available)('the built-in broker answers as Apache Kafka does', () => {
  describe.each([...new Set(scenarios.map(({ api }) => api))])('%s', (api) => {
    const ofApi = scenarios.filter((scenario) => scenario.api === api);
    it.concurrent.for(ofApi)('$name', async (scenario, context) => {
      try {
        await runInAllVersions(scenario);
      } catch (error) {
        if (!(error instanceof NotServed)) throw error;
        console.warn(`skipped: ${scenario.api}, ${scenario.name}: ${error.message}`);
        context.skip(error.message);
      }
    });
  });
});

async function runInAllVersions(scenario: Scenario): Promise<void> {
  const { api, name, from, to } = scenario;
  const versions = commonVersions(api, kafkas).filter((version) => version >= from && version <= to);
  expect(versions, `versions of ${api} that both serve`).not.toEqual([]);
  /** Each with the versions in which it shows. */
  const unexpected = new Map<string, number[]>();
  const partition = partitionOnDemand();
  for (const version of versions) {
    const [own, other] = await onBoth(placeOf(api, version, partition), (talk) => scenario.run(talk));
    const intended = scenario.differs.filter((known) => version >= (known.from ?? 0) && version <= (known.to ?? 99));
    for (const line of judge(compare(own, other), intended)) {
      unexpected.set(line, [...(unexpected.get(line) ?? []), version]);
    }
  }
  const lines = [...unexpected].map(([line, shown]) => `  in version ${shown.join(', ')}, step ${line}`);
  expect(lines.length, `${api}, ${name}:\n${lines.join('\n')}\ndifferences`).toBe(0);
}

function compare(own: readonly Recorded[], other: readonly Recorded[]): string[] {
  const steps = (recorded: readonly Recorded[]) => recorded.map(({ step }) => step);
  if (steps(own).join() !== steps(other).join()) return differences(steps(own), steps(other), 'steps');
  return own.flatMap(({ step, answer }, index) => differences(answer, other[index]?.answer, step));
}

/** The differences that nobody intended, and the intended ones that are none any more. */
function judge(all: readonly string[], intended: readonly Difference[]): string[] {
  const unintended = all.filter((line) => !intended.some(({ at }) => at.test(line)));
  const gone = intended.filter(({ at }) => !all.some((line) => at.test(line)));
  return [
    ...unintended,
    ...gone.map(({ at, because }) => `${at} differs no more; it was to differ because ${because}`),
  ];
}

/** The same one for all runs of a scenario. */
function partitionOnDemand(): () => number {
  let own: number | undefined;
  return () => {
    own ??= partitions++;
    if (own >= FRESH_PARTITIONS) throw new Error(`${FRESH} has not enough partitions`);
    return own;
  };
}

function placeOf(api: string, version: number, partition: () => number): RunPlace {
  runs += 1;
  const newestVersion = (other: string) => commonVersions(other, kafkas).at(-1) ?? -1;
  return {
    api,
    version,
    id: String(runs),
    newestVersion,
    get partition() {
      return partition();
    },
  };
}

/** What each side answered, the built-in broker first. */
async function onBoth(place: RunPlace, run: (talk: Talk) => Promise<unknown>): Promise<[Recorded[], Recorded[]]> {
  const record = async (side: Side) => {
    const talk = new Talk(side, place);
    try {
      await run(talk);
    } finally {
      talk.close();
    }
    return talk.recorded;
  };
  const [own, other] = await Promise.allSettled([record(ours), record(kafkas)]);
  if (own.status === 'rejected') throw own.reason;
  if (other.status === 'rejected') throw other.reason;
  return [own.value, other.value];
}
