/**
 * When the panels come onto the page at its start: after the map's first points, for to put them there holds the page's
 * thread for some 200 ms, and the drawing worker hears nothing meanwhile: neither the view nor of its points.
 */
import { startTransition, useEffect, useState } from 'react';
import { type Phase, useMain } from './mainState';
import { useMap } from './mapState';

/** From the map on; a map without points must not leave anybody without panels. */
const WAIT_FOR_POINTS_MS = 500;
/** From the snapshot on; nor must a map that cannot be made. */
const WAIT_FOR_MAP_MS = 2_000;

/** How long the panels wait from now on, ms; null: until more is known. */
export function panelsWait(phase: Phase['kind'], mapIsUp: boolean, pointsShown: boolean): number | null {
  if (phase === 'loading') return null;
  if (phase === 'failed' || pointsShown) return 0;
  return mapIsUp ? WAIT_FOR_POINTS_MS : WAIT_FOR_MAP_MS;
}

/** True once it is the panels' turn, and from then on. */
export function usePanelsTurn(): boolean {
  const [turn, setTurn] = useState(false);
  const phase = useMain((state) => state.phase.kind);
  const mapIsUp = useMap((state) => state.map !== null);
  const pointsShown = useMap((state) => state.pointsShown);
  const wait = panelsWait(phase, mapIsUp, pointsShown);
  useEffect(() => {
    if (wait === null) return;
    const timer = setTimeout(() => startTransition(() => setTurn(true)), wait);
    return () => clearTimeout(timer);
  }, [wait]);
  return turn;
}
