/** Changes to the settings of a topic, one by one (KIP-339), and what has to hold for all of them together. */
import { ConfigType } from './configValue.ts';
import { checkTopicConfig, type TopicOverrides, topicConfig } from './topicConfig.ts';

/** Numbers of AlterConfigOp.OpType. */
export const ConfigOperation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;

export interface ConfigChange {
  readonly name: string;
  readonly operation: (typeof ConfigOperation)[keyof typeof ConfigOperation];
  /** Null only where it does not matter (DELETE). */
  readonly value: string | null;
}

export function isConfigOperation(number: number): number is ConfigChange['operation'] {
  return number >= ConfigOperation.SET && number <= ConfigOperation.SUBTRACT;
}

/** What the settings are after the changes, or a sentence that says which of them cannot be. */
export function changeOverrides(overrides: TopicOverrides, changes: readonly ConfigChange[]): TopicOverrides | string {
  const changed = new Map(Object.entries(overrides));
  for (const { name, operation, value } of changes) {
    switch (operation) {
      case ConfigOperation.SET:
        changed.set(name, value ?? '');
        break;
      case ConfigOperation.DELETE:
        changed.delete(name);
        break;
      case ConfigOperation.APPEND:
      case ConfigOperation.SUBTRACT: {
        const definition = topicConfig(name);
        if (definition?.type !== ConfigType.LIST) {
          const word = operation === ConfigOperation.APPEND ? 'APPEND' : 'SUBTRACT';
          return `Can't ${word} to key ${name} because its type is not LIST.`;
        }
        const before = elements(changed.get(name) ?? definition.defaultValue);
        const named = (value ?? '').split(',');
        const kept = before.filter((element) => operation === ConfigOperation.APPEND || !named.includes(element));
        const added = operation === ConfigOperation.APPEND ? named.filter((element) => !kept.includes(element)) : [];
        changed.set(name, [...kept, ...new Set(added)].join(','));
        break;
      }
    }
  }
  return Object.fromEntries(changed);
}

function elements(list: string): string[] {
  return list.split(',').filter((element) => element !== '');
}

/** A sentence that says what is wrong with a topic's settings, or undefined. */
export function checkOverrides(overrides: TopicOverrides): string | undefined {
  for (const [name, value] of Object.entries(overrides)) {
    const problem = checkTopicConfig(name, value);
    if (problem !== undefined) return problem;
  }
  const lag = (name: string) => BigInt(overrides[name] ?? topicConfig(name)?.defaultValue ?? 0);
  const [least, most] = [lag('min.compaction.lag.ms'), lag('max.compaction.lag.ms')];
  if (least <= most) return undefined;
  return `conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`;
}
