/** A connection that is lost or given up, in full: the bar on top has room for the beginning only. */
import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { openDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { useLasting } from '../state/useLasting';
import { connectionWords } from '../words/connection';
import { showText } from '../words/showText';
import classes from './messages.module.css';
import { Unlock } from './Unlock';

/** A connection that is back sooner was no trouble: a message would only flash. */
const TROUBLE_AFTER_MS = 1_500;

export function ConnectionTrouble() {
  const state = useMain((main) => main.connection.state);
  const { origin, profile } = useMain((main) => main.connection.cluster);
  const failed = state.kind === 'failed';
  const retrying = useLasting(state.kind === 'retrying', TROUBLE_AFTER_MS);
  if (state.kind === 'locked') return <Unlock key={profile} missing={state.missing} />;
  if (!failed && !retrying) return null;
  // Without the seconds until the next try: they stand in the bar, and here they would be read out each time.
  const { reason, action } = connectionWords(state, 0);
  return (
    <div className={classes.message} role={failed ? 'alert' : undefined} data-level={failed ? 'error' : 'warning'}>
      <IconPlugConnectedX size={18} stroke={1.6} aria-hidden />
      <div className={classes.words}>
        <p>
          {failed ? 'The connection has failed' : 'No connection'}: {showText(reason)}
        </p>
        <p className={classes.action}>{showText(action)}</p>
        {origin === 'profile' && (
          <Button variant="default" size="compact-xs" mt={4} onClick={() => openDialog({ kind: 'profiles', profile })}>
            Edit the profile…
          </Button>
        )}
      </div>
    </div>
  );
}
