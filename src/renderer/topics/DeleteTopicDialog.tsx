/** Deleting is for good, so the topic's name has to be typed. */
import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogFooter } from '../controls/DialogFooter';
import { byName } from '../state/byName';
import { ask } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { toast } from '../state/toasts';
import { counted } from '../words/numbers';
import { shorten, showText } from '../words/showText';
import classes from './topicDialogs.module.css';

export function DeleteTopicDialog({ topic }: { topic: string }) {
  const records = useMain((state) => byName(state.topicDetails, topic)?.records ?? null);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const matches = typed.trim() === topic;

  const remove = async (event: FormEvent) => {
    event.preventDefault();
    if (!matches || busy) return;
    setBusy(true);
    setFailed('');
    const done = await ask('topics.delete', { topic });
    setBusy(false);
    if (!done.ok) {
      setFailed(`${done.error.message} ${done.error.action}`);
      return;
    }
    closeDialog();
    toast({ level: 'info', message: `Topic ${shorten(topic, 60)} was deleted.` });
    useMain.setState(({ topics, layers }) => ({
      topics: topics.filter((one) => one.name !== topic),
      layers: layers.filter((one) => one.topic !== topic),
    }));
  };

  return (
    <Modal opened onClose={closeDialog} title="Delete a topic" size={440} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className={classes.form} onSubmit={(event) => void remove(event)} noValidate>
        <p className={classes.words}>
          This deletes <b>{showText(topic)}</b>
          {records !== null && ` and the ${counted(records, 'record')} that Kafka holds in it`}, for everyone who uses
          this cluster. It cannot be undone.
        </p>
        <TextInput
          label="Type the topic's name to delete it"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          error={typed !== '' && !topic.startsWith(typed.trim()) && 'This is not the name of the topic.'}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <DialogFooter failed={failed} cancel={closeDialog}>
          <Button type="submit" color="red.8" disabled={!matches} loading={busy}>
            Delete the topic
          </Button>
        </DialogFooter>
      </form>
    </Modal>
  );
}
