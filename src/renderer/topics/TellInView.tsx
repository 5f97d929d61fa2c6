/** Tells the main process which topics can be seen, once they have rested for a moment; none once the panel is gone. */
import { useEffect } from 'react';
import { create } from 'zustand';
import { ask } from '../state/command';
import { useMain } from '../state/mainState';
import { topicsInView } from './topicsInView';

const REST_MS = 150;

/** Names of the rows that the list shows. */
export const useRowsInView = create<{ rows: readonly string[] }>(() => ({ rows: [] }));

/** Shows nothing: a component of its own, so that scrolling draws nothing else anew. */
export function TellInView(): null {
  const rows = useRowsInView((state) => state.rows);
  const layers = useMain((state) => state.layers.map(({ topic }) => topic).join(' '));
  // A list that has changed may have topics of the same names behind it, on another cluster.
  const topics = useMain((state) => state.topics);
  const profile = useMain((state) => state.connection.cluster.profile);
  useEffect(() => {
    // A topic's name holds no space.
    const tell = () => void ask('topics.inView', { topics: topicsInView(layers.split(' ').filter(Boolean), rows) });
    const timer = setTimeout(tell, REST_MS);
    return () => clearTimeout(timer);
  }, [rows, layers, topics, profile]);
  useEffect(() => () => void ask('topics.inView', { topics: [] }), []);
  return null;
}
