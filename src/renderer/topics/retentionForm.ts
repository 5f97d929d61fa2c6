/** A topic's retention as a person sets it: typed fields, read into a change or into what is wrong in words. */
import type { DiskUse, KnownRetention, Limit, LimitChange, RetentionChange } from '../../shared/topicStorage';
import { bytes as byteWords, counted, readNumber } from '../words/numbers';
import { limitWords } from '../words/retention';

export type RetentionKind = 'for-ever' | 'time' | 'size' | 'both' | 'default';
export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days';
export type SizeUnit = 'bytes' | 'kB' | 'MB' | 'GB' | 'TB';

export interface RetentionForm {
  readonly kind: RetentionKind;
  /** As typed, each kept while another kind is chosen. */
  readonly time: string;
  readonly timeUnit: TimeUnit;
  readonly size: string;
  readonly sizeUnit: SizeUnit;
}

/** What to choose from; the cluster's default says what it is, where the cluster tells. */
export function kindChoices({ ms, bytes }: KnownRetention): { value: RetentionKind; label: string }[] {
  const told = ms.fallback !== undefined && bytes.fallback !== undefined;
  const is = told ? ` (${limitWords({ ms: ms.fallback ?? null, bytes: bytes.fallback ?? null })})` : '';
  return [
    { value: 'for-ever', label: 'For ever' },
    { value: 'time', label: 'For a time' },
    { value: 'size', label: 'Up to a size' },
    { value: 'both', label: 'For a time, and up to a size' },
    { value: 'default', label: `As the cluster does by default${is}` },
  ];
}

/** In ms, the largest last. */
export const timeUnits: Readonly<Record<TimeUnit, number>> = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** In bytes, the largest last: powers of 1,000, as everywhere in the window. */
export const sizeUnits: Readonly<Record<SizeUnit, number>> = {
  bytes: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** A hundred years. */
const LONGEST_MS = 36_500 * timeUnits.days;
const LARGEST_BYTES = 9_000 * sizeUnits.TB;

/** To three decimal places. Nothing is multiplied, and so no whole number changes, however large. */
const toThousandths = (value: number) => Number(value.toFixed(3));

/** "1.5" and "days" for 129,600,000: the largest unit that says it exactly. */
function inUnits<U extends string>(value: number, units: Readonly<Record<U, number>>): [string, U] {
  const names = Object.keys(units) as U[];
  const exact = names.findLast((name) => {
    const shown = toThousandths(value / units[name]);
    return shown >= 1 && Math.round(shown * units[name]) === value;
  });
  const unit = exact ?? (names[0] as U);
  return [String(toThousandths(value / units[unit])), unit];
}

/** What holds now, as it would have been typed. */
export function formOf({ ms, bytes }: KnownRetention): RetentionForm {
  const [time, timeUnit] = inUnits(ms.value ?? 7 * timeUnits.days, timeUnits);
  const [size, sizeUnit] = inUnits(bytes.value ?? sizeUnits.GB, sizeUnits);
  const fields = { time, timeUnit, size, sizeUnit };
  if (!ms.own && !bytes.own) return { kind: 'default', ...fields };
  if (ms.value === null) return { kind: bytes.value === null ? 'for-ever' : 'size', ...fields };
  return { kind: bytes.value === null ? 'time' : 'both', ...fields };
}

export const hasTime = (kind: RetentionKind) => kind === 'time' || kind === 'both';
export const hasSize = (kind: RetentionKind) => kind === 'size' || kind === 'both';

export type ReadRetention =
  | { readonly ok: true; readonly change: RetentionChange }
  | { readonly ok: false; readonly time: string | null; readonly size: string | null };

const own = (value: Limit): LimitChange => ({ kind: 'own', value });

/** @returns the change, or what is wrong with either field. */
export function readRetention(form: RetentionForm): ReadRetention {
  if (form.kind === 'default') return { ok: true, change: { ms: { kind: 'default' }, bytes: { kind: 'default' } } };
  const ms = hasTime(form.kind) ? readTime(form) : null;
  const bytes = hasSize(form.kind) ? readSize(form) : null;
  const time = typeof ms === 'string' ? ms : null;
  const size = typeof bytes === 'string' ? bytes : null;
  if (typeof ms === 'string' || typeof bytes === 'string') return { ok: false, time, size };
  return { ok: true, change: { ms: own(ms), bytes: own(bytes) } };
}

/** Milliseconds, or what is wrong. */
function readTime({ time, timeUnit }: RetentionForm): number | string {
  const typed = readNumber(time);
  if (typed === null) return 'Write a number, such as 7 or 1.5.';
  const ms = Math.round(typed * timeUnits[timeUnit]);
  if (ms < 1_000) return 'At least 1 second.';
  return ms > LONGEST_MS ? 'At most 36,500 days (100 years); choose “For ever” instead.' : ms;
}

/** Bytes, or what is wrong. */
function readSize({ size, sizeUnit }: RetentionForm): number | string {
  const typed = readNumber(size);
  if (typed === null) return 'Write a number, such as 1 or 2.5.';
  const bytes = Math.round(typed * sizeUnits[sizeUnit]);
  if (bytes < 1) return 'At least 1 byte.';
  return bytes > LARGEST_BYTES ? 'At most 9,000 TB; choose a retention without a size instead.' : bytes;
}

/** What a size of each partition comes to: "3 partitions: up to 3 GB in all, 9 GB with every replica". */
export function totalWords(read: ReadRetention, partitions: number, disk: DiskUse): string | undefined {
  if (!read.ok || read.change.bytes.kind === 'default' || read.change.bytes.value === null) return undefined;
  const each = read.change.bytes.value;
  const replicas = disk.kind === 'known' ? disk.replicas + disk.missing : partitions;
  const all = replicas > partitions ? `, ${byteWords(each * replicas)} with every replica` : '';
  return `${counted(partitions, 'partition')}: up to ${byteWords(each * partitions)} in all${all}`;
}

/** The change that would bring back what holds now. */
export const undoOf = ({ ms, bytes }: KnownRetention): RetentionChange => ({
  ms: ms.own ? own(ms.value) : { kind: 'default' },
  bytes: bytes.own ? own(bytes.value) : { kind: 'default' },
});
