/** What the map tells, and the map itself for those who ask something of it. */
import { create } from 'zustand';
import type { Area, View } from '../../shared/contract';
import type { DrawingStats, EntityFix, MapView } from '../map/mapView';

export interface MapState {
  readonly map: MapView | null;
  /** Why there is none, and never will be. */
  readonly failure: Error | null;
  /** A first point has been seen on it. */
  readonly pointsShown: boolean;
  /** The map's room, px. */
  readonly size: { readonly width: number; readonly height: number };
  readonly view: View | null;
  readonly visible: Area | null;
  readonly stats: DrawingStats;
  readonly hover: { readonly entity: EntityFix; readonly x: number; readonly y: number } | null;
  /** How many entities are in the density view's cell under the pointer. */
  readonly cell: { readonly entities: number; readonly x: number; readonly y: number } | null;
  /** The position under the pointer, in degrees. */
  readonly pointer: { readonly lat: number; readonly lon: number } | null;
}

export const useMap = create<MapState>(() => ({
  map: null,
  failure: null,
  pointsShown: false,
  size: { width: 0, height: 0 },
  view: null,
  visible: null,
  stats: { inView: 0, onMap: 0, trailLimit: null, scales: [], densitySteps: null },
  hover: null,
  cell: null,
  pointer: null,
}));
