/** The end of a dialog: what went wrong, if anything did, and the buttons; Cancel is always the first of them. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import blocks from '../theme/blocks.module.css';
import { showText } from '../words/showText';
import classes from './dialogFooter.module.css';

interface DialogFooterProps {
  /** Empty while nothing went wrong. */
  readonly failed?: string;
  readonly cancel: () => void;
  /** Other words for Cancel. */
  readonly cancelWords?: string;
  readonly children: ReactNode;
}

export function DialogFooter({ failed = '', cancel, cancelWords = 'Cancel', children }: DialogFooterProps) {
  return (
    <>
      <Failed text={failed} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={cancel}>
          {cancelWords}
        </Button>
        {children}
      </div>
    </>
  );
}

/** What went wrong, read out when it comes. */
export function Failed({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <p className={blocks.failed} role="alert">
      {showText(text)}
    </p>
  );
}
