/** What topics take on the disks of the brokers, replica by replica (DescribeLogDirs, KIP-113). */
import type { DiskUse, Untold } from '../../shared/topicStorage';
import {
  ask,
  type BrokerConnection,
  type Decoder,
  type Message,
  newestVersion,
  protocolError,
  readArray,
  readText,
  writeArray,
  writeText,
} from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import type { ClusterMetadata, TopicMetadata } from './metadata';

const DESCRIBE_LOG_DIRS = 35;
/** 1 is as 0; 3 is flexible, and tells when this user may not ask, which those before answer with nothing. */
const VERSIONS = [0, 1, 3];
const FLEXIBLE_FROM = 2;
const ERROR_FROM = 3;
const CLUSTER_AUTHORIZATION_FAILED = 31;
const ASK_WITHIN_MS = 5_000;

/** One replica in one folder of one broker. */
interface ReplicaSize {
  readonly topic: string;
  readonly bytes: number;
  /** On its way from another folder of the broker: the replica is there a second time. */
  readonly isFuture: boolean;
}

type LogDirs = { readonly kind: 'told'; readonly replicas: readonly ReplicaSize[] } | Untold;

interface LogDirsAnswer {
  readonly errorCode: number;
  readonly folders: readonly { readonly errorCode: number; readonly replicas: readonly ReplicaSize[] }[];
}

/** Of these topics, which exist. Each broker is asked; one that does not answer leaves its replicas missing. */
export async function diskUse(
  cluster: ClusterConnections,
  { brokers }: ClusterMetadata,
  topics: readonly TopicMetadata[],
): Promise<ReadonlyMap<string, DiskUse>> {
  const answers = await Promise.all(
    brokers.map(({ nodeId }) =>
      cluster.askBroker(nodeId, (broker) => askLogDirs(broker, topics)).catch((): LogDirs => ({ kind: 'away' })),
    ),
  );
  return new Map(topics.map((topic) => [topic.topic, diskUseOf(topic, answers)]));
}

/** @param answers of each broker that the cluster has at the moment */
export function diskUseOf({ topic, partitionMetadata }: TopicMetadata, answers: readonly LogDirs[]): DiskUse {
  const told = answers.flatMap((answer) => (answer.kind === 'told' ? [answer] : []));
  if (told.length === 0) {
    const kinds = answers.flatMap((answer) => (answer.kind === 'told' ? [] : [answer.kind]));
    return { kind: kinds.find((kind) => kind !== 'away') ?? 'away' };
  }
  const found = told.flatMap(({ replicas }) => replicas.filter((replica) => replica.topic === topic));
  const replicas = found.filter(({ isFuture }) => !isFuture).length;
  const expected = partitionMetadata.reduce((sum, partition) => sum + partition.replicas.length, 0);
  return {
    kind: 'known',
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: found.reduce((largest, { bytes }) => Math.max(largest, bytes), 0),
    replicas,
    missing: Math.max(0, expected - replicas),
  };
}

async function askLogDirs(broker: BrokerConnection, topics: readonly TopicMetadata[]): Promise<LogDirs> {
  const version = newestVersion(broker, DESCRIBE_LOG_DIRS, VERSIONS);
  if (version < 0) return { kind: 'unsupported' };
  const { errorCode, folders } = await ask(broker, logDirsMessage(version, topics), ASK_WITHIN_MS);
  if (errorCode === CLUSTER_AUTHORIZATION_FAILED) return { kind: 'denied' };
  if (errorCode !== 0) throw protocolError(errorCode);
  // Every broker has a folder: only who may not ask is told of none.
  if (folders.length === 0) return { kind: 'denied' };
  return { kind: 'told', replicas: folders.flatMap(({ replicas }) => replicas) };
}

export function logDirsMessage(version: number, topics: readonly TopicMetadata[]): Message<LogDirsAnswer> {
  const flexible = version >= FLEXIBLE_FROM;
  const readReplicas = (body: Decoder): ReplicaSize[] => {
    const topic = readText(body, flexible) ?? '';
    const replicas = readArray(body, flexible, () => {
      body.readInt32(); // partition
      const bytes = Number(body.readInt64().toString());
      body.readInt64(); // how far it is behind
      const isFuture = body.readBoolean();
      if (flexible) body.readTaggedFields();
      return { topic, bytes, isFuture };
    });
    if (flexible) body.readTaggedFields();
    return replicas;
  };
  return {
    apiKey: DESCRIBE_LOG_DIRS,
    apiName: 'DescribeLogDirs',
    apiVersion: version,
    flexible,
    write: (body) => {
      writeArray(body, flexible, topics, ({ topic, partitionMetadata }) => {
        writeText(body, flexible, topic);
        writeArray(body, flexible, partitionMetadata, ({ partitionId }) => {
          body.writeInt32(partitionId);
        });
        if (flexible) body.writeUVarInt(0);
      });
      if (flexible) body.writeUVarInt(0);
    },
    read: (body) => {
      body.readInt32(); // throttle time
      const errorCode = version >= ERROR_FROM ? body.readInt16() : 0;
      const folders = readArray(body, flexible, () => {
        const folderError = body.readInt16();
        readText(body, flexible); // its path is none of the app's business
        const replicas = readArray(body, flexible, readReplicas).flat();
        if (flexible) body.readTaggedFields();
        return { errorCode: folderError, replicas };
      });
      return { errorCode, folders };
    },
  };
}
