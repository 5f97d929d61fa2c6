/** Which number a layer shows, and how, as the person types it: read into the layer's style, or what is wrong in words. */
import type { LayerMeasure } from '../../shared/contract';
import { readNumber } from '../words/numbers';

export interface MeasureForm {
  readonly of: 'layer' | 'number';
  /** As typed, each kept while the layer's own colour is chosen. */
  readonly field: string;
  readonly by: LayerMeasure['by'];
  readonly from: string;
  readonly to: string;
}

export const ofChoices: readonly { value: MeasureForm['of']; label: string }[] = [
  { value: 'layer', label: 'By layer' },
  { value: 'number', label: 'By a number' },
];

export const byChoices: readonly { value: LayerMeasure['by']; label: string }[] = [
  { value: 'color', label: 'Colour' },
  { value: 'size', label: 'Size' },
  { value: 'both', label: 'Both' },
];

const MOST_CHARACTERS = 200;

export function formOf(measure: LayerMeasure | null): MeasureForm {
  const typed = (end: number | null | undefined) => (end === null || end === undefined ? '' : plainText(end));
  return {
    of: measure ? 'number' : 'layer',
    field: measure?.field ?? '',
    by: measure?.by ?? 'color',
    from: typed(measure?.min),
    to: typed(measure?.max),
  };
}

/** Without an exponent, which `readNumber` would not take; 20 digits behind the point at most. */
const plainText = (n: number): string =>
  /e/.test(String(n)) ? n.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : String(n);

export type ReadMeasure =
  | { readonly ok: true; readonly measure: LayerMeasure | null }
  | { readonly ok: false; readonly field?: string; readonly from?: string; readonly to?: string };

const NO_NUMBER = 'Write a number such as 12.5, or nothing.';

export function readMeasure({ of, field, by, from, to }: MeasureForm): ReadMeasure {
  if (of === 'layer') return { ok: true, measure: null };
  const name = field.trim();
  const [min, max] = [readEnd(from), readEnd(to)];
  const wrong = {
    ...(name === '' && { field: 'Name the field, such as speed.' }),
    ...(name.length > MOST_CHARACTERS && { field: `At most ${MOST_CHARACTERS} characters.` }),
    ...(min === undefined && { from: NO_NUMBER }),
    ...(max === undefined && { to: NO_NUMBER }),
  };
  if (Object.keys(wrong).length > 0 || min === undefined || max === undefined) return { ok: false, ...wrong };
  if (min !== null && max !== null && min >= max) return { ok: false, to: `More than ${from.trim()}.` };
  return { ok: true, measure: { field: name, by, min, max } };
}

/** Null: as the numbers go. Undefined: what was typed is no number. */
function readEnd(text: string): number | null | undefined {
  return text.trim() === '' ? null : (readNumber(text) ?? undefined);
}
