/** What a change of a topic's retention will do, told before it is done. */
import type {
  DiskUse,
  KnownRetention,
  Limit,
  LimitChange,
  LimitSetting,
  RecordsBefore,
  RetentionChange,
} from '../../shared/topicStorage';
import { bytes, count, counted } from '../words/numbers';
import { duration } from '../words/times';

export interface Effect {
  /**
   * `same`: it is so already. `keeps`: nothing is let go by it. `deletes`: records may be deleted at once, for good, and
   * the person has to confirm it.
   */
  readonly kind: 'same' | 'keeps' | 'deletes';
  /** Sentences. */
  readonly words: readonly string[];
}

export interface KnownBeforehand {
  /** Records that came before the new time; null while it is not known. */
  readonly older: RecordsBefore | null;
  readonly disk: DiskUse;
}

const FOR_GOOD = 'They are deleted for good: GeoStream cannot bring them back.';

/** undefined: the cluster does not tell its default. */
const limitAfter = (setting: LimitSetting, change: LimitChange): Limit | undefined =>
  change.kind === 'own' ? change.value : setting.fallback;

const isSame = (setting: LimitSetting, change: LimitChange): boolean =>
  change.kind === 'default' ? !setting.own : setting.own && setting.value === change.value;

const isTighter = (before: Limit, after: Limit): after is number =>
  after !== null && (before === null || after < before);

/** The age that records may have after the change where they may be older before; null: it lets none of them go. */
export function newAge(now: KnownRetention, change: RetentionChange): number | null {
  const after = limitAfter(now.ms, change.ms);
  return now.deletes && after !== undefined && isTighter(now.ms.value, after) ? after : null;
}

export function effectOf(now: KnownRetention, change: RetentionChange, known: KnownBeforehand): Effect {
  if (isSame(now.ms, change.ms) && isSame(now.bytes, change.bytes)) {
    return { kind: 'same', words: ['This is how it is now.'] };
  }
  if (!now.deletes) {
    const kept = now.compacts ? 'Kafka keeps the latest record of every key' : 'Kafka deletes nothing';
    return {
      kind: 'keeps',
      words: [`It has no effect as long as the topic's cleanup.policy does not say delete: ${kept}.`],
    };
  }
  const ms = limitAfter(now.ms, change.ms);
  const size = limitAfter(now.bytes, change.bytes);
  if (ms === undefined || size === undefined) {
    return { kind: 'deletes', words: ['The cluster does not tell its default: it may let records go. ' + FOR_GOOD] };
  }
  const effects = [
    ...(isTighter(now.ms.value, ms) ? [timeEffect(ms, known.older)] : []),
    ...(isTighter(now.bytes.value, size) ? [sizeEffect(size, known.disk)] : []),
  ];
  if (effects.length === 0)
    return { kind: 'keeps', words: ['Nothing is deleted by this: what is there stays at least as long.'] };
  const deletes = effects.some(({ deleting }) => deleting);
  return {
    kind: deletes ? 'deletes' : 'keeps',
    words: [...effects.map(({ words }) => words), ...(deletes ? [FOR_GOOD] : [])],
  };
}

interface PartOfEffect {
  readonly words: string;
  readonly deleting: boolean;
}

function timeEffect(ms: number, older: RecordsBefore | null): PartOfEffect {
  const age = duration(ms);
  if (older === null) return { words: `Records older than ${age} go.`, deleting: true };
  const { before, records } = older;
  if (before === 0)
    return { words: `None of its ${counted(records, 'record')} is older than ${age} yet.`, deleting: false };
  return {
    words: `${count(before)} of ${counted(records, 'record')} ${before === 1 ? 'is' : 'are'} older than ${age}.`,
    deleting: true,
  };
}

function sizeEffect(size: number, disk: DiskUse): PartOfEffect {
  const most = bytes(size);
  if (disk.kind !== 'known' || disk.missing > 0) {
    return { words: `Where a partition is larger than ${most}, its oldest records go.`, deleting: true };
  }
  const largest = `the largest takes ${bytes(disk.largest)}`;
  if (disk.largest <= size) return { words: `No partition is larger than ${most} yet; ${largest}.`, deleting: false };
  return { words: `Where a partition is larger than ${most}, its oldest records go; ${largest}.`, deleting: true };
}

/** Why records may stay longer than their retention; null where nothing is limited, or the cluster does not tell. */
export function filesWords(
  { segmentMs, segmentBytes, deletes }: KnownRetention,
  change: RetentionChange,
): string | null {
  const limited = [change.ms, change.bytes].some(
    ({ kind, ...rest }) => kind === 'default' || ('value' in rest && rest.value !== null),
  );
  if (!limited || !deletes) return null;
  const after = [segmentBytes === null ? null : bytes(segmentBytes), segmentMs === null ? null : duration(segmentMs)];
  const begins = after.filter((part) => part !== null).join(' or ');
  const file = begins === '' ? '' : ` A partition begins a new file after ${begins}.`;
  return `Kafka looks every few minutes and deletes whole files, the oldest first, so that records may stay longer.${file}`;
}
