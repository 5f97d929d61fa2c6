/** Whether entities glide from fix to fix: what the person wants, and whether the system lets them. */
import { useReducedMotion } from '@mantine/hooks';
import { create } from 'zustand';
import { command } from './command';

export const useMotion = create<{ readonly smooth: boolean }>(() => ({ smooth: false }));

export function chooseMotion(smooth: boolean): void {
  useMotion.setState({ smooth });
  void command('motion.choose', { smooth });
}

/** Whether the system asks for less motion. */
export const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)');

/** Whether entities glide just now. */
export const isSmooth = (): boolean => useMotion.getState().smooth && !reducedMotion().matches;

/** A system that asks for less motion is obeyed, whatever was chosen before. */
export function useSmoothMotion(): { readonly wished: boolean; readonly reduced: boolean; readonly smooth: boolean } {
  const wished = useMotion((state) => state.smooth);
  const reduced = useReducedMotion(false, { getInitialValueInEffect: false });
  return { wished, reduced, smooth: wished && !reduced };
}
