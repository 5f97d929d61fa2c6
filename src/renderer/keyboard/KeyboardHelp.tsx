/** The list of keys. */
import { Kbd, Modal } from '@mantine/core';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import classes from './keyboardHelp.module.css';
import { shortcuts } from './shortcuts';

export function KeyboardHelp() {
  const version = useMain((state) => state.version);
  return (
    <Modal opened onClose={closeDialog} title="Keys" size={420} closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={classes.keys}>
        {shortcuts.map(({ keys, words }) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      {version && <p className={classes.version}>GeoStream {version}</p>}
    </Modal>
  );
}
