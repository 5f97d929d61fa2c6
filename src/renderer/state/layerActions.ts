/** What can be done with a topic as a layer. Each click is answered at once and put right if the main process refuses. */
import { create } from 'zustand';
import type { Layer, LayerStyle, StartPosition } from '../../shared/contract';
import { firstStartForm, readStart, type StartForm } from '../topics/startForm';
import { command } from './command';
import { useMain, withLayer } from './mainState';

/** Where the next ticked topic starts. */
export const useStartChoice = create<{ form: StartForm; touched: boolean }>(() => ({
  form: firstStartForm,
  touched: false,
}));

/** The chosen start; null when what was typed is none, which the field then says. */
function chosenStart(): StartPosition | null {
  const read = readStart(useStartChoice.getState().form);
  if ('start' in read) return read.start;
  useStartChoice.setState({ touched: true });
  return null;
}

/** Topics that were ticked or unticked, and whose answer is still to come. */
export const useWishes = create<{ wished: Readonly<Record<string, boolean>> }>(() => ({ wished: {} }));

const wish = (topic: string, wanted: boolean) =>
  useWishes.setState(({ wished }) => ({ wished: { ...wished, [topic]: wanted } }));

const settle = (topic: string) =>
  useWishes.setState(({ wished }) => {
    const { [topic]: _, ...others } = wished;
    return { wished: others };
  });

const put = (layer: Layer | null) => {
  if (layer) useMain.setState(({ layers }) => ({ layers: withLayer(layers, layer) }));
};

export async function addLayer(topic: string): Promise<void> {
  const start = chosenStart();
  if (start !== null) await addLayerFrom(topic, start);
}

export async function addLayerFrom(topic: string, start: StartPosition): Promise<void> {
  wish(topic, true);
  put(await command('layers.add', { topic, start }));
  settle(topic);
}

export async function removeLayer(topic: string): Promise<void> {
  wish(topic, false);
  if ((await command('layers.remove', { topic })) !== null) {
    useMain.setState(({ layers }) => ({ layers: layers.filter((layer) => layer.topic !== topic) }));
  }
  settle(topic);
}

/** Starts the layer again from the chosen start. False when what was typed is none. */
export async function restartLayer(topic: string): Promise<boolean> {
  const start = chosenStart();
  if (start === null) return false;
  put(await command('layers.restart', { topic, start }));
  return true;
}

export async function styleLayer(layer: Layer, change: Partial<LayerStyle>): Promise<void> {
  const style = { ...layer.style, ...change };
  put({ ...layer, style });
  const answer = await command('layers.style', { topic: layer.topic, style });
  const current = useMain.getState().layers.find((one) => one.topic === layer.topic);
  if (answer === null && current?.style === style) put({ ...current, style: layer.style });
}
