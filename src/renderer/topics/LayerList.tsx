/** The topics that are on the map, each with its figures. */
import { useMain } from '../state/mainState';
import { counted } from '../words/numbers';
import { LayerCard } from './LayerCard';
import classes from './layers.module.css';

export function LayerList() {
  const layers = useMain((state) => state.layers);
  const ready = useMain((state) => state.phase.kind === 'ready');
  return (
    <section className={classes.list} aria-label="On the map">
      <header className={classes.head}>
        <h2 className={classes.title}>On the map</h2>
        {layers.length > 0 && <span className={classes.total}>{counted(layers.length, 'topic')}</span>}
      </header>
      {layers.length === 0 && ready && <p className={classes.empty}>Tick a topic below to see its records here.</p>}
      <div className={classes.cards}>
        {layers.map((layer) => (
          <LayerCard key={layer.topic} layer={layer} />
        ))}
      </div>
    </section>
  );
}
