/**
 * The launcher of Apache Kafka, so that every other test can lean on it: what it starts is what was asked for, it
 * refuses whom it should, and nothing of it outlives its test. By kafkajs alone, without the app's client.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';

const isMissing = !(await apacheKafkaOrSkipReason()).available;

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

const connectTo = (brokers: string[], config: Partial<KafkaConfig> = {}) =>
  new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 8, maxRetryTime: 1_000 }, ...config });

async function admin(kafka: Kafka) {
  const client = kafka.admin();
  await client.connect();
  running.push(() => client.disconnect());
  return client;
}

async function send(kafka: Kafka, topic: string, values: readonly string[]) {
  const producer = kafka.producer();
  await producer.connect();
  running.push(() => producer.disconnect());
  return producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
}

describe.skipIf(isMissing)('one broker of Apache Kafka', { timeout: 300_000 }, () => {
  it('keeps its port and what it holds over a crash, a stop and a new start', async () => {
    const cluster = await startApacheKafka();
    running.push(cluster.close);
    const [broker] = cluster.brokers;
    const kafka = connectTo(cluster.bootstrap);
    await send(kafka, 't', ['a', 'b']);
    await broker?.kill();
    await broker?.start();
    await send(kafka, 't', ['c']);
    await broker?.stop();
    await broker?.start();
    const offsets = await (await admin(kafka)).fetchTopicOffsets('t');
    expect(offsets).toMatchObject([{ partition: 0, high: '3', low: '0' }]);
  });

  it('takes properties, and says in its log why it would not start', async () => {
    const cluster = await startApacheKafka({ properties: { 'auto.create.topics.enable': 'false' } });
    running.push(cluster.close);
    const { topics } = await (await admin(connectTo(cluster.bootstrap, { retry: { retries: 0 } })))
      .fetchTopicMetadata({ topics: ['t'] })
      .catch((error: { type: string }) => ({ topics: error.type }));
    expect(topics).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    await expect(startApacheKafka({ properties: { 'num.io.threads': '0' } })).rejects.toThrow('num.io.threads');
  });
});

describe.skipIf(isMissing)('three brokers of Apache Kafka', { timeout: 300_000 }, () => {
  it('go on without one of them, and take it back', async () => {
    const cluster = await startApacheKafka({ brokers: 3 });
    running.push(cluster.close);
    const kafka = connectTo(cluster.bootstrap);
    const client = await admin(kafka);
    await client.createTopics({ waitForLeaders: true, topics: [{ topic: 't', numPartitions: 3 }] });
    const leaders = async () =>
      (await client.fetchTopicMetadata({ topics: ['t'] })).topics[0]?.partitions.map(({ leader }) => leader);
    expect(new Set(await leaders())).toEqual(new Set([1, 2, 3]));
    await cluster.brokers[0]?.kill();
    await expect.poll(leaders, { timeout: 90_000, interval: 250 }).not.toContain(1);
    await send(kafka, 't', ['a', 'b', 'c']);
    await cluster.brokers[0]?.start();
    expect((await client.describeCluster()).brokers.map(({ nodeId }) => nodeId).sort()).toEqual([1, 2, 3]);
  });
});

describe.skipIf(isMissing)('Apache Kafka with SASL_SSL', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  beforeAll(async () => {
    const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
    cluster = await startApacheKafka({ security: 'sasl_ssl', mechanisms });
  }, 120_000);
  afterAll(() => cluster?.close());

  const as = (sasl: SASLOptions, ca: string | undefined = cluster.ca) =>
    connectTo(cluster.bootstrap, { ssl: ca === undefined ? true : { ca }, sasl, retry: { retries: 5 } });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('lets in by %s who knows the password', async (how) => {
    for (const user of cluster.users) {
      expect(await send(as({ mechanism: how, ...user }), 'sasl', [how])).toMatchObject([{ errorCode: 0 }]);
    }
    const [{ username } = { username: '' }] = cluster.users;
    await expect(admin(as({ mechanism: how, username, password: 'wrong' }))).rejects.toThrow(/authentication/i);
  });

  it('lets in by OAUTHBEARER who has a token of its token endpoint', async () => {
    const { tokens } = cluster;
    if (tokens === undefined) throw new Error('there is no token endpoint');
    const ask = async (secret: string) => {
      const answer = await fetch(tokens.tokenUrl, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${tokens.clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const { body } = await ask(tokens.clientSecret);
    const value = String(body.access_token);
    const oauth = (token: string) =>
      as({ mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: token }) });
    expect(await send(oauth(value), 'sasl', ['a'])).toMatchObject([{ errorCode: 0 }]);
    const [head, , signature] = value.split('.');
    const claims = { iss: tokens.issuer, aud: tokens.audience, sub: 'mallory', iat: 0, exp: 4e9 };
    const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    // kafkajs 2.2.4 takes the refusal of a token for a success: only the first request behind it fails.
    const refused = await admin(oauth(forged));
    await expect(refused.listTopics()).rejects.toThrow();
    expect(await ask('wrong')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('shows a certificate that only its own authority vouches for', async () => {
    const [user = { username: '', password: '' }] = cluster.users;
    const sasl = { mechanism: 'plain', ...user } as const;
    const strangers = connectTo(cluster.bootstrap, { ssl: true, sasl, retry: { retries: 0 } });
    await expect(admin(strangers)).rejects.toThrow(/self-signed certificate|unable to verify|local issuer/);
  });
});

describe.skipIf(isMissing)('Apache Kafka with mutual TLS', { timeout: 300_000 }, () => {
  it('lets in only who shows a certificate of its authority', async () => {
    const cluster = await startApacheKafka({ security: 'ssl', clientCertificate: 'required' });
    running.push(cluster.close);
    const { ca, clientCertificate } = cluster;
    const withTls = (ssl: object) => connectTo(cluster.bootstrap, { ssl, retry: { retries: 5, maxRetryTime: 500 } });
    expect(await send(withTls({ ca, ...clientCertificate }), 't', ['a'])).toMatchObject([{ errorCode: 0 }]);
    await expect(admin(withTls({ ca }))).rejects.toThrow();
  });
});

describe('the guard of processes and folders', () => {
  it('ends what a process left behind when that is gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'geostream-guard-'));
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const kept = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    running.push(async () => void kept.kill());
    const script = resolve(import.meta.dirname, '../../apacheKafka/processGuard.mjs');
    const guard = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'] });
    guard.stdin.write(`+${left.pid}\n+${kept.pid}\n+${folder}\n-${kept.pid}\n`);
    guard.stdin.end();
    await Promise.all([once(guard, 'close'), once(left, 'exit')]);
    expect(left.signalCode).toBe('SIGKILL');
    expect(kept.exitCode).toBeNull();
    expect(existsSync(folder)).toBe(false);
  });
});
