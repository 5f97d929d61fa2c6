/** How fast a file can be played, in times its own pace; null is as fast as the cluster takes it. */
import { count } from '../words/numbers';

const speeds: readonly (number | null)[] = [0.5, 1, 10, 60, 600, 1_000, 3_600, null];

export const speedWords = (speed: number | null): string =>
  speed === null ? 'As fast as possible' : `${speed < 1 ? speed : count(speed)}×`;

export const speedChoices = speeds.map((speed) => ({
  value: speed === null ? 'max' : String(speed),
  label: speedWords(speed),
}));

export const readSpeed = (value: string): number | null => (value === 'max' ? null : Number(value));
