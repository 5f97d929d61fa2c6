/** Settings of the topics that are set again every few seconds: that is when the broker lets old segments go. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../src/broker/wire/messages/incrementalAlterConfigs.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { type Load, RETENTION_BYTES } from './load.ts';

const EVERY_MS = 2_000;
const TOPIC = 2;
const SET = 0;

export async function letOldSegmentsGo({ broker, goesOn }: Load, topics: readonly string[]): Promise<void> {
  const wire = await WireClient.open(broker);
  const configs = [{ ...RETENTION_BYTES, configOperation: SET }];
  const resources = topics.map((resourceName) => ({ resourceType: TOPIC, resourceName, configs }));
  while (goesOn()) {
    const messages = [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse] as const;
    const { responses } = await wire.ask(44, 1, messages, { resources, validateOnly: false });
    const refused = responses.find(({ errorCode }) => errorCode !== 0);
    if (refused !== undefined) throw new Error(`the settings were refused with ${refused.errorCode}`);
    await sleep(EVERY_MS);
  }
  wire.close();
}
