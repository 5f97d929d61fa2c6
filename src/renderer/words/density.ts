/** The density view in words: what is chosen, and what its colours and cells mean. */
import type { PictureWish } from '../../shared/contract';
import { CELL, CROWD, densitySteps, metresPerPixel } from '../map/densityScale';
import { count, counted } from './numbers';

export const pictureChoices: readonly {
  readonly value: PictureWish;
  readonly label: string;
  readonly meaning: string;
}[] = [
  { value: 'marks', label: 'Marks', meaning: 'Every entity, and its trail' },
  { value: 'density', label: 'Density', meaning: 'How many are where, without trails' },
  { value: 'automatic', label: 'Density in a crowd', meaning: `Marks up to ${count(CROWD)} entities in the view` },
];

/** Counts that a step stands for, on a scale of so many: "1", "2–4", "5–9", and so on. */
export function stepWords(step: number): string {
  const [least, next] = [densitySteps[step] ?? 1, densitySteps[step + 1]];
  if (next === undefined) return `${count(least)} and more`;
  return next - least === 1 ? count(least) : `${count(least)}–${count(next - 1)}`;
}

/** Two digits that count: "1.2 km", "160 m". */
function distanceWords(metres: number): string {
  const [value, unit] = metres >= 995 ? [metres / 1000, 'km'] : [metres, 'm'];
  return `${count10(value)} ${unit}`;
}
const count10 = (value: number) => (value < 9.95 ? value.toFixed(1) : count(Number(value.toPrecision(2))));

/** How wide a cell is on the ground at a latitude. */
export const cellWidthWords = (lat: number, zoom: number) => distanceWords(CELL * metresPerPixel(lat, zoom));

export const scaleTitle = `Entities per cell of ${CELL} px`;

export const cellWords = (entities: number) => `${counted(entities, 'entity', 'entities')} in this cell`;
