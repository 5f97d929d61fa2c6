/** The fields of a topic's retention. Where records would be deleted, the topic's name has to be typed, as for deleting it. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { DiskUse, KnownRetention } from '../../shared/topicStorage';
import { DialogFooter } from '../controls/DialogFooter';
import { closeDialog } from '../state/dialogs';
import { setRetention } from '../state/retentionActions';
import blocks from '../theme/blocks.module.css';
import { Measure } from './Measure';
import { type Effect, effectOf, filesWords, newAge } from './retentionEffect';
import {
  formOf,
  hasSize,
  hasTime,
  kindChoices,
  type RetentionForm,
  readRetention,
  sizeUnits,
  timeUnits,
  totalWords,
} from './retentionForm';
import classes from './topicDialogs.module.css';
import { useOlderRecords } from './useOlderRecords';

interface RetentionFieldsProps {
  readonly topic: string;
  readonly partitions: number;
  readonly now: KnownRetention;
  readonly disk: DiskUse;
}

export function RetentionFields({ topic, partitions, now, disk }: RetentionFieldsProps) {
  const [form, setForm] = useState<RetentionForm>(() => formOf(now));
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  // The dialog may have opened before the cluster told what holds: its own choice of the focus came too early then.
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const read = readRetention(form);
  const older = useOlderRecords(topic, read.ok ? newAge(now, read.change) : null);
  const effect = read.ok ? effectOf(now, read.change, { older, disk }) : null;
  const deletes = effect?.kind === 'deletes';
  const confirmed = !deletes || typed.trim() === topic;
  const ready = effect !== null && (effect.kind === 'keeps' || deletes) && confirmed;
  const change = (changed: Partial<RetentionForm>) => {
    setForm({ ...form, ...changed });
    setFailed('');
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!read.ok || !ready || busy) return;
    setBusy(true);
    setFailed('');
    const wrong = await setRetention(topic, read.change, now);
    setBusy(false);
    setFailed(wrong);
    if (wrong === '') closeDialog();
  };

  return (
    <form className={classes.form} onSubmit={(event) => void save(event)} noValidate>
      <fieldset className={classes.fields} disabled={busy}>
        <NativeSelect
          ref={first}
          label="Keep records"
          data-autofocus
          data={kindChoices(now)}
          value={form.kind}
          onChange={(event) => change({ kind: event.currentTarget.value as RetentionForm['kind'] })}
        />
        {hasTime(form.kind) && (
          <Measure
            label="Time"
            value={form.time}
            unit={form.timeUnit}
            units={timeUnits}
            error={read.ok ? null : read.time}
            onChange={(time, timeUnit) => change({ time, timeUnit })}
          />
        )}
        {hasSize(form.kind) && (
          <Measure
            label="Size of each partition"
            value={form.size}
            unit={form.sizeUnit}
            units={sizeUnits}
            description={totalWords(read, partitions, disk)}
            error={read.ok ? null : read.size}
            onChange={(size, sizeUnit) => change({ size, sizeUnit })}
          />
        )}
        <div aria-live="polite">{effect && <EffectWords effect={effect} />}</div>
        {read.ok && effect?.kind !== 'same' && filesWords(now, read.change) !== null && (
          <p className={classes.note}>{filesWords(now, read.change)}</p>
        )}
        {deletes && (
          <TextInput
            label="Type the topic's name to confirm it"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            error={typed !== '' && !topic.startsWith(typed.trim()) && 'This is not the name of the topic.'}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </fieldset>
      <DialogFooter failed={failed} cancel={closeDialog}>
        <Button type="submit" color={deletes ? 'red.8' : undefined} disabled={!ready} loading={busy}>
          {deletes ? 'Set it, and delete records' : 'Set it'}
        </Button>
      </DialogFooter>
    </form>
  );
}

function EffectWords({ effect: { kind, words } }: { effect: Effect }) {
  if (kind !== 'deletes') return <p className={classes.words}>{words.join(' ')}</p>;
  return (
    <p className={blocks.warning}>
      <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
      <span>{words.join(' ')}</span>
    </p>
  );
}
