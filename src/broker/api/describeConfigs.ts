/** DescribeConfigs 1-4: 1 adds sources and synonyms (KIP-226), 3 types and documentation (KIP-569), 4 is flexible. */
import { type BrokerState, NODE_ID } from '../brokerState.ts';
import { checkTopicName } from '../log/topicName.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { describeConfigsRequest, describeConfigsResponse } from '../wire/messages/describeConfigs.ts';
import {
  BROKER_RESOURCE,
  type ConfigEntry,
  describeBrokerConfigs,
  describeTopicConfigs,
  TOPIC_RESOURCE,
} from './configEntries.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  request: describeConfigsRequest,
  response: describeConfigsResponse,
  handle: (request, { broker }) => ({
    results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
      const found = configsOf(broker, resourceType, resourceName);
      if ('errorCode' in found) return { ...found, resourceType, resourceName, configs: [] };
      const wantsAll = configurationKeys === null || configurationKeys.length === 0;
      const wanted = found.entries.filter(({ name }) => wantsAll || configurationKeys.includes(name));
      return {
        errorCode: ErrorCode.NONE,
        errorMessage: '',
        resourceType,
        resourceName,
        configs: wanted.map((entry) => ({
          ...entry,
          synonyms: request.includeSynonyms ? entry.synonyms : [],
          documentation: request.includeDocumentation ? entry.documentation : null,
        })),
      };
    }),
  }),
});

type Found = { readonly entries: ConfigEntry[] } | { readonly errorCode: ErrorCode; readonly errorMessage: string };

function configsOf(broker: BrokerState, resourceType: number, resourceName: string): Found {
  if (resourceType === TOPIC_RESOURCE) {
    const nameProblem = checkTopicName(resourceName);
    if (nameProblem !== undefined) return { errorCode: ErrorCode.INVALID_TOPIC, errorMessage: nameProblem };
    const topic = broker.topics.get(resourceName);
    if (topic !== undefined) return { entries: describeTopicConfigs(topic.overrides) };
    return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `there is no topic ${resourceName}` };
  }
  if (resourceType !== BROKER_RESOURCE) {
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'only topics and brokers have configurations here' };
  }
  if (resourceName !== '' && resourceName !== String(NODE_ID)) {
    return { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: `the only broker is ${NODE_ID}, not ${resourceName}` };
  }
  return { entries: describeBrokerConfigs(broker) };
}
