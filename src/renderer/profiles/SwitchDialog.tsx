/** Switching stops what is sending: said before it is done. */
import { Button, Modal } from '@mantine/core';
import { DialogFooter } from '../controls/DialogFooter';
import { command } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { runningWords, switchWarning } from '../words/clusters';
import { showText } from '../words/showText';
import classes from './profiles.module.css';

export function SwitchDialog({ profile }: { profile: string }) {
  const running = useMain((state) => runningWords(state.simulations, state.playbacks));
  const from = useMain((state) => state.connection.cluster.name);
  const to = useMain(
    (state) => state.profiles.list.find(({ id }) => id === profile)?.fields.name ?? 'the other cluster',
  );
  const go = () => {
    closeDialog();
    void command('profiles.use', { id: profile });
  };
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={`Switch to ${showText(to)}`}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.small}>
        <p>{running === '' ? 'Nothing is sending any more.' : showText(switchWarning(running, from))}</p>
        <DialogFooter cancel={closeDialog}>
          <Button data-autofocus onClick={go}>
            Switch
          </Button>
        </DialogFooter>
      </div>
    </Modal>
  );
}
