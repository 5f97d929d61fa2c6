/**
 * When the page comes into the window at its start: after the map's first points, for to load and render it holds the
 * page's thread for some 300 ms, and the drawing worker hears nothing meanwhile: neither the view nor of its points.
 */
import { type Phase, useMain } from './mainState';
import { useMap } from './mapState';

/** From the map on; a map without points must not leave anybody without a page. */
const WAIT_FOR_POINTS_MS = 800;
/** From the snapshot on; nor must a map that cannot be made. */
const WAIT_FOR_MAP_MS = 2_000;
/** From the beginning; nor must a main process that does not answer. */
const WAIT_FOR_SNAPSHOT_MS = 4_000;

/** How long the page waits, from when it has come to this, ms. */
export function pageWait(phase: Phase['kind'], mapIsUp: boolean, pointsShown: boolean): number {
  if (phase === 'loading') return WAIT_FOR_SNAPSHOT_MS;
  if (phase === 'failed' || pointsShown) return 0;
  return mapIsUp ? WAIT_FOR_POINTS_MS : WAIT_FOR_MAP_MS;
}

/** Calls back once, when it is the page's turn. */
export function onPageTurn(come: () => void): void {
  let wait = Number.NaN;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const { map, pointsShown, failure } = useMap.getState();
    const next = failure === null ? pageWait(useMain.getState().phase.kind, map !== null, pointsShown) : 0;
    if (next === wait) return;
    wait = next;
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const end of following) end();
      come();
    }, wait);
  };
  const following = [useMain.subscribe(look), useMap.subscribe(look)];
  look();
}
