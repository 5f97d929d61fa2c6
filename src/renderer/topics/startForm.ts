/** Where the next topic starts and stops to be read, as the person types it: read into positions, or what is wrong in words. */
import { parseEventTime } from '../../geo/eventTime';
import type { StartPosition, StopPosition } from '../../shared/contract';

export interface StartForm {
  readonly kind: StartPosition['kind'];
  /** As typed, each kept while another kind is chosen. */
  readonly time: string;
  readonly minutes: string;
  readonly offset: string;
  readonly records: string;
}

export interface StopForm {
  readonly kind: StopPosition['kind'];
  readonly time: string;
  readonly offset: string;
}

export interface RangeForm {
  readonly start: StartForm;
  readonly stop: StopForm;
}

export interface ReadingRange {
  readonly start: StartPosition;
  readonly stop: StopPosition;
}

export const firstRangeForm: RangeForm = {
  start: { kind: 'beginning', time: '', minutes: '10', offset: '0', records: '1000' },
  stop: { kind: 'never', time: '', offset: '' },
};

export const startChoices: readonly { value: StartPosition['kind']; label: string }[] = [
  { value: 'now', label: 'Now' },
  { value: 'beginning', label: 'The beginning' },
  { value: 'committed', label: 'Where I left off' },
  { value: 'time', label: 'A time' },
  { value: 'ago', label: 'Minutes ago' },
  { value: 'offset', label: 'An offset' },
  { value: 'last', label: 'The last records' },
];

export const stopChoices: readonly { value: StopPosition['kind']; label: string }[] = [
  { value: 'never', label: 'Read on for ever' },
  { value: 'end', label: 'Stop at the end' },
  { value: 'time', label: 'Stop at a time' },
  { value: 'offset', label: 'Stop at an offset' },
];

interface Field<Name> {
  readonly name: Name;
  readonly label: string;
  readonly placeholder: string;
}

/** The field that a kind of start needs, with its label; null when it needs none. */
export function startField(kind: StartPosition['kind']): Field<Exclude<keyof StartForm, 'kind'>> | null {
  switch (kind) {
    case 'time':
      return { name: 'time', label: 'Time, UTC unless a zone is given', placeholder: '2026-11-23 18:30' };
    case 'ago':
      return { name: 'minutes', label: 'Minutes', placeholder: '10' };
    case 'offset':
      return { name: 'offset', label: 'Offset, in every partition', placeholder: '0' };
    case 'last':
      return { name: 'records', label: 'Records, over all partitions', placeholder: '1000' };
    default:
      return null;
  }
}

/** The same for a kind of stop. */
export function stopField(kind: StopPosition['kind']): Field<Exclude<keyof StopForm, 'kind'>> | null {
  switch (kind) {
    case 'time':
      return { name: 'time', label: 'Stop time, UTC unless a zone is given', placeholder: '2026-11-23 19:00' };
    case 'offset':
      return { name: 'offset', label: 'Last offset, in every partition', placeholder: '1000' };
    default:
      return null;
  }
}

/** A whole number with or without thousands separators; NaN for anything else. */
function wholeNumber(text: string): number {
  const plain = text.trim().replaceAll(/(?<=\d)[,_ ](?=\d{3}(?:\D|$))/g, '');
  return /^\d{1,16}$/.test(plain) ? Number(plain) : Number.NaN;
}

const NO_TIME = 'Write a time such as 2026-11-23 18:30, or 2026-11-23T18:30+02:00.';
const NO_OFFSET = 'An offset is a whole number from 0 on.';

/** Epoch ms; null when what was typed is no time that Kafka knows. */
export function readTime(text: string): number | null {
  const at = parseEventTime(text);
  return at === null || at < 0 ? null : Math.trunc(at);
}

export type ReadStart = { readonly start: StartPosition } | { readonly error: string };

export function readStart(form: StartForm): ReadStart {
  switch (form.kind) {
    case 'time': {
      const at = readTime(form.time);
      return at === null ? { error: NO_TIME } : { start: { kind: 'time', at } };
    }
    case 'ago': {
      const minutes = /^\d{1,8}(?:\.\d+)?$/.test(form.minutes.trim()) ? Number(form.minutes) : Number.NaN;
      const ms = Math.round(minutes * 60_000);
      return ms > 0 ? { start: { kind: 'ago', ms } } : { error: 'Write how many minutes, such as 10.' };
    }
    case 'offset': {
      const offset = wholeNumber(form.offset);
      return Number.isSafeInteger(offset) ? { start: { kind: 'offset', offset } } : { error: NO_OFFSET };
    }
    case 'last': {
      const records = wholeNumber(form.records);
      if (!(records >= 1 && records <= 1_000_000_000))
        return { error: 'Write how many records, from 1 to 1,000,000,000.' };
      return { start: { kind: 'last', records } };
    }
    default:
      return { start: { kind: form.kind } };
  }
}

export type ReadStop = { readonly stop: StopPosition } | { readonly error: string };

export function readStop(form: StopForm): ReadStop {
  switch (form.kind) {
    case 'time': {
      const at = readTime(form.time);
      return at === null ? { error: NO_TIME } : { stop: { kind: 'time', at } };
    }
    case 'offset': {
      const offset = wholeNumber(form.offset);
      return Number.isSafeInteger(offset) ? { stop: { kind: 'offset', offset } } : { error: NO_OFFSET };
    }
    default:
      return { stop: { kind: form.kind } };
  }
}

/** Why a stop leaves nothing to be read after the start; null when it may leave something. */
function emptyRange(start: StartPosition, stop: StopPosition): string | null {
  if (start.kind === 'now' && stop.kind === 'end') return 'From now to the end there is nothing to read.';
  if (start.kind === 'time' && stop.kind === 'time' && stop.at <= start.at)
    return 'The stop has to be later than the start.';
  if (start.kind === 'offset' && stop.kind === 'offset' && stop.offset < start.offset)
    return 'The last offset is before the first one.';
  return null;
}

export type ReadRange =
  | { readonly ok: true; readonly range: ReadingRange }
  | { readonly ok: false; readonly start?: string; readonly stop?: string };

/** @returns both positions, or what is wrong with either. */
export function readRange(form: RangeForm): ReadRange {
  const first = readStart(form.start);
  const last = readStop(form.stop);
  if ('error' in first) return { ok: false, start: first.error, ...('error' in last && { stop: last.error }) };
  if ('error' in last) return { ok: false, stop: last.error };
  const empty = emptyRange(first.start, last.stop);
  return empty ? { ok: false, stop: empty } : { ok: true, range: { start: first.start, stop: last.stop } };
}
