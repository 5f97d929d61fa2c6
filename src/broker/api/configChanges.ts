/** What AlterConfigs and IncrementalAlterConfigs have in common: whose settings may be changed, and to what. */
import { type BrokerState, NODE_ID } from '../brokerState.ts';
import { checkOverrides } from '../log/configOperation.ts';
import type { TopicOverrides } from '../log/topicConfig.ts';
import { checkTopicName } from '../log/topicName.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { BROKER_RESOURCE, TOPIC_RESOURCE } from './configEntries.ts';

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

class Refusal extends Error {
  constructor(
    readonly errorCode: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Each resource by itself: one that is refused changes nothing of its own, and stops no other.
 *
 * @param mayBeNull whether a setting needs no value
 * @param change gives the settings that a topic is to have, or a sentence that says why it cannot
 */
export function changeConfigs<R extends Resource>(
  broker: BrokerState,
  resources: readonly R[],
  validateOnly: boolean,
  mayBeNull: (config: R['configs'][number]) => boolean,
  change: (overrides: TopicOverrides, resource: R) => TopicOverrides | string,
) {
  const count = new Map<string, number>();
  const idOf = ({ resourceType, resourceName }: Resource) => `${resourceType} ${resourceName}`;
  for (const resource of resources) count.set(idOf(resource), (count.get(idOf(resource)) ?? 0) + 1);
  return resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const answer = (errorCode: ErrorCode, errorMessage: string | null) => ({
      errorCode,
      errorMessage,
      resourceType,
      resourceName,
    });
    try {
      if ((count.get(idOf(resource)) ?? 0) > 1) {
        throw new Refusal(ErrorCode.INVALID_REQUEST, 'Each resource must appear at most once.');
      }
      checkEntries(resource, mayBeNull);
      changeOne(broker, resource, validateOnly, change);
      return answer(ErrorCode.NONE, null);
    } catch (error) {
      if (error instanceof Refusal) return answer(error.errorCode, error.message);
      broker.logger.error('settings could not be written down', { resource: resourceName, error: String(error) });
      return answer(ErrorCode.KAFKA_STORAGE_ERROR, `the disk refused: ${String(error)}`);
    }
  });
}

function checkEntries<R extends Resource>({ configs }: R, mayBeNull: (config: R['configs'][number]) => boolean): void {
  if (new Set(configs.map(({ name }) => name)).size < configs.length) {
    throw new Refusal(ErrorCode.INVALID_REQUEST, 'Error due to duplicate config keys');
  }
  const missing = configs.filter((config) => config.value === null && !mayBeNull(config)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Refusal(ErrorCode.INVALID_REQUEST, `Null value not supported for : ${missing.join(', ')}`);
  }
}

function changeOne<R extends Resource>(
  broker: BrokerState,
  resource: R,
  validateOnly: boolean,
  change: (overrides: TopicOverrides, resource: R) => TopicOverrides | string,
): void {
  const { resourceType, resourceName, configs } = resource;
  if (resourceType === BROKER_RESOURCE) {
    checkBrokerName(resourceName);
    if (configs.length === 0) return;
    const names = configs.map(({ name }) => name).join(', ');
    throw new Refusal(ErrorCode.INVALID_REQUEST, `Cannot update these configs dynamically: ${names}`);
  }
  if (resourceType !== TOPIC_RESOURCE) {
    throw new Refusal(ErrorCode.INVALID_REQUEST, `Unknown resource type ${resourceType}`);
  }
  const topic = broker.topics.get(resourceName);
  const overrides = change(topic?.overrides ?? {}, resource);
  if (typeof overrides === 'string') throw new Refusal(ErrorCode.INVALID_CONFIG, overrides);
  if (resourceName === '') throw new Refusal(ErrorCode.INVALID_REQUEST, 'Default topic resources are not allowed.');
  const nameProblem = checkTopicName(resourceName);
  if (nameProblem !== undefined) throw new Refusal(ErrorCode.INVALID_TOPIC, nameProblem);
  const problem = checkOverrides(overrides);
  if (problem !== undefined) throw new Refusal(ErrorCode.INVALID_CONFIG, problem);
  if (topic === undefined) {
    throw new Refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
  }
  if (!validateOnly) broker.topics.configure(topic, overrides);
}

function checkBrokerName(name: string): void {
  if (name === '' || name === String(NODE_ID)) return;
  const message = /^[+-]?\d+$/.test(name)
    ? `Unexpected broker id, expected ${NODE_ID}, but received ${name}`
    : `Node id must be an integer, but it is: ${name}`;
  throw new Refusal(ErrorCode.INVALID_REQUEST, message);
}
