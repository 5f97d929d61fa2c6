/** The entity whose card is open. */
import { create } from 'zustand';
import type { EntityFix } from '../map/mapView';
import { useMap } from './mapState';

export interface Selection {
  readonly fix: EntityFix;
  /** The layer's topic when it was picked; a layer taken off the map leaves the card with its last fix. */
  readonly topic: string;
  /** The map no longer has it. */
  readonly gone: boolean;
}

export const useSelection = create<{ selected: Selection | null }>(() => ({ selected: null }));

export function select(fix: EntityFix, topic: string): void {
  useMap.getState().map?.select({ stream: fix.stream, entity: fix.entity });
  useSelection.setState({ selected: { fix, topic, gone: false } });
}

export function clearSelection(): void {
  if (!useSelection.getState().selected) return;
  useMap.getState().map?.select(null);
  useSelection.setState({ selected: null });
}

/** News of the selected entity: a newer fix, or null when it has left the map. News of another one is late, and ignored. */
export function followed(selected: Selection | null, fix: EntityFix | null): Selection | null {
  if (!selected) return null;
  if (!fix) return { ...selected, gone: true };
  const same = fix.stream === selected.fix.stream && fix.entity === selected.fix.entity;
  return same ? { ...selected, fix, gone: false } : selected;
}
