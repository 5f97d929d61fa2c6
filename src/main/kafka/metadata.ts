/** Which brokers a cluster has, and who leads the partitions of its topics. */
import {
  ask,
  type BrokerAddress,
  type BrokerConnection,
  type Decoder,
  exchange,
  type Message,
  newestVersion,
  readArray,
  writeArray,
} from './brokerConnection';

export interface PartitionMetadata {
  readonly partitionId: number;
  /** Node id; negative: it has none at the moment. */
  readonly leader: number;
  /** Node ids of the brokers that are to have a copy of it, the leader among them. */
  readonly replicas: readonly number[];
}

export interface TopicMetadata {
  /** 0, or the protocol's error code: 3 when there is no such topic. */
  readonly topicErrorCode: number;
  readonly topic: string;
  /** A UUID in hexadecimal, which a topic that is deleted and made anew does not share; null from old clusters. */
  readonly topicId: string | null;
  readonly isInternal: boolean;
  readonly partitionMetadata: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly brokers: readonly BrokerAddress[];
  readonly topicMetadata: readonly TopicMetadata[];
}

const METADATA = 3;
/** The first with topic ids (KIP-516) that asks about topics by name as its forerunners do; from Kafka 3.1 on. */
const WITH_TOPIC_IDS = 12;
const NO_TOPIC_ID = '0'.repeat(32);

/** @param topics null: all there are. */
export async function askMetadata(
  broker: BrokerConnection,
  topics: readonly string[] | null,
  allowAutoTopicCreation: boolean,
  withinMs: number,
): Promise<ClusterMetadata> {
  if (newestVersion(broker, METADATA, [WITH_TOPIC_IDS]) === WITH_TOPIC_IDS) {
    return ask(broker, metadataMessage(topics, allowAutoTopicCreation), withinMs);
  }
  const options = { topics: topics ?? [], allowAutoTopicCreation };
  const answer = (await exchange(broker, 'Metadata', options, withinMs)) as ClusterMetadata;
  return { ...answer, topicMetadata: answer.topicMetadata.map((topic) => ({ ...topic, topicId: null })) };
}

function metadataMessage(topics: readonly string[] | null, allowAutoTopicCreation: boolean): Message<ClusterMetadata> {
  return {
    apiKey: METADATA,
    apiName: 'Metadata',
    apiVersion: WITH_TOPIC_IDS,
    flexible: true,
    write: (body) => {
      if (topics === null) body.writeUVarInt(0);
      else {
        writeArray(body, true, topics, (name) => {
          body.writeBufferInternal(Buffer.alloc(16)); // by name, not by id
          body.writeUVarIntString(name).writeUVarInt(0);
        });
      }
      body.writeBoolean(allowAutoTopicCreation).writeBoolean(false).writeUVarInt(0);
    },
    read: (body) => {
      body.readInt32(); // throttle time
      const brokers = readArray(body, true, readBroker);
      body.readUVarIntString(); // cluster id
      body.readInt32(); // controller
      return { brokers, topicMetadata: readArray(body, true, readTopic) };
    },
  };
}

function readBroker(body: Decoder): BrokerAddress {
  const nodeId = body.readInt32();
  const host = body.readUVarIntString() ?? '';
  const port = body.readInt32();
  const rack = body.readUVarIntString();
  body.readTaggedFields();
  return { nodeId, host, port, rack };
}

function readTopic(body: Decoder): TopicMetadata {
  const topicErrorCode = body.readInt16();
  const topic = body.readUVarIntString() ?? '';
  const id = body.readBytes(16)?.toString('hex') ?? NO_TOPIC_ID;
  const isInternal = body.readBoolean();
  const partitionMetadata = readArray(body, true, readPartition);
  body.readInt32(); // authorized operations
  body.readTaggedFields();
  return { topicErrorCode, topic, topicId: id === NO_TOPIC_ID ? null : id, isInternal, partitionMetadata };
}

function readPartition(body: Decoder): PartitionMetadata {
  body.readInt16(); // its error is that it has no leader, which the leader says
  const partitionId = body.readInt32();
  const leader = body.readInt32();
  body.readInt32(); // leader epoch
  const [replicas = []] = [1, 2, 3].map(() => readArray(body, true, (one) => one.readInt32())); // in sync, offline
  body.readTaggedFields();
  return { partitionId, leader, replicas };
}
