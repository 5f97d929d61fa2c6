/** What a user without the rights for it is told of a topic's storage, and on changing it: a state in words each. */
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaClient, type KafkaClient } from '../../../src/main/kafka/kafkaClient';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { plainly } from './clusters.ts';

const { available } = await apacheKafkaOrSkipReason();
const TOPIC = 'seen';
const patience = { timeout: 30_000 };

describe.skipIf(!available)('a user who may read a topic and no more', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  let owner: Admin;
  let guest: KafkaClient;
  let guestName = '';

  const allow = (operation: AclOperationTypes, resourceType: AclResourceTypes, resourceName: string) =>
    owner.createAcls({
      acl: [
        {
          resourceType,
          resourceName,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: `User:${guestName}`,
          host: '*',
          operation,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });

  beforeAll(async () => {
    cluster = await startApacheKafka({
      security: 'sasl_plaintext',
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // The broker itself, and the first of the two users.
        'super.users': 'User:ANONYMOUS;User:alice',
      },
    });
    const [first, second] = cluster.users;
    if (first?.username !== 'alice' || second === undefined) throw new Error('the users have other names');
    guestName = second.username;
    owner = new Kafka({
      brokers: cluster.bootstrap,
      logLevel: logLevel.NOTHING,
      sasl: { mechanism: 'plain', ...first },
    }).admin();
    await owner.connect();
    await owner.createTopics({ waitForLeaders: false, timeout: 25_000, topics: [{ topic: TOPIC, numPartitions: 1 }] });
    await allow(AclOperationTypes.READ, AclResourceTypes.TOPIC, TOPIC);
    const options = plainly(cluster.bootstrap);
    guest = createKafkaClient({
      ...options,
      access: { ...options.access, sasl: { mechanism: 'PLAIN', ...second } },
      groupId: 'geostream-test',
    });
  }, 180_000);
  afterAll(async () => {
    await guest?.close();
    await owner?.disconnect();
    await cluster?.close();
  });

  it('is told that size and retention may not be seen, and reads on', async () => {
    // A broker hears of rights a moment after they were given.
    await expect.poll(async () => (await guest.listTopics()).map(({ name }) => name), patience).toEqual([TOPIC]);
    expect(await guest.topicStorage([TOPIC])).toEqual([
      { name: TOPIC, disk: { kind: 'denied' }, retention: { kind: 'denied' } },
    ]);
    expect(await guest.topicOffsets([TOPIC])).toEqual([{ name: TOPIC, records: 0, end: 0 }]);
    expect(await guest.recordsBefore(TOPIC, Date.now())).toEqual({ records: 0, before: 0 });
  });

  it('is refused a change in words, and one half of the rights shows one half', async () => {
    const change = { ms: { kind: 'own', value: 1_000 }, bytes: { kind: 'default' } } as const;
    const refusal = {
      code: 'TOPIC_AUTHORIZATION_FAILED',
      message: 'The cluster does not allow this user to change the settings of the topic.',
      action: expect.stringContaining('AlterConfigs'),
    };
    await expect(guest.setRetention(TOPIC, change)).rejects.toMatchObject(refusal);
    await allow(AclOperationTypes.DESCRIBE_CONFIGS, AclResourceTypes.TOPIC, TOPIC);
    await expect
      .poll(() => guest.topicStorage([TOPIC]), patience)
      .toMatchObject([
        { disk: { kind: 'denied' }, retention: { kind: 'known', ms: { value: 604_800_000, own: false } } },
      ]);
    await allow(AclOperationTypes.DESCRIBE, AclResourceTypes.CLUSTER, 'kafka-cluster');
    await expect
      .poll(() => guest.topicStorage([TOPIC]), patience)
      .toMatchObject([{ disk: { kind: 'known', replicas: 1 } }]);
    await expect(guest.setRetention(TOPIC, change)).rejects.toMatchObject(refusal);
  });

  it('changes what the right to change is given for, without seeing the default of the cluster', async () => {
    await allow(AclOperationTypes.ALTER_CONFIGS, AclResourceTypes.TOPIC, TOPIC);
    const change = { ms: { kind: 'own', value: 3_600_000 }, bytes: { kind: 'default' } } as const;
    await expect
      .poll(
        () =>
          guest.setRetention(TOPIC, change).then(
            ([storage]) => storage?.retention,
            () => null,
          ),
        patience,
      )
      .toMatchObject({ kind: 'known', ms: { value: 3_600_000, own: true }, bytes: { own: false } });
    const [storage] = await guest.topicStorage([TOPIC]);
    expect(storage?.retention).not.toHaveProperty('ms.fallback');
  });
});
