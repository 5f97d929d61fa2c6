/** The way on which points come from the main process; asked for before there is a map, which takes a while to make. */
import { channels } from '../../shared/channels';
import { command } from './command';

let waiting: MessagePort | undefined;
let take: ((port: MessagePort) => void) | undefined;

/** Every stream starts anew, over a port of its own that replaces the one before. */
export function askForPoints(): void {
  void command('points.connect', {});
}

/** Call first of all, once. */
export function askForPointsAhead(): void {
  window.addEventListener('message', ({ source, data, ports: [port] }: MessageEvent<unknown>) => {
    if (source !== window || data !== channels.pointsPort || !port) return;
    if (take) take(port);
    else waiting = port;
  });
  // Without a bridge the page says so, and has no map.
  if ('geostream' in window) askForPoints();
}

/** @param taker gets the port that has come, and each that takes its place */
export function takePoints(taker: (port: MessagePort) => void): void {
  take = taker;
  if (waiting) taker(waiting);
  waiting = undefined;
}
