/** Failed commands and other news of the moment, at the map's lower edge. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { IconButton } from '../controls/IconButton';
import { dismissToast, useToasts } from '../state/toasts';
import { showText } from '../words/showText';
import classes from './messages.module.css';

export function Toasts() {
  const all = useToasts((state) => state.all);
  return (
    <div className={classes.toasts} aria-live="polite">
      {all.map(({ id, level, message, action, reload, button, times }) => {
        const Shape = level === 'error' ? IconAlertTriangle : IconCircleCheck;
        return (
          <div key={id} className={classes.message} data-level={level} role={level === 'error' ? 'alert' : undefined}>
            <Shape size={18} stroke={1.6} aria-hidden />
            <div className={classes.words}>
              <p>
                {showText(message)}
                {times > 1 && <span className={classes.times}> {times} times</span>}
              </p>
              {action !== '' && <p className={classes.action}>{showText(action)}</p>}
              {button && (
                <Button
                  variant="default"
                  size="compact-xs"
                  mt={4}
                  onClick={() => {
                    dismissToast(id);
                    button.act();
                  }}
                >
                  {button.label}
                </Button>
              )}
              {reload && (
                <Button variant="default" size="compact-xs" mt={4} onClick={() => window.location.reload()}>
                  Reload
                </Button>
              )}
            </div>
            <IconButton name="Dismiss" icon={IconX} size={24} onClick={() => dismissToast(id)} />
          </div>
        );
      })}
    </div>
  );
}
