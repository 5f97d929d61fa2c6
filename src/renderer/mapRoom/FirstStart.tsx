/** The one thing said at the first start: what moves here, how to stop it, and how to put something else here. */
import { Button } from '@mantine/core';
import { IconPlayerStop, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../controls/CopyButton';
import { IconButton } from '../controls/IconButton';
import { command } from '../state/command';
import { openDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import classes from './messages.module.css';

export function FirstStart() {
  const fleet = useMain((state) => state.simulations.find((one) => one.firstStart && one.state !== 'stopped'));
  const address = useMain((state) => state.connection.cluster.bootstrap[0]);
  const [dismissed, setDismissed] = useState<string | null>(null);
  if (!fleet || dismissed === fleet.id) return null;
  const example = `echo '{"name":"me","lat":59.8,"lon":24.9}' | kcat -P -b ${address} -t geostream`;
  return (
    <section className={classes.message} aria-label="First start" data-level="info">
      <div className={classes.words}>
        <p className={classes.firstLine}>
          <b>This fleet is simulated.</b>
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconPlayerStop size={12} aria-hidden />}
            onClick={() => void command('simulate.stop', { id: fleet.id })}
          >
            Stop simulation
          </Button>
        </p>
        {address && (
          <>
            <p>
              Any Kafka client on this machine can feed this map at <code>{address}</code>
              <CopyButton name="Copy the address" text={address} size={20} />
            </p>
            <p className={classes.command}>
              <code>{example}</code>
              <CopyButton name="Copy the kcat example" text={example} size={20} />
            </p>
          </>
        )}
        <p>
          Connect your own Kafka:{' '}
          <Button variant="default" size="compact-xs" onClick={() => openDialog({ kind: 'profiles', profile: 'new' })}>
            New profile…
          </Button>{' '}
          or start with <code>KAFKA_URI</code> and <code>KAFKA_PORT</code> set.
        </p>
      </div>
      <IconButton name="Dismiss this message" icon={IconX} size={24} onClick={() => setDismissed(fleet.id)} />
    </section>
  );
}
