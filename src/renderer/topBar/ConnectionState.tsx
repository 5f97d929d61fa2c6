/** The connection's state in words: "Connected", "Retrying in 4 s: connection refused". */
import { Tone } from '../controls/Tone';
import { useMain } from '../state/mainState';
import { useNow } from '../state/useNow';
import { connectionWords } from '../words/connection';
import { showText } from '../words/showText';
import classes from './topBar.module.css';

export function ConnectionState() {
  const state = useMain((main) => main.connection.state);
  const now = useNow(state.kind === 'retrying');
  const { tone, state: words, reason, action } = connectionWords(state, now);
  const whole = [reason && `${words}: ${reason}`, action].filter(Boolean).join(' ');
  return (
    <section className={classes.state} aria-label="Connection" title={showText(whole) || undefined}>
      <Tone tone={tone} />
      <span className={classes.stateWords}>
        {words}
        {reason && <span className={classes.reason}>: {showText(reason)}</span>}
      </span>
    </section>
  );
}
