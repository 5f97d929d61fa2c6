/** The files that are played or were: how far, how many messages, and how it ended. */
import { Button, Progress } from '@mantine/core';
import { IconPlayerStop, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Playback } from '../../shared/contract';
import { Tone, type ToneOf } from '../controls/Tone';
import { useShowNewest } from '../controls/useShowNewest';
import { command } from '../state/command';
import { useMain } from '../state/mainState';
import { bytes, counted, percent } from '../words/numbers';
import { showText } from '../words/showText';
import { PutOnMap } from './PutOnMap';
import { speedWords } from './playSpeeds';
import classes from './simulate.module.css';

export function PlaybackList() {
  const playbacks = useMain((state) => state.playbacks);
  const list = useRef<HTMLUListElement>(null);
  useShowNewest(list, playbacks.length);
  return (
    <ul ref={list} className={classes.list} aria-label="Files being played">
      {playbacks.map((one) => (
        <Played key={one.id} one={one} />
      ))}
    </ul>
  );
}

const states: Record<Playback['state'], { tone: ToneOf; words: string; ended: boolean }> = {
  running: { tone: 'good', words: 'Playing', ended: false },
  retrying: { tone: 'warning', words: 'Retrying', ended: false },
  done: { tone: 'good', words: 'Done', ended: true },
  cancelled: { tone: 'busy', words: 'Cancelled', ended: true },
  failed: { tone: 'bad', words: 'Failed', ended: true },
};

function Played({ one }: { one: Playback }) {
  const { id, name, topic, speed, sent, failed, bytesRead, reason } = one;
  const { tone, words, ended } = states[one.state];
  // What was read may still be on its way: only "done" is the whole.
  const share = one.state === 'done' ? 100 : Math.min(99, percent(bytesRead, one.bytes));
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        <Tone tone={tone} />
        <span className={classes.itemName} title={showText(name)}>
          {showText(name)}
        </span>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={ended ? <IconX size={12} aria-hidden /> : <IconPlayerStop size={12} aria-hidden />}
          aria-label={`${ended ? 'Dismiss' : 'Cancel'} ${name}`}
          onClick={() => void command(ended ? 'playback.dismiss' : 'playback.cancel', { id })}
        >
          {ended ? 'Dismiss' : 'Cancel'}
        </Button>
      </div>
      <Progress
        value={share}
        size={6}
        transitionDuration={0}
        aria-label={`Progress of ${name}`}
        className={classes.progress}
      />
      <p className={classes.figures}>
        {words} · {share} % · {counted(sent, 'message')} sent
        {failed > 0 && <span className={classes.wrong}> · {counted(failed, 'message')} failed</span>}
      </p>
      <p className={classes.quiet}>
        {bytes(bytesRead)} of {bytes(one.bytes)} · topic {showText(topic)} · {speedWords(speed)}
      </p>
      {reason && <p className={classes.wrong}>{showText(reason)}</p>}
      <PutOnMap topic={topic} />
    </li>
  );
}
