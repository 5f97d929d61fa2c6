/** The values that settings may have by their types, as Apache Kafka reads them (ConfigDef), and what it tells of them. */

/** Numbers of DescribeConfigsResponse.ConfigType (KIP-569). */
export const ConfigType = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, DOUBLE: 6, LIST: 7 } as const;
export type ConfigType = (typeof ConfigType)[keyof typeof ConfigType];

function integer(least: bigint, greatest: bigint) {
  return (value: string): string | undefined => {
    if (!/^[+-]?\d{1,19}$/.test(value)) return 'is not a whole number';
    const number = BigInt(value);
    return number < least || number > greatest ? `is not between ${least} and ${greatest}` : undefined;
  };
}

export function oneOf(...allowed: string[]) {
  return (value: string): string | undefined =>
    allowed.includes(value) ? undefined : `is not one of ${allowed.join(', ')}`;
}

export const truth = (value: string) => oneOf('true', 'false')(value.toLowerCase());
export const int32 = (least: bigint) => integer(least, 2147483647n);
export const int64 = (least: bigint) => integer(least, 9223372036854775807n);

/** With none, records are neither deleted nor compacted (KIP-1161). */
export function cleanupPolicy(value: string): string | undefined {
  if (value === '') return undefined;
  const policies = value.split(',').map((policy) => policy.trim());
  const known = policies.every((policy) => policy === 'delete' || policy === 'compact');
  return known ? undefined : 'is not delete, compact or both';
}

/** `partition:broker`, several of them, or a star for all. */
export function replicas(value: string): string | undefined {
  const known = value === '*' || value.split(',').every((replica) => /^(\d+:\d+)?$/.test(replica.trim()));
  return known ? undefined : 'is neither * nor a list of partition:broker';
}

export function ratio(value: string): string | undefined {
  const number = Number(value);
  return value !== '' && number >= 0 && number <= 1 ? undefined : 'is not between 0 and 1';
}

/** A value without what is around it, which counts in a text alone. */
export function trimmed(type: ConfigType, value: string): string {
  return type === ConfigType.STRING ? value : value.trim();
}

/** What is understood of a value, as it is told to those who ask: "+5" is 5, and nothing is twice in a list. */
export function plainValue(type: ConfigType, value: string): string {
  const text = trimmed(type, value);
  switch (type) {
    case ConfigType.BOOLEAN:
      return text.toLowerCase();
    case ConfigType.INT:
    case ConfigType.LONG:
      return String(BigInt(text));
    case ConfigType.DOUBLE: {
      const number = Number(text);
      return Number.isInteger(number) ? number.toFixed(1) : String(number);
    }
    case ConfigType.LIST:
      return [...new Set(text.split(',').map((element) => element.trim()))].join(',');
    case ConfigType.STRING:
      return text;
  }
}
