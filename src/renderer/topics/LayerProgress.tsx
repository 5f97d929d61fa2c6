/** How far a layer has read of what was there when it started, while that is not all. */
import { Progress } from '@mantine/core';
import type { LayerCounts } from '../../shared/contract';
import { percent } from '../words/numbers';
import { progressWords } from '../words/progress';
import classes from './layers.module.css';

export function LayerProgress({ counts: { topic, backlog, rate } }: { counts: LayerCounts }) {
  if (!backlog) return null;
  const words = progressWords(backlog, rate);
  const share = percent(backlog.done, backlog.total);
  return (
    <div className={classes.progress}>
      {/* It moves four times a second: gliding there in between would paint the window anew at every frame. */}
      <Progress.Root size={4} className={classes.bar} transitionDuration={0}>
        <Progress.Section
          value={share}
          // Mantine's own would say the percentage alone.
          withAria={false}
          role="progressbar"
          aria-label={`Progress of ${topic}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share}
          aria-valuetext={words}
        />
      </Progress.Root>
      <p>{words}</p>
    </div>
  );
}
