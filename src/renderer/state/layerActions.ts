/** What can be done with a topic as a layer. Each click is answered at once and put right if the main process refuses. */
import { create } from 'zustand';
import type { Layer, LayerStyle } from '../../shared/contract';
import { firstRangeForm, type RangeForm, type ReadingRange, readRange } from '../topics/startForm';
import { command } from './command';
import { useMain, withLayer } from './mainState';

/** Where the next ticked topic starts and stops to be read. */
export const useRangeChoice = create<{ form: RangeForm; touched: boolean }>(() => ({
  form: firstRangeForm,
  touched: false,
}));

/** What was chosen; null when what was typed is no range, which the field then says. */
function chosenRange(): ReadingRange | null {
  const read = readRange(useRangeChoice.getState().form);
  if (read.ok) return read.range;
  useRangeChoice.setState({ touched: true });
  return null;
}

/** Topics that were ticked or unticked, and whose answer is still to come. A map: a topic may be called "constructor". */
export const useWishes = create<{ wished: ReadonlyMap<string, boolean> }>(() => ({ wished: new Map() }));

const wish = (topic: string, wanted: boolean) =>
  useWishes.setState(({ wished }) => ({ wished: new Map(wished).set(topic, wanted) }));

const settle = (topic: string) =>
  useWishes.setState(({ wished }) => ({ wished: new Map([...wished].filter(([other]) => other !== topic)) }));

const put = (layer: Layer | null) => {
  if (layer) useMain.setState(({ layers }) => ({ layers: withLayer(layers, layer) }));
};

export async function addLayer(topic: string): Promise<void> {
  const range = chosenRange();
  if (range !== null) await addLayerFrom(topic, range);
}

export async function addLayerFrom(topic: string, range: ReadingRange): Promise<void> {
  wish(topic, true);
  put(await command('layers.add', { topic, ...range }));
  settle(topic);
}

export async function removeLayer(topic: string): Promise<void> {
  wish(topic, false);
  if ((await command('layers.remove', { topic })) !== null) {
    useMain.setState(({ layers }) => ({ layers: layers.filter((layer) => layer.topic !== topic) }));
  }
  settle(topic);
}

/** Starts the layer again as chosen. False when what was typed is none. */
export async function restartLayer(topic: string): Promise<boolean> {
  const range = chosenRange();
  if (range === null) return false;
  put(await command('layers.restart', { topic, ...range }));
  return true;
}

export async function styleLayer(layer: Layer, change: Partial<LayerStyle>): Promise<void> {
  const style = { ...layer.style, ...change };
  put({ ...layer, style });
  const answer = await command('layers.style', { topic: layer.topic, style });
  const current = useMain.getState().layers.find((one) => one.topic === layer.topic);
  if (answer === null && current?.style === style) put({ ...current, style: layer.style });
}
