/** What the main process has told: the snapshot, kept current by events that each carry a whole new value. */
import { create } from 'zustand';
import type { EventName } from '../../shared/channels';
import type { EventPayload, Layer, LayerCounts, Snapshot } from '../../shared/contract';
import { noCounts } from '../../shared/layerCounts';

export type Phase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string };

export type Told = { readonly [N in EventName]: EventPayload<N> };

export interface MainState extends Told {
  readonly phase: Phase;
  readonly version: string;
  /** With `--read-only`: no cluster is written to. */
  readonly startedReadOnly: boolean;
  /** Where the map starts; null until the snapshot is there. */
  readonly startView: Snapshot['view'] | null;
}

export const untold: MainState = {
  phase: { kind: 'loading' },
  version: '',
  startedReadOnly: false,
  startView: null,
  connection: {
    cluster: { origin: 'built-in', profile: '', name: '', bootstrap: [], readOnly: false, security: '' },
    state: { kind: 'starting' },
    rateIn: 0,
    rateOut: 0,
    sending: { records: 0, bytes: 0, full: false, trouble: null },
    compression: 'none',
  },
  profiles: { active: '', list: [], secretStore: 'none' },
  connectionTest: null,
  topics: [],
  topicDetails: [],
  topicStorage: [],
  layers: [],
  counts: [],
  simulations: [],
  playbacks: [],
  notices: [],
  pictureLosses: 0,
};

export const useMain = create<MainState>(() => untold);

/**
 * Events that came while the snapshot was on its way win over it: every change is followed by an event, so the
 * last event is the newest value, whichever way the two overtook each other.
 */
export function fromSnapshot(snapshot: Snapshot, early: Partial<Told>): Partial<MainState> {
  const { view, panels: _, limits: __, painter: ___, picture: ____, smoothMotion: _____, ...told } = snapshot;
  return { ...told, ...early, startView: view, phase: { kind: 'ready' } };
}

/** A layer put in place before the event about it arrives, so that a click is answered at once. */
export const withLayer = (layers: readonly Layer[], layer: Layer): Layer[] =>
  layers.some((one) => one.topic === layer.topic)
    ? layers.map((one) => (one.topic === layer.topic ? layer : one))
    : [...layers, layer];

/** Zeroes for a layer that has not been counted yet. */
export const countsOf = (all: readonly LayerCounts[], topic: string): LayerCounts =>
  all.find((one) => one.topic === topic) ?? noCounts(topic);
