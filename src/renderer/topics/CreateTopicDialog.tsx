/** A new topic: name, partitions, and how long Kafka keeps its records. */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogFooter } from '../controls/DialogFooter';
import { topicError } from '../inject/composeMessage';
import { byName } from '../state/byName';
import { ask, command } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { toast } from '../state/toasts';
import { readWholeNumber } from '../words/numbers';
import { duration, readDuration, usualAges } from '../words/times';
import classes from './topicDialogs.module.css';

const keep = usualAges.retention.map((ms) => ({
  value: ms === null ? 'never' : String(ms),
  label: ms === null ? 'For ever' : duration(ms),
}));

const PARTITIONS = { least: 1, most: 1_000, usual: 1 };

export function CreateTopicDialog() {
  const exists = useMain((state) => state.topics);
  const [name, setName] = useState('');
  const [partitions, setPartitions] = useState('1');
  const [retention, setRetention] = useState('never');
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const trimmed = name.trim();
  const nameProblem =
    topicError(trimmed) ?? (byName(exists, trimmed) ? 'There is a topic with this name already.' : null);
  const readPartitions = readWholeNumber(partitions, PARTITIONS, ' partitions');
  const partitionsProblem = typeof readPartitions === 'string' ? readPartitions : null;

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (nameProblem || typeof readPartitions === 'string' || busy) return;
    setBusy(true);
    setFailed('');
    const done = await ask('topics.create', {
      topic: trimmed,
      partitions: readPartitions,
      retentionMs: readDuration(retention),
    });
    setBusy(false);
    if (!done.ok) {
      setFailed(`${done.error.message} ${done.error.action}`);
      return;
    }
    closeDialog();
    toast({ level: 'info', message: `Topic ${trimmed} was created.` });
    const fresh = await command('topics.refresh', {});
    if (fresh) useMain.setState({ topics: fresh });
  };

  return (
    <Modal opened onClose={closeDialog} title="Create a topic" size={400} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className={classes.form} onSubmit={(event) => void create(event)} noValidate>
        <TextInput
          label="Name"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={touched && nameProblem}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setTouched(true);
          }}
        />
        <TextInput
          label="Partitions"
          inputMode="numeric"
          value={partitions}
          error={partitionsProblem}
          onChange={(event) => setPartitions(event.currentTarget.value)}
        />
        <NativeSelect
          label="Keep records"
          data={keep}
          value={retention}
          onChange={(event) => setRetention(event.currentTarget.value)}
        />
        <DialogFooter failed={failed} cancel={closeDialog}>
          <Button type="submit" loading={busy}>
            Create
          </Button>
        </DialogFooter>
      </form>
    </Modal>
  );
}
