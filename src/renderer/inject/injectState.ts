/** The inject form, what is lined up, and the answers: kept here so that folding and switching tabs loses nothing. */
import { create } from 'zustand';
import type { Outgoing, SendResult } from '../../shared/contract';
import { ask } from '../state/command';
import { coordinateText, wrapLongitude } from '../words/places';
import { composeMessage, type InjectField, type InjectForm } from './composeMessage';
import { parsePair } from './parseCoordinate';

export interface LinedUp {
  readonly id: number;
  readonly outgoing: Outgoing;
  readonly result: SendResult | null;
}

export interface InjectState {
  readonly form: InjectForm;
  /** Fields that may show what is wrong with them. */
  readonly touched: ReadonlySet<InjectField>;
  readonly sending: boolean;
  readonly answer: SendResult | null;
  readonly lineUp: readonly LinedUp[];
}

const everyField: readonly InjectField[] = ['topic', 'key', 'lat', 'lon', 'fields'];

export const emptyInject: InjectState = {
  form: { topic: 'geostream', key: '', lat: '', lon: '', fields: '' },
  touched: new Set(),
  sending: false,
  answer: null,
  lineUp: [],
};

export const useInject = create<InjectState>(() => emptyInject);

/** A pair typed or pasted into either coordinate fills both. */
export function changed(state: InjectState, field: InjectField, text: string): Partial<InjectState> {
  const touched = new Set(state.touched).add(field);
  const pair = field === 'lat' || field === 'lon' ? parsePair(text) : null;
  if (!pair) return { form: { ...state.form, [field]: text }, touched };
  touched.add('lat').add('lon');
  return { form: { ...state.form, lat: coordinateText(pair.lat), lon: coordinateText(pair.lon) }, touched };
}

export const change = (field: InjectField, text: string): void =>
  useInject.setState((state) => changed(state, field, text));

export function fillPosition(lat: number, lon: number): void {
  useInject.setState(({ form }) => ({
    form: { ...form, lat: coordinateText(lat), lon: coordinateText(wrapLongitude(lon)) },
  }));
}

export const fillForm = (form: InjectForm): void => useInject.setState({ form, touched: new Set(), answer: null });

/** What is wrong may show, and an answer to an earlier message may not stand above it. */
const touchAll = () => useInject.setState({ touched: new Set(everyField), answer: null });

/** @returns false when something in the form is wrong; it is then marked, and nothing was sent. */
export async function send(): Promise<boolean> {
  const { form, sending } = useInject.getState();
  if (sending) return true;
  touchAll();
  const composed = composeMessage(form);
  if (!composed.ok) return false;
  useInject.setState({ sending: true, answer: null });
  const [answer = null] = await sendMessages([composed.outgoing]);
  useInject.setState({ sending: false, answer });
  return true;
}

let nextId = 1;

/** @returns false when something in the form is wrong. */
export function addToLineUp(): boolean {
  touchAll();
  const composed = composeMessage(useInject.getState().form);
  if (!composed.ok) return false;
  const added: LinedUp = { id: nextId++, outgoing: composed.outgoing, result: null };
  useInject.setState(({ lineUp }) => ({ lineUp: [...lineUp, added] }));
  return true;
}

export const removeFromLineUp = (id: number): void =>
  useInject.setState(({ lineUp }) => ({ lineUp: lineUp.filter((one) => one.id !== id) }));

export const clearLineUp = (): void => useInject.setState({ lineUp: [] });

const acknowledged = ({ result }: LinedUp) => result?.kind === 'acknowledged';

/** Rows that sending would send: what was acknowledged is in Kafka, and is not sent twice. */
export const unsent = (lineUp: readonly LinedUp[]): LinedUp[] => lineUp.filter((one) => !acknowledged(one));

/** What the button says that sends them. */
export function sendWords(lineUp: readonly LinedUp[]): string {
  const rest = unsent(lineUp);
  if (rest.length === 0) return 'All sent';
  const onlyFailed = rest.length < lineUp.length && rest.every(({ result }) => result?.kind === 'failed');
  return onlyFailed ? `Send the ${rest.length} that failed` : `Send all (${rest.length})`;
}

export async function sendLineUp(): Promise<void> {
  const { lineUp, sending } = useInject.getState();
  const rest = unsent(lineUp);
  if (sending || rest.length === 0) return;
  useInject.setState({
    sending: true,
    answer: null,
    lineUp: lineUp.map((one) => (acknowledged(one) ? one : { ...one, result: null })),
  });
  const results = await sendMessages(rest.map((one) => one.outgoing));
  const byId = new Map(rest.map((one, index) => [one.id, results[index] ?? null]));
  useInject.setState((state) => ({
    sending: false,
    lineUp: state.lineUp.map((one) => ({ ...one, result: byId.get(one.id) ?? one.result })),
  }));
}

/** What the contract takes in one command. */
const MOST_AT_ONCE = 1_000;

/** One result a message, in order, whatever happened. */
async function sendMessages(messages: readonly Outgoing[]): Promise<SendResult[]> {
  const results: SendResult[] = [];
  for (let at = 0; at < messages.length; at += MOST_AT_ONCE) {
    const some = messages.slice(at, at + MOST_AT_ONCE);
    const result = await ask('produce.send', { messages: some });
    if (result.ok) results.push(...result.value);
    else {
      const { message, action } = result.error;
      results.push(...some.map(({ topic }) => ({ kind: 'failed', topic, message, action }) as const));
    }
  }
  return results;
}
