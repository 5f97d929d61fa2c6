/**
 * What the page is told unasked: each event carries a whole new value, at a calm pace, and none is sent that says what
 * the one before has said. At rest nothing here runs.
 */
import type { EventName } from '../shared/channels';
import type { EventPayload } from '../shared/contract';
import { type Coalesced, coalesce } from './coalesce';

export interface EventSource<N extends EventName> {
  /** Between two events of this name, at least, ms. */
  readonly everyMs: number;
  readonly value: () => EventPayload<N>;
  /** True while the value changes with nobody doing anything, as a rate that falls back to 0 does. */
  readonly isMoving?: (value: EventPayload<N>) => boolean;
}

export type EventSources = { readonly [N in EventName]: EventSource<N> };

export interface PageEvents {
  /** The value has changed, or may have. */
  emit(name: EventName): void;
  /** The same, and the page waits for just this: told at once, whatever the pace. For what comes seldom. */
  emitNow(name: EventName): void;
  /** The page learns, or has changed, its values in another way: each is sent again at the next `emit`. */
  forget(): void;
  close(): void;
}

export function createPageEvents(
  sources: EventSources,
  send: <N extends EventName>(name: N, payload: EventPayload<N>) => void,
): PageEvents {
  const said = new Map<EventName, string>();

  function emitter<N extends EventName>(name: N, { everyMs, value, isMoving }: EventSource<N>): Coalesced {
    const emit: Coalesced = coalesce(everyMs, () => {
      const payload = value();
      const text = JSON.stringify(payload);
      if (text !== said.get(name)) {
        said.set(name, text);
        send(name, payload);
      }
      if (isMoving?.(payload)) emit();
    });
    return emit;
  }

  const emitters: Readonly<Record<EventName, Coalesced>> = {
    connection: emitter('connection', sources.connection),
    profiles: emitter('profiles', sources.profiles),
    connectionTest: emitter('connectionTest', sources.connectionTest),
    topics: emitter('topics', sources.topics),
    topicDetails: emitter('topicDetails', sources.topicDetails),
    topicStorage: emitter('topicStorage', sources.topicStorage),
    layers: emitter('layers', sources.layers),
    counts: emitter('counts', sources.counts),
    simulations: emitter('simulations', sources.simulations),
    playbacks: emitter('playbacks', sources.playbacks),
    notices: emitter('notices', sources.notices),
    pictureLosses: emitter('pictureLosses', sources.pictureLosses),
  };

  return {
    emit: (name) => emitters[name](),
    emitNow: (name) => emitters[name].now(),
    forget: () => said.clear(),
    close: () => {
      for (const emit of Object.values(emitters)) emit.close();
    },
  };
}
