/** What the main process has to say, until it is dismissed. */
import { IconAlertTriangle, IconInfoCircle, IconX } from '@tabler/icons-react';
import { IconButton } from '../controls/IconButton';
import { command } from '../state/command';
import { useMain } from '../state/mainState';
import { showText } from '../words/showText';
import classes from './messages.module.css';

export function Notices() {
  const notices = useMain((state) => state.notices);
  return notices.map(({ id, level, message, action }) => {
    const Shape = level === 'info' ? IconInfoCircle : IconAlertTriangle;
    return (
      <div key={id} className={classes.message} role={level === 'info' ? undefined : 'alert'} data-level={level}>
        <Shape size={18} stroke={1.6} aria-hidden />
        <div className={classes.words}>
          <p>{showText(message)}</p>
          {action && <p className={classes.action}>{showText(action)}</p>}
        </div>
        <IconButton
          name="Dismiss this notice"
          icon={IconX}
          size={24}
          onClick={() => void command('notices.dismiss', { id })}
        />
      </div>
    );
  });
}
