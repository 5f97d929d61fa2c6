/** One topic on the map: its colour, how it goes, and what became of each record. */
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { memo } from 'react';
import type { Layer, LayerCounts } from '../../shared/contract';
import { IconButton } from '../controls/IconButton';
import { Tone } from '../controls/Tone';
import { byName } from '../state/byName';
import { openDialog } from '../state/dialogs';
import { styleLayer } from '../state/layerActions';
import { countsOf, useMain } from '../state/mainState';
import { useCalm } from '../state/useCalm';
import { entitiesMeaning, figures, hiddenMeaning, layerStatusWords } from '../words/layers';
import { count, counted, perSecond } from '../words/numbers';
import { showText } from '../words/showText';
import { LayerColor } from './LayerColor';
import { LayerOptions } from './LayerOptions';
import { LayerProgress } from './LayerProgress';
import classes from './layers.module.css';
import { MeasureLegend } from './MeasureLegend';

export const LayerCard = memo(function LayerCard({ layer }: { layer: Layer }) {
  const { topic, style } = layer;
  const { visible, measure } = style;
  const counts = countsOf(
    useCalm(
      useMain((state) => state.counts),
      300,
    ),
    topic,
  );
  return (
    <article className={classes.card} aria-label={`Layer ${topic}`} data-hidden={!visible || undefined}>
      <div className={classes.row}>
        <LayerColor layer={layer} />
        <h3 className={classes.name} title={showText(topic)}>
          {showText(topic)}
        </h3>
        <IconButton
          name={visible ? `Hide ${topic}` : `Show ${topic}`}
          hint={visible ? 'Hide on the map' : 'Show on the map'}
          icon={visible ? IconEye : IconEyeOff}
          size={24}
          pressed={visible}
          onClick={() => void styleLayer(layer, { visible: !visible })}
        />
        <LayerOptions layer={layer} />
      </div>
      <Status layer={layer} counts={counts} />
      <LayerProgress counts={counts} />
      {measure && <MeasureLegend layer={layer} measure={measure} />}
      <Figures counts={counts} />
    </article>
  );
});

function Status({ layer, counts }: { layer: Layer; counts: LayerCounts }) {
  const partitions = useMain((state) => byName(state.topics, layer.topic)?.partitions);
  const { tone, text } = layerStatusWords(layer.status, counts, partitions);
  const trouble = tone === 'bad' || tone === 'warning';
  const { kind } = layer.status;
  const flows = kind !== 'retrying' && kind !== 'failed';
  return (
    <div className={classes.status}>
      <Tone tone={tone} />
      <p>
        <span className={trouble ? classes.trouble : undefined}>{showText(text)}</span>
        {flows && (
          <>
            {kind === 'done' ? ' · ' : ` · ${perSecond(counts.rate)} · `}

            <span title={entitiesMeaning}>{counted(counts.entities, 'entity', 'entities')}</span>
          </>
        )}
        {counts.hidden > 0 && (
          <>
            {' · '}

            <span title={hiddenMeaning}>{count(counts.hidden)} hidden as stale</span>
          </>
        )}
      </p>
    </div>
  );
}

/** From here on three figures a line no longer fit. */
const LARGE = 1_000_000;

function Figures({ counts }: { counts: LayerCounts }) {
  return (
    <dl className={classes.figures} data-large={counts.read + counts.waiting >= LARGE || undefined}>
      {figures.map(({ name, meaning }) => (
        <div key={name} title={meaning} data-alert={(name === 'refused' && counts.refused > 0) || undefined}>
          <dt>{name}</dt>
          <dd>
            {name === 'refused' && counts.refused > 0 ? (
              <button
                type="button"
                className={classes.reasons}
                aria-label={`${count(counts.refused)} refused: why`}
                onClick={() => openDialog({ kind: 'refused', topic: counts.topic })}
              >
                {count(counts.refused)}
              </button>
            ) : (
              count(counts[name])
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
