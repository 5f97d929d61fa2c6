/** The fleets: what was wished for beside what is achieved. */
import { Button } from '@mantine/core';
import { IconPlayerStop, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Simulation } from '../../shared/contract';
import { Tone } from '../controls/Tone';
import { useShowNewest } from '../controls/useShowNewest';
import { command } from '../state/command';
import { useMain } from '../state/mainState';
import { achieved, counted } from '../words/numbers';
import { areaWords } from '../words/places';
import { showText } from '../words/showText';
import { PutOnMap } from './PutOnMap';
import classes from './simulate.module.css';

export function FleetList() {
  const simulations = useMain((state) => state.simulations);
  const list = useRef<HTMLUListElement>(null);
  useShowNewest(list, simulations.length);
  return (
    <ul ref={list} className={classes.list} aria-label="Fleets">
      {simulations.map((one) => (
        <Fleet key={one.id} fleet={one} />
      ))}
    </ul>
  );
}

const states = {
  running: { tone: 'good', words: 'Running' },
  retrying: { tone: 'warning', words: 'Retrying' },
  stopped: { tone: 'bad', words: 'Stopped' },
} as const;

function Fleet({ fleet }: { fleet: Simulation }) {
  const { id, spec, state, sent, failed, achievedRate, reason, firstStart } = fleet;
  const { tone, words } = states[state];
  const stopped = state === 'stopped';
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <Tone tone={stopped && !reason ? 'busy' : tone} />
        <span className={classes.itemName} title={showText(spec.topic)}>
          {showText(spec.topic)}
        </span>
        {stopped ? (
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconX size={12} aria-hidden />}
            aria-label={`Dismiss the fleet on ${spec.topic}`}
            onClick={() => void command('simulate.dismiss', { id })}
          >
            Dismiss
          </Button>
        ) : (
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconPlayerStop size={12} aria-hidden />}
            aria-label={`Stop the fleet on ${spec.topic}`}
            onClick={() => void command('simulate.stop', { id })}
          >
            Stop
          </Button>
        )}
      </div>
      <p className={classes.figures}>
        {stopped ? words : `${state === 'retrying' ? `${words} · ` : ''}${achieved(achievedRate, spec.rate)}`}
      </p>
      <p className={classes.quiet}>
        {counted(spec.entities, 'entity', 'entities')} · {counted(sent, 'message')} sent
        {failed > 0 && <span className={classes.wrong}> · {counted(failed, 'message')} failed</span>}
      </p>
      <p className={classes.quiet} title="Where the fleet moves, and its seed">
        {firstStart && 'Started by itself at the first start. '}
        Seed {spec.seed} · {areaWords(spec.area)}
      </p>
      {reason && <p className={classes.wrong}>{showText(reason)}</p>}
      <PutOnMap topic={spec.topic} />
    </li>
  );
}
