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
   * the person has to confirm it. `asking`: the cluster is still being asked whether any would.
   */
  readonly kind: 'same' | 'keeps' | 'deletes' | 'asking';
  /** Sentences. */
  readonly words: readonly string[];
}

export interface KnownBeforehand {
  /** Records that came before the new time; null when the cluster cannot be asked. */
  readonly older: RecordsBefore | 'asking' | null;
  readonly disk: DiskUse;
}

const FOR_GOOD = 'They are deleted for good; GeoStream cannot bring them back.';

/** undefined: the cluster does not tell its default. */
const limitAfter = (setting: LimitSetting, change: LimitChange): Limit | undefined =>
  change.kind === 'own' ? change.value : setting.fallback;

const isSame = (setting: LimitSetting, change: LimitChange): boolean =>
  change.kind === 'default' ? !setting.own : setting.own && setting.value === change.value;

const isTighter = (before: Limit, after: Limit): after is number =>
  after !== null && (before === null || after < before);

/** The age that records may have after the change, ms, where it lets older ones go than before; null where it does not. */
export function newAge(now: KnownRetention, change: RetentionChange): number | null {
  const after = limitAfter(now.ms, change.ms);
  return now.deletes && after !== undefined && isTighter(now.ms.value, after) ? after : null;
}

export function effectOf(now: KnownRetention, change: RetentionChange, { older, disk }: KnownBeforehand): Effect {
  if (isSame(now.ms, change.ms) && isSame(now.bytes, change.bytes)) {
    return { kind: 'same', words: ['This is how it is now.'] };
  }
  if (!now.deletes) {
    const kept = now.compacts ? 'Kafka keeps the latest record of every key' : 'Kafka deletes nothing';
    const words = `It has no effect as long as the topic's cleanup.policy does not say delete: ${kept}.`;
    return { kind: 'keeps', words: [words] };
  }
  const ms = limitAfter(now.ms, change.ms);
  const size = limitAfter(now.bytes, change.bytes);
  if (ms === undefined || size === undefined) {
    return { kind: 'deletes', words: ['The cluster does not tell its default, which may let records go.', FOR_GOOD] };
  }
  const parts = [
    ...(isTighter(now.ms.value, ms) ? [timeEffect(ms, older)] : []),
    ...(isTighter(now.bytes.value, size) ? [sizeEffect(size, disk)] : []),
  ];
  const words = parts.flatMap((part) => part.words);
  if (parts.length === 0) return { kind: 'keeps', words: ['Nothing is deleted by this.'] };
  if (parts.some(({ kind }) => kind === 'asking')) return { kind: 'asking', words };
  if (parts.every(({ kind }) => kind === 'keeps')) return { kind: 'keeps', words };
  return { kind: 'deletes', words: [...words, FOR_GOOD] };
}

function timeEffect(ms: number, older: KnownBeforehand['older']): Effect {
  const age = duration(ms);
  if (older === 'asking') return { kind: 'asking', words: [`Counting the records older than ${age}…`] };
  if (older === null) return { kind: 'deletes', words: [`Records older than ${age} go.`] };
  const { before, records } = older;
  if (records === 0)
    return { kind: 'keeps', words: ['The topic holds no records yet: nothing is deleted by this now.'] };
  if (before === 0) {
    return { kind: 'keeps', words: [`None of its ${counted(records, 'record')} is older than ${age} yet.`] };
  }
  const share =
    before === records ? `All its ${counted(records, 'record')}` : `${count(before)} of its ${count(records)} records`;
  return { kind: 'deletes', words: [`${share} ${before === 1 ? 'is' : 'are'} older than ${age}.`] };
}

function sizeEffect(size: number, disk: DiskUse): Effect {
  const most = bytes(size);
  const goes = `Where a partition is larger than ${most}, its oldest records go`;
  if (disk.kind !== 'known' || disk.missing > 0) return { kind: 'deletes', words: [`${goes}.`] };
  const largest = `the largest takes ${bytes(disk.largest)}`;
  if (disk.largest > size) return { kind: 'deletes', words: [`${goes}; ${largest}.`] };
  return { kind: 'keeps', words: [`No partition is larger than ${most} yet; ${largest}.`] };
}

/** Why records may stay longer than their retention; null where nothing is limited. */
export function filesWords(now: KnownRetention, change: RetentionChange): string | null {
  const limits = [limitAfter(now.ms, change.ms), limitAfter(now.bytes, change.bytes)];
  if (!now.deletes || limits.every((limit) => limit === null)) return null;
  const { segmentMs, segmentBytes } = now;
  const after = [segmentBytes !== null && bytes(segmentBytes), segmentMs !== null && duration(segmentMs)].filter(
    Boolean,
  );
  const begins = after.length === 0 ? '' : ` (a new one begins after ${after.join(' or ')})`;
  return `Kafka deletes whole files${begins}, the oldest first, within minutes: some records may stay longer.`;
}
