/**
 * When the panels come onto the page at its start: after the map's first points, for to put them there holds the page's
 * thread for some 200 ms, and the drawing worker hears nothing meanwhile: neither the view nor of its points.
 */
import { startTransition, useEffect, useState } from 'react';
import { useMain } from './mainState';
import { useMap } from './mapState';

/** From the map on; a map without points must not leave anybody without panels. */
const LONGEST_WAIT_MS = 500;

/** True once it is the panels' turn, and from then on. */
export function usePanelsTurn(): boolean {
  const [turn, setTurn] = useState(false);
  const failed = useMain((state) => state.phase.kind === 'failed');
  const ready = useMap((state) => state.map !== null);
  const pointsShown = useMap((state) => state.pointsShown);
  useEffect(() => {
    if (!ready && !failed) return;
    const come = () => startTransition(() => setTurn(true));
    if (failed || pointsShown) return come();
    const timer = setTimeout(come, LONGEST_WAIT_MS);
    return () => clearTimeout(timer);
  }, [failed, ready, pointsShown]);
  return turn;
}
