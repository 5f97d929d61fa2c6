/** The connection's state as one line, and how serious it is. */
import type { ConnectionState } from '../../shared/contract';
import { missingWords } from './clusters';
import { secondsUntil } from './times';

export interface StateWords {
  readonly tone: 'good' | 'busy' | 'warning' | 'bad';
  /** The state alone, short enough for the top bar. */
  readonly state: string;
  /** Why, and what to do; empty when there is nothing to say. */
  readonly reason: string;
  readonly action: string;
}

export function connectionWords(state: ConnectionState, now: number): StateWords {
  switch (state.kind) {
    case 'starting':
      return { tone: 'busy', state: 'Starting the broker', reason: '', action: '' };
    case 'connecting':
      return { tone: 'busy', state: 'Connecting', reason: '', action: '' };
    case 'connected':
      return { tone: 'good', state: 'Connected', reason: '', action: '' };
    case 'retrying': {
      const seconds = secondsUntil(state.retryAt, now);
      const when = seconds > 0 ? `Retrying in ${seconds} s` : 'Retrying now';
      const action = `${state.action} What is on the map stays as it was.`.trim();
      return { tone: 'warning', state: when, reason: state.reason, action };
    }
    case 'failed':
      return { tone: 'bad', state: 'Failed', reason: state.reason, action: state.action };
    case 'locked':
      return { tone: 'warning', state: 'Locked', reason: `it needs ${missingWords(state.missing)}`, action: '' };
  }
}
