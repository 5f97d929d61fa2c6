/** How far a layer has read what was there when it started, in words. */
import { count, percent } from './numbers';
import { span } from './times';

export interface Backlog {
  /** Offsets. */
  readonly done: number;
  readonly total: number;
}

/** Below this many records a second, when it would end is anybody's guess. */
const LEAST_RATE = 0.5;

/** "about 12 s left" at this rate (records a second); empty when nothing can be said. */
export function timeLeft({ done, total }: Backlog, rate: number): string {
  const left = total - done;
  if (left <= 0 || rate < LEAST_RATE) return '';
  const ms = (left / rate) * 1_000;
  return ms < 1_000 ? 'less than 1 s left' : `about ${span(ms)} left`;
}

/** "1,234,567 of 5,000,000 · 24 % · about 12 s left". */
export function progressWords(backlog: Backlog, rate: number): string {
  const { done, total } = backlog;
  const parts = [`${count(done)} of ${count(total)}`, `${percent(done, total)} %`, timeLeft(backlog, rate)];
  return parts.filter(Boolean).join(' · ');
}
