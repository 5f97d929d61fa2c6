/** Producing to three brokers whose leaders are killed: each acknowledged record is in the log exactly once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Acknowledgement, SendError } from '../../../src/main/kafka/sending';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { createTopic, readLog, type SenderForTest, startSender } from './producingClient.ts';

const { available } = await apacheKafkaOrSkipReason();

describe.skipIf(!available)('producing to three brokers', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  let sender: SenderForTest;
  beforeAll(async () => {
    cluster = await startApacheKafka({ brokers: 3 });
    sender = startSender(cluster.bootstrap);
  }, 120_000);
  afterAll(async () => {
    sender?.close();
    await cluster?.close();
  });

  it('goes on over the death and the return of a leader, nothing lost and nothing twice', async () => {
    await createTopic(cluster.bootstrap, 't', 6, {
      replicationFactor: 3,
      configEntries: [{ name: 'min.insync.replicas', value: '2' }],
    });
    const acknowledged = new Map<string, Acknowledgement>();
    const failed: string[] = [];
    const calls: Promise<void>[] = [];
    let number = 0;
    let going = true;
    const producing = (async () => {
      while (going) {
        const records = Array.from({ length: 12 }, () => ({ key: `k${number % 40}`, value: String(number++) }));
        calls.push(
          sender.send('t', records).then(
            (places) => {
              for (const [index, place] of places.entries()) acknowledged.set(String(records[index]?.value), place);
            },
            (error: SendError) => {
              failed.push(error.message);
            },
          ),
        );
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const goOn = async () => {
      const before = acknowledged.size;
      await expect.poll(() => acknowledged.size, { timeout: 90_000 }).toBeGreaterThan(before + 500);
    };
    await goOn();
    await cluster.brokers[0]?.kill();
    await expect.poll(() => sender.told.at(-1)?.trouble, { timeout: 90_000 }).toMatch(/The leader of t-\d is away\./);
    await goOn();
    await cluster.brokers[0]?.start();
    await goOn();
    going = false;
    await producing;
    await Promise.all(calls);
    expect(failed).toEqual([]);
    expect(acknowledged.size).toBe(number);
    const log = await readLog(cluster.bootstrap, 't');
    expect(log).toHaveLength(number);
    for (const { value, partition, offset } of log) {
      expect(acknowledged.get(value ?? '')).toEqual({ partition, offset });
    }
    await expect.poll(() => sender.told.at(-1)).toEqual({ records: 0, bytes: 0, full: false, trouble: null });
  });
});
