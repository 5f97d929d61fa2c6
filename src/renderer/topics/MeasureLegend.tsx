/** What the colours and sizes of a layer's marks mean: its scale from end to end, and between which numbers. */
import { useComputedColorScheme } from '@mantine/core';
import type { Layer, LayerMeasure } from '../../shared/contract';
import { measureRamp, measureSizes } from '../map/measureRamp';
import { useMap } from '../state/mapState';
import { figure } from '../words/numbers';
import { showText } from '../words/showText';
import classes from './layers.module.css';

const meaning = {
  color: 'Colours from the lowest number to the highest. Marks of records without it have the colour of the layer.',
  size: 'Sizes from the lowest number to the highest. Marks of records without it have the usual size.',
  both: 'Colours and sizes from the lowest number to the highest. Marks of records without it look as they always do.',
};

/** CSS pixels across a mark of the usual size. */
const DIAMETER = 7;

export function MeasureLegend({ layer, measure }: { layer: Layer; measure: LayerMeasure }) {
  const theme = useComputedColorScheme('light');
  const low = useMap(({ stats }) => stats.scales.find(({ stream }) => stream === layer.stream)?.low ?? measure.min);
  const high = useMap(({ stats }) => stats.scales.find(({ stream }) => stream === layer.stream)?.high ?? measure.max);
  const noMarks = useMap(({ stats }) => stats.densitySteps !== null);
  const { by, field } = measure;
  const known = low !== null && high !== null;
  // In the density view no colour and no size says it.
  if (noMarks) return null;
  return (
    <figure className={classes.legend} aria-label={`Scale of ${layer.topic}`} title={meaning[by]}>
      <figcaption>{showText(field)}</figcaption>
      {known ? (
        <div className={classes.legendScale}>
          <span>{figure(low)}</span>
          <span className={classes.ramp} aria-hidden>
            {by === 'color'
              ? measureRamp[theme].map((color) => <i key={color} style={{ background: color }} />)
              : measureSizes.map((size, i) => (
                  <b
                    key={size}
                    style={{
                      width: size * DIAMETER,
                      height: size * DIAMETER,
                      background: by === 'size' ? layer.style.color : measureRamp[theme][middleOf(i)],
                    }}
                  />
                ))}
          </span>
          <span>{figure(high)}</span>
        </div>
      ) : (
        <p className={classes.legendNone}>No record with this number yet.</p>
      )}
    </figure>
  );
}

/** The ramp's step in the middle of those that share a size. */
const middleOf = (size: number) => Math.floor(((size + 0.5) * measureRamp.light.length) / measureSizes.length);
