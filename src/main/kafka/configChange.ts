/**
 * Changes single settings of a topic and leaves all others as they are (IncrementalAlterConfigs, KIP-339). AlterConfigs,
 * which kafkajs has, sets back whatever it does not name.
 */
import type { LimitChange } from '../../shared/topicStorage';
import {
  ask,
  type Message,
  newestVersion,
  protocolError,
  readArray,
  readText,
  writeArray,
  writeText,
} from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { KafkaError, toKafkaError } from './kafkaError';

export const INCREMENTAL_ALTER_CONFIGS = 44;
/** 1 is flexible. */
export const INCREMENTAL_ALTER_CONFIGS_VERSIONS = [0, 1];
/** Number of ConfigResource.Type. */
export const TOPIC_RESOURCE = 2;
const SET = 0;
const DELETE = 1;
const ASK_WITHIN_MS = 10_000;
/** Of what a cluster says about its refusal. */
const MOST_CHARACTERS = 300;

export type ConfigChanges = Readonly<Record<string, LimitChange>>;

interface Answer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Throws KafkaError in words; nothing has been changed then. */
export async function changeTopicConfigs(
  cluster: ClusterConnections,
  topic: string,
  changes: ConfigChanges,
): Promise<void> {
  const answers = await cluster.ask(async (broker) => {
    const version = newestVersion(broker, INCREMENTAL_ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS_VERSIONS);
    return version < 0 ? null : ask(broker, alterMessage(version, topic, changes), ASK_WITHIN_MS);
  });
  if (answers === null) {
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      'This cluster cannot change single settings of a topic: that needs Kafka 2.3 or newer.',
      'Change them with the tools of the cluster itself (kafka-configs.sh).',
      false,
    );
  }
  for (const answer of answers) if (answer.errorCode !== 0) throw refusal(answer);
}

function refusal({ errorCode, errorMessage }: Answer): KafkaError {
  const error = toKafkaError(protocolError(errorCode));
  switch (error.code) {
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return new KafkaError(
        error.code,
        'The cluster does not allow this user to change the settings of the topic.',
        'Ask the owner of the cluster for the right to do it (AlterConfigs on the topic).',
        false,
      );
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return new KafkaError(error.code, error.message, 'It may have been deleted; look at the list of topics.', false);
    default:
  }
  const said = errorMessage?.trim().slice(0, MOST_CHARACTERS) ?? '';
  return new KafkaError(
    error.code,
    said === '' ? error.message : `The cluster refuses it: ${said}`,
    'Choose another value, or ask the owner of the cluster.',
    error.retriable,
  );
}

export function alterMessage(version: number, topic: string, changes: ConfigChanges): Message<Answer[]> {
  const flexible = version >= 1;
  return {
    apiKey: INCREMENTAL_ALTER_CONFIGS,
    apiName: 'IncrementalAlterConfigs',
    apiVersion: version,
    flexible,
    write: (body) => {
      writeArray(body, flexible, [topic], (name) => {
        body.writeInt8(TOPIC_RESOURCE);
        writeText(body, flexible, name);
        writeArray(body, flexible, Object.entries(changes), ([setting, change]) => {
          writeText(body, flexible, setting);
          body.writeInt8(change.kind === 'default' ? DELETE : SET);
          writeText(body, flexible, change.kind === 'default' ? null : String(change.value ?? -1));
          if (flexible) body.writeUVarInt(0);
        });
        if (flexible) body.writeUVarInt(0);
      });
      body.writeBoolean(false); // not only to see whether it would be taken
      if (flexible) body.writeUVarInt(0);
    },
    read: (body) => {
      body.readInt32(); // throttle time
      return readArray(body, flexible, () => {
        const errorCode = body.readInt16();
        const errorMessage = readText(body, flexible);
        body.readInt8(); // what it was about: the one topic
        readText(body, flexible);
        if (flexible) body.readTaggedFields();
        return { errorCode, errorMessage };
      });
    },
  };
}
