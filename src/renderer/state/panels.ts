/** Which panels are open, and which of the right panel's two tabs. Saved by the main process at each change. */
import { create } from 'zustand';
import type { Panels } from '../../shared/contract';
import { ask } from './command';

export const usePanels = create<Panels>(() => ({ left: true, right: true, rightTab: 'inject' }));

/** A failed save is not worth a word: nothing is lost but the panels' state at the next start. */
export function setPanels(change: Partial<Panels>): void {
  usePanels.setState(change);
  const { left, right, rightTab } = usePanels.getState();
  void ask('panels.save', { left, right, rightTab });
}

export const foldPanel = (side: 'left' | 'right'): void => setPanels({ [side]: !usePanels.getState()[side] });

export const openTab = (rightTab: Panels['rightTab']): void => setPanels({ right: true, rightTab });

/** Whether clicks on the map go to the inject form: only while it can be seen. */
export const injectIsOpen = (panels: Panels): boolean => panels.right && panels.rightTab === 'inject';
