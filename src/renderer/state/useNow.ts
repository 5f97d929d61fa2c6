/** What changes by the passing of time alone. One clock for all ages on the page, so that they change together. */
import { useSyncExternalStore } from 'react';
import { relative } from '../words/times';
import { createClock } from './clock';

const clock = createClock();
const never = () => () => undefined;

/** The time, epoch ms; renders again every second while `runs`. */
export const useNow = (runs: boolean): number => useSyncExternalStore(runs ? clock.subscribe : never, clock.now);

/** How long ago `time` (epoch ms) was, in words; renders again when the words change. */
export const useAge = (time: number): string =>
  useSyncExternalStore(clock.subscribe, () => relative(time, clock.now()));
