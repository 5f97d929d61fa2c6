/** A connection that is given up, in full: the bar on top has room for the beginning only. */
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useMain } from '../state/mainState';
import { showText } from '../words/showText';
import classes from './messages.module.css';

export function ConnectionTrouble() {
  const state = useMain((main) => main.connection.state);
  if (state.kind !== 'failed') return null;
  return (
    <div className={classes.message} role="alert" data-level="error">
      <IconPlugConnectedX size={18} stroke={1.6} aria-hidden />
      <div className={classes.words}>
        <p>The connection has failed: {showText(state.reason)}</p>
        <p className={classes.action}>{showText(state.action)}</p>
      </div>
    </div>
  );
}
