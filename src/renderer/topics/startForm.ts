/** Where the next topic starts, as the person types it: read into a StartPosition, or what is wrong in words. */
import { parseEventTime } from '../../geo/eventTime';
import type { StartPosition } from '../../shared/contract';

export interface StartForm {
  readonly kind: StartPosition['kind'];
  /** As typed, each kept while another kind is chosen. */
  readonly time: string;
  readonly minutes: string;
  readonly offset: string;
  readonly records: string;
}

export const firstStartForm: StartForm = { kind: 'beginning', time: '', minutes: '10', offset: '0', records: '1000' };

export const startChoices: readonly { value: StartPosition['kind']; label: string }[] = [
  { value: 'now', label: 'Now' },
  { value: 'beginning', label: 'The beginning' },
  { value: 'committed', label: 'Where I left off' },
  { value: 'time', label: 'A time' },
  { value: 'ago', label: 'Minutes ago' },
  { value: 'offset', label: 'An offset' },
  { value: 'last', label: 'The last records' },
];

type Typed = 'time' | 'minutes' | 'offset' | 'records';

/** The field that a kind of start needs, with its label; null when it needs none. */
export function startField(kind: StartPosition['kind']): { name: Typed; label: string; placeholder: string } | null {
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

export type ReadStart = { readonly start: StartPosition } | { readonly error: string };

/** A whole number with or without thousands separators; NaN for anything else. */
function wholeNumber(text: string): number {
  const plain = text.trim().replaceAll(/(?<=\d)[,_ ](?=\d{3}(?:\D|$))/g, '');
  return /^\d{1,16}$/.test(plain) ? Number(plain) : Number.NaN;
}

export function readStart(form: StartForm): ReadStart {
  switch (form.kind) {
    case 'time': {
      const at = parseEventTime(form.time);
      if (at === null || at < 0) return { error: 'Write a time such as 2026-11-23 18:30, or 2026-11-23T18:30+02:00.' };
      return { start: { kind: 'time', at: Math.trunc(at) } };
    }
    case 'ago': {
      const minutes = /^\d{1,8}(?:\.\d+)?$/.test(form.minutes.trim()) ? Number(form.minutes) : Number.NaN;
      const ms = Math.round(minutes * 60_000);
      return ms > 0 ? { start: { kind: 'ago', ms } } : { error: 'Write how many minutes, such as 10.' };
    }
    case 'offset': {
      const offset = wholeNumber(form.offset);
      if (!Number.isSafeInteger(offset)) return { error: 'An offset is a whole number from 0 on.' };
      return { start: { kind: 'offset', offset } };
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
