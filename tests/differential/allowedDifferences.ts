/**
 * What two correct brokers may answer differently, each with its reason. Everything that is not named here has to be
 * the same. What identifies something (a topic, a member, a producer) is replaced by its number in the order of
 * appearance, so that the same thing still has to have the same id.
 */
export type Fields = Readonly<Record<string, unknown>>;

export interface Allowance {
  readonly field: string;
  /** The APIs in whose answers the field may differ; all unless given. */
  readonly in?: readonly string[];
  readonly because: string;
  /** What is compared in place of the value; `siblings` are the fields of the same structure. */
  show(value: unknown, siblings: Fields, labels: Labels): unknown;
}

/** Gives each id a number, in the order of appearance. */
export class Labels {
  private readonly known = new Map<string, string>();

  of(kind: string, id: unknown): string {
    const key = `${kind} ${String(id)}`;
    const label = this.known.get(key) ?? `${kind} #${this.known.size + 1}`;
    this.known.set(key, label);
    return label;
  }
}

const NO_ID = '0'.repeat(32);
/** As both brokers end a member id that they make up. */
const MADE_UP = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const memberId = (value: unknown, _: Fields, labels: Labels) =>
  typeof value === 'string' ? value.replace(MADE_UP, (id) => labels.of('member', id)) : value;
const given = (what: string) => (value: unknown) =>
  value === null || value === -1 || value === '' ? value : `(some ${what})`;

export const ALLOWED: readonly Allowance[] = [
  { field: 'throttleTimeMs', because: 'the built-in broker has no quotas', show: () => '(any)' },
  { field: 'port', because: 'each has its own', show: given('port') },
  { field: 'clusterId', because: 'each has its own', show: given('cluster id') },
  {
    field: 'controllerId',
    because: 'Kafka names any broker that is alive, for the real controller is out of reach of clients',
    show: given('node'),
  },
  {
    field: 'topicId',
    because: 'topic ids are random',
    show: (value, _, labels) => (value === NO_ID ? value : labels.of('topic', value)),
  },
  { field: 'memberId', because: 'member ids are random behind their prefix', show: memberId },
  { field: 'leader', because: 'member ids are random behind their prefix', show: memberId },
  {
    field: 'producerId',
    because: 'producer ids come in blocks',
    show: (value, _, labels) => (Number(value) < 0 ? value : labels.of('producer', value)),
  },
  {
    field: 'errorMessage',
    because: 'the wording is free; there is none where nothing is wrong',
    show: (value, { errorCode }) => (errorCode === 0 ? value : '(any)'),
  },
  {
    field: 'errorCode',
    in: ['Produce'],
    because:
      'Kafka asks about the transactions of several requests at once, as if all were of the version of the first: ' +
      'whether version 11 is told 120 or 48, which only older ones should be, is chance',
    show: (value) => (value === 48 || value === 120 ? '48 or 120' : value),
  },
  {
    field: 'logStartOffset',
    in: ['Produce'],
    because: 'where nothing was appended, Kafka tells it after some of its checks and not after others',
    show: (value, { errorCode }) => (errorCode === 0 ? value : '(any)'),
  },
  {
    field: 'recordErrors',
    in: ['Produce'],
    because: 'the built-in broker judges a batch by its header and does not look for the record that is to blame',
    show: (value, { errorCode }) => (errorCode === 0 ? value : '(any)'),
  },
  { field: 'message', in: ['Produce'], because: 'the wording is free', show: given('text') },
  { field: 'documentation', because: 'the wording is free', show: given('text') },
  { field: 'logAppendTimeMs', because: 'the clocks are read at different times', show: given('time') },
  {
    field: 'topicAuthorizedOperations',
    because: 'the built-in broker has no access control',
    show: () => '(any)',
  },
  {
    field: 'clusterAuthorizedOperations',
    because: 'the built-in broker has no access control',
    show: () => '(any)',
  },
  { field: 'authorizedOperations', because: 'the built-in broker has no access control', show: () => '(any)' },
  { field: 'logDir', because: 'each has its own folder', show: given('folder') },
  { field: 'totalBytes', because: 'the disk is shared with everybody else', show: given('size') },
  { field: 'usableBytes', because: 'the disk is shared with everybody else', show: given('size') },
];

export interface Unordered {
  readonly field: string;
  readonly in: readonly string[];
  /** What they are sorted by. */
  readonly by: readonly string[];
  readonly because: string;
}

export const UNORDERED: readonly Unordered[] = [
  {
    field: 'topics',
    in: [
      'Metadata',
      'ListOffsets',
      'DeleteRecords',
      'OffsetFetch',
      'OffsetCommit',
      'OffsetDelete',
      'TxnOffsetCommit',
      'OffsetForLeaderEpoch',
      'DescribeLogDirs',
    ],
    by: ['name', 'topic'],
    because: 'Kafka goes by hash',
  },
  {
    field: 'partitions',
    in: [
      'Produce',
      'ListOffsets',
      'DeleteRecords',
      'OffsetFetch',
      'OffsetCommit',
      'OffsetDelete',
      'Fetch',
      'TxnOffsetCommit',
      'AddPartitionsToTxn',
      'OffsetForLeaderEpoch',
      'DescribeLogDirs',
    ],
    by: ['index', 'partitionIndex', 'partition'],
    because: 'Kafka goes by hash',
  },
  {
    field: 'responses',
    in: ['Produce', 'Fetch'],
    by: ['name', 'topic', 'partitions'],
    because: 'Kafka goes by hash, and puts errors last',
  },
  {
    field: 'abortedTransactions',
    in: ['Fetch'],
    by: ['firstOffset'],
    because: 'Kafka goes by their ends; kafkajs, which it misleads by that, takes them to go by their first offsets',
  },
  { field: 'results', in: ['AddPartitionsToTxn', 'CreatePartitions'], by: ['name'], because: 'Kafka goes by hash' },
  {
    field: 'groups',
    in: ['ListGroups'],
    by: ['groupId'],
    because: 'Kafka lists one partition of groups after another',
  },
];

export function allowanceFor(api: string, field: string): Allowance | undefined {
  return ALLOWED.find((allowance) => allowance.field === field && (allowance.in?.includes(api) ?? true));
}
