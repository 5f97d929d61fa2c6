/** What became of every record, over all layers; and where the pointer and the map are. */
import { Tooltip } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { Tone } from '../controls/Tone';
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { useCalm } from '../state/useCalm';
import { hiddenMeaning, statusParts, totals } from '../words/layers';
import { bytes, count } from '../words/numbers';
import { positionWords } from '../words/places';
import { sendingWords } from '../words/sending';
import { showText } from '../words/showText';
import classes from './statusLine.module.css';

/** Calm enough to be read, and to be read out. */
const CALM_MS = 300;

export function StatusLine() {
  const counts = useCalm(
    useMain((state) => state.counts),
    CALM_MS,
  );
  const sum = useMemo(() => totals(counts), [counts]);
  return (
    <footer className="frame-line">
      {/* A live region only in name: figures that change several times a second must not be read out each time. */}
      <div role="status" aria-live="off" aria-label="Totals" className={classes.figures}>
        {statusParts(sum).map(({ text, meaning }, index) => (
          <Fragment key={meaning}>
            {index > 0 && ' · '}
            <Tooltip label={meaning}>
              <span className={classes.figure}>{text}</span>
            </Tooltip>
          </Fragment>
        ))}
      </div>
      <Sending />
      <Drawing />
      {sum.hidden > 0 && (
        <Tooltip label={hiddenMeaning}>
          <span className={classes.quiet}>{count(sum.hidden)} hidden as stale</span>
        </Tooltip>
      )}
      <span className={classes.room} />
      <Pointer />
      <Zoom />
    </footer>
  );
}

/** What is on its way to the cluster: nothing at rest, and never silent when it does not get on. */
function Sending() {
  const sending = useCalm(
    useMain((state) => state.connection.sending),
    CALM_MS,
  );
  const words = sendingWords(sending);
  if (!words) return null;
  return (
    <Tooltip label={`Not acknowledged by the cluster yet: ${bytes(sending.bytes)}.`}>
      <span className={classes.sending} data-testid="sending">
        <Tone tone={words.tone} />
        <span className={classes.sendingWords}>{showText(words.text)}</span>
      </span>
    </Tooltip>
  );
}

/** A trail of one fix is none. */
const trailWords = (limit: number) => (limit < 2 ? 'no trails in this crowd' : `trails cut to ${count(limit)} fixes`);

function Drawing() {
  const { inView, onMap, trailLimit } = useMap((state) => state.stats);
  const drawn = useCalm(inView < onMap ? `drawing ${count(inView)} of ${count(onMap)}` : '', CALM_MS);
  const trails = useCalm(trailLimit === null ? '' : trailWords(trailLimit), CALM_MS);
  return (
    <>
      {drawn !== '' && (
        <Tooltip label="The others are on the map, outside of what it shows now.">
          <span className={classes.quiet}>{drawn}</span>
        </Tooltip>
      )}
      {trails !== '' && (
        <Tooltip label="With so many entities on the map only the newest fixes of each trail are drawn, or none. The others are kept all the same.">
          <span className={classes.quiet}>{trails}</span>
        </Tooltip>
      )}
    </>
  );
}

function Pointer() {
  const pointer = useMap((state) => state.pointer);
  if (!pointer) return null;
  return <span className={classes.quiet}>{positionWords(pointer.lat, pointer.lon)}</span>;
}

function Zoom() {
  const zoom = useMap((state) => state.view?.zoom);
  if (zoom === undefined) return null;
  return <span className={classes.quiet}>zoom {Number(zoom.toFixed(1))}</span>;
}
