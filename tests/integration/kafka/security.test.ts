/** The app's client on an Apache Kafka that asks for TLS, a client certificate, and each way to sign in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterAccess, SaslAccess, TlsAccess } from '../../../src/main/kafka/clusterAccess';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { testConnection } from '../../../src/main/kafka/testConnection';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { plainly } from './clusters.ts';

const { available } = await apacheKafkaOrSkipReason();

describe.skipIf(!available)('a cluster with TLS and SASL', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  let tls: TlsAccess;
  beforeAll(async () => {
    cluster = await startApacheKafka({
      security: 'sasl_ssl',
      mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'],
      clientCertificate: 'required',
    });
    const { ca = null, clientCertificate } = cluster;
    const { cert: certificate = null, key = null } = clientCertificate ?? {};
    tls = { ca, certificate, key, keyPassphrase: null, checkHostname: true };
  }, 120_000);
  afterAll(() => cluster?.close());

  const password = 'alice-secret';
  const signIn = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', secret = password): SaslAccess => ({
    mechanism,
    username: 'alice',
    password: secret,
  });
  const access = (sasl: SaslAccess | null, own: TlsAccess | null = tls): ClusterAccess => ({
    bootstrap: cluster.bootstrap,
    clientId: 'test',
    tls: own,
    sasl,
  });
  const failing = async (what: ClusterAccess) => {
    const test = await testConnection(what, { onStep: () => undefined, signal: new AbortController().signal });
    return test.steps.find(({ outcome }) => outcome === 'failed')?.step;
  };

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('is read and written with %s', async (mechanism) => {
    const log: string[] = [];
    const client = createKafkaClient({
      ...plainly([]),
      access: access(signIn(mechanism)),
      groupId: 'test',
      log: (_, message) => log.push(message),
    });
    const topic = `by-${mechanism}`;
    expect(await client.send(topic, [{ key: null, value: 'a' }])).toEqual([{ partition: 0, offset: '0' }]);
    expect(await client.readRecord(topic, 0, '0')).toMatchObject({ value: Buffer.from('a') });
    await client.close();
    expect(await failing(access(signIn(mechanism)))).toBeUndefined();
    expect(log.join('\n')).not.toContain(password);
  });

  it('is read and written with a token of the endpoint, and refused without one', async () => {
    const { tokens } = cluster;
    if (!tokens) throw new Error('the cluster has no token endpoint');
    const { tokenUrl: tokenEndpoint, clientId, clientSecret } = tokens;
    const oauth: SaslAccess = { mechanism: 'OAUTHBEARER', tokenEndpoint, clientId, clientSecret, scope: null };
    const client = createKafkaClient({ ...plainly([]), access: access(oauth), groupId: 'test' });
    expect(await client.send('by-token', [{ key: null, value: 'a' }])).toEqual([{ partition: 0, offset: '0' }]);
    await client.close();
    expect(await failing(access({ ...oauth, clientSecret: 'wrong' }))).toBe('sasl');
    expect(await failing(access({ ...oauth, tokenEndpoint: 'http://127.0.0.1:1/token' }))).toBe('sasl');
  });

  it('is refused at its own step: a wrong password, no authority, no encryption', async () => {
    expect(await failing(access(signIn('SCRAM-SHA-256', 'wrong')))).toBe('sasl');
    expect(await failing(access(signIn('PLAIN'), { ...tls, ca: null }))).toBe('tls');
    expect(await failing(access(signIn('PLAIN'), null))).toBe('tls');
  });

  it('says that the sign-in is refused, and not the password', async () => {
    const client = createKafkaClient({ ...plainly([]), access: access(signIn('PLAIN', 'not-mine')), groupId: 'test' });
    const refusal = await client.listTopics().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', retriable: false });
    expect(String((refusal as Error).message)).not.toContain('not-mine');
    await client.close();
  });
});
