/** Who is to paint the map's points, and who does. */
import { create } from 'zustand';
import type { PainterWish } from '../../shared/contract';
import type { PainterState } from '../map/mapView';
import { isPainterTrouble, painterWords } from '../words/painter';
import { ask, command } from './command';
import { useMap } from './mapState';

interface Painters {
  readonly wish: PainterWish;
  readonly state: PainterState;
}

export const usePainter = create<Painters>(() => ({
  wish: 'automatic',
  state: { kind: 'pixels', why: { kind: 'not-tried' } },
}));

export function choosePainter(wish: PainterWish): void {
  usePainter.setState({ wish });
  useMap.getState().map?.setPainter(wish);
  void command('painter.choose', { painter: wish });
}

/** The map says who paints; the log hears of it too. */
export function painterTold(state: PainterState): void {
  usePainter.setState({ state });
  if (state.kind === 'pixels' && state.why.kind === 'not-tried') return;
  const words = `the map's painter: ${painterWords(state)}${state.kind === 'webgl' ? ` (${state.renderer})` : ''}`;
  void ask('painter.log', { level: isPainterTrouble(state) ? 'warn' : 'info', words });
}
