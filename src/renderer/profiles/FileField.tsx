/** A file that was chosen, in words; the system's dialog chooses another. */
import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { showText } from '../words/showText';
import classes from './profiles.module.css';

interface FileFieldProps {
  readonly label: string;
  /** What is there; null for none. */
  readonly shown: string | null;
  /** What stands there when there is none. */
  readonly none: string;
  readonly error?: string | undefined;
  readonly choose: () => void;
  readonly remove: () => void;
  readonly removeWords?: string;
  /** Further buttons. */
  readonly children?: ReactNode;
}

export function FileField(props: FileFieldProps) {
  const { label, shown, none, error, choose, remove, removeWords = 'Remove', children } = props;
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be laid out in a row
    <div role="group" aria-labelledby={id} className={classes.stored}>
      <span id={id} className={classes.label}>
        {label}
      </span>
      <div className={classes.storedRow}>
        <span className={shown === null ? classes.none : classes.shown}>{showText(shown ?? none)}</span>
        <Button variant="default" size="compact-xs" onClick={choose}>
          Choose file…
        </Button>
        {shown !== null && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={remove}>
            {removeWords}
          </Button>
        )}
        {children}
      </div>
      {error && <p className={classes.wrong}>{error}</p>}
    </div>
  );
}
