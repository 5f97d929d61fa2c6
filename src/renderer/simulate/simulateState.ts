/** The fleet form and the file that was chosen: kept here so that folding and switching tabs loses nothing. */
import { create } from 'zustand';
import type { Area, PlayableFile } from '../../shared/contract';
import { topicError } from '../inject/composeMessage';
import { command } from '../state/command';
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { type FleetForm, readFleet } from './fleetSpec';
import { readSpeed } from './playSpeeds';

export interface SimulateState {
  readonly fleet: FleetForm;
  readonly touched: ReadonlySet<keyof FleetForm>;
  /** Where the fleet goes; null: what the map shows at the time. */
  readonly area: Area | null;
  readonly starting: boolean;
  readonly file: PlayableFile | null;
  readonly fileTopic: string;
  readonly fileTopicTouched: boolean;
  /** '' for no key. */
  readonly keyField: string;
  readonly speed: string;
}

const someSeed = (): string => String(1 + Math.floor(Math.random() * 9_999));

export const useSimulate = create<SimulateState>(() => ({
  fleet: { topic: 'fleet', entities: '100', rate: '60', seed: someSeed() },
  touched: new Set(),
  area: null,
  starting: false,
  file: null,
  fileTopic: '',
  fileTopicTouched: false,
  keyField: '',
  speed: '1',
}));

export const changeFleet = (field: keyof FleetForm, text: string): void =>
  useSimulate.setState(({ fleet, touched }) => ({
    fleet: { ...fleet, [field]: text },
    touched: new Set(touched).add(field),
  }));

export const newSeed = (): void => changeFleet('seed', someSeed());

export const fleetArea = (chosen: Area | null): Area | null => chosen ?? useMap.getState().visible;

/** @returns false when something in the form is wrong; it is then marked, and nothing was started. */
export async function startFleet(): Promise<boolean> {
  const { fleet, area, starting } = useSimulate.getState();
  if (starting) return true;
  useSimulate.setState({ touched: new Set(['topic', 'entities', 'rate', 'seed']) });
  const read = readFleet(fleet, fleetArea(area));
  if (!read.ok) return false;
  useSimulate.setState({ starting: true });
  const started = await command('simulate.start', read.spec);
  if (started) {
    useMain.setState(({ simulations }) => ({
      simulations: simulations.some((one) => one.id === started.id) ? simulations : [...simulations, started],
    }));
  }
  useSimulate.setState({ starting: false });
  return true;
}

/** A topic name made from a file's: "AIS gulf.ndjson" → "AIS-gulf". */
export function topicFromFile(name: string): string {
  const stem = name.replace(/\.[^.]*$/, '').replace(/[^a-zA-Z0-9._-]+/g, '-');
  const trimmed = stem.replace(/^[-.]+|[-.]+$/g, '').slice(0, 200);
  return trimmed === '' ? 'playback' : trimmed;
}

export async function chooseFile(): Promise<void> {
  const file = await command('playback.choose', {});
  if (!file) return; // cancelled, or refused and said so
  useSimulate.setState({
    file,
    fileTopic: topicFromFile(file.name),
    fileTopicTouched: false,
    keyField: file.suggestedKey ?? '',
  });
}

export async function playFile(): Promise<void> {
  const { file, fileTopic, keyField, speed } = useSimulate.getState();
  useSimulate.setState({ fileTopicTouched: true });
  const topic = fileTopic.trim();
  if (!file || topicError(topic)) return;
  const started = await command('playback.start', {
    token: file.token,
    topic,
    keyField: keyField === '' ? null : keyField,
    speed: readSpeed(speed),
  });
  if (started) {
    useMain.setState(({ playbacks }) => ({
      playbacks: playbacks.some((one) => one.id === started.id) ? playbacks : [...playbacks, started],
    }));
  }
}
