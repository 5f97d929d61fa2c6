/** What the colours of the density view mean, in numbers, and how large its cells are on the ground. */
import { useComputedColorScheme } from '@mantine/core';
import { densityRamp, rampStepOf } from '../map/densityScale';
import { useMap } from '../state/mapState';
import { cellWidthWords, scaleTitle, stepWords } from '../words/density';
import classes from './density.module.css';

export function DensityLegend() {
  const steps = useMap((state) => state.stats.densitySteps);
  const view = useMap((state) => state.view);
  const colors = densityRamp[useComputedColorScheme('light')];
  if (steps === null || !view) return null;
  return (
    <figure className={classes.legend} aria-label="Scale of the density">
      <figcaption>
        {scaleTitle}
        <span className={classes.ground}>about {cellWidthWords(view.lat, view.zoom)} in the middle of the map</span>
      </figcaption>
      <ol className={classes.steps}>
        {Array.from({ length: steps }, (_, step) => (
          <li key={stepWords(step)}>
            <span className={classes.swatch} style={{ background: colors[rampStepOf(step, steps)] }} aria-hidden />
            {stepWords(step)}
          </li>
        ))}
      </ol>
    </figure>
  );
}
