/** The dialog's foot: what can be done with the profile, or a question that has to be answered first. */
import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { DialogFooter, Failed } from '../controls/DialogFooter';
import { showText } from '../words/showText';
import classes from './profiles.module.css';
import type { ProfileEditor } from './useProfileEditor';

export function ProfileFooter({ editor, showWrong }: { editor: ProfileEditor; showWrong: () => void }) {
  const { form, profile, profiles, editable, busy, failed, question, testing } = editor;
  if (question) return <AskFirst editor={editor} />;
  const save = (connect: boolean) => () => void editor.save(connect).then((right) => right || showWrong());
  const canTest = profile?.origin !== 'built-in';
  return (
    <footer className={classes.foot}>
      <Failed text={failed} />
      <div className={classes.buttons}>
        {profile && profile.origin !== 'built-in' && (
          <Button variant="subtle" color="gray" disabled={busy} onClick={editor.duplicate}>
            Duplicate
          </Button>
        )}
        {profile?.origin === 'saved' && (
          <Button variant="subtle" className={classes.danger} disabled={busy} onClick={editor.askToDelete}>
            Delete…
          </Button>
        )}
        <span className={classes.room} role="status">
          {editor.justSaved && 'Saved'}
        </span>
        {canTest && (
          <Button
            variant="default"
            disabled={testing.running}
            leftSection={<IconPlugConnected size={15} stroke={1.6} aria-hidden />}
            onClick={() => editor.test() || showWrong()}
          >
            Test connection
          </Button>
        )}
        {editable ? (
          <>
            <Button variant="default" loading={busy} onClick={save(false)}>
              Save
            </Button>
            <Button loading={busy} onClick={save(true)}>
              Save and connect
            </Button>
          </>
        ) : (
          <Button disabled={form.id === profiles.active} onClick={() => void editor.connect()}>
            {form.id === profiles.active ? 'In use' : 'Connect'}
          </Button>
        )}
      </div>
    </footer>
  );
}

function AskFirst({ editor }: { editor: ProfileEditor }) {
  const { form, profile, profiles, question, keep, discard, remove } = editor;
  const box = useRef<HTMLDivElement>(null);
  // The safe answer is the first button.
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  const name = showText(form.name.trim() === '' ? 'the new profile' : form.name);
  if (!question) return null;
  const discards = question.kind === 'discard';
  const inUse = profile !== null && profile.id === profiles.active;
  return (
    <div
      ref={box}
      className={classes.foot}
      role="alertdialog"
      aria-label={discards ? 'Discard changes?' : 'Delete the profile?'}
      data-asking
    >
      <p className={classes.question}>
        {discards ? (
          <>
            <b>Discard changes?</b> What you changed in {name} was not saved.
          </>
        ) : (
          <>
            <b>Delete {name}?</b> Its stored secrets are forgotten too.
            {inUse && ' It is in use: the built-in broker is used then.'}
          </>
        )}
      </p>
      <DialogFooter cancel={keep} cancelWords={discards ? 'Keep editing' : 'Cancel'}>
        <Button color="red.8" onClick={() => (discards ? discard() : void remove())}>
          {discards ? 'Discard changes' : 'Delete'}
        </Button>
      </DialogFooter>
    </div>
  );
}
