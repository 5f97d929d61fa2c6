/** The caps on memory: what the map may hold, and how much of each stream may be on its way there. */
import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Limits } from '../../shared/contract';
import { defaultLimits, type LimitName, limitRanges, memoryOf } from '../../shared/limitRanges';
import { DialogFooter } from '../controls/DialogFooter';
import { ask } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { useLimits } from '../state/limits';
import { useSmoothMotion } from '../state/motion';
import { toast } from '../state/toasts';
import classes from '../topics/topicDialogs.module.css';
import { bytes, count, readWholeNumber } from '../words/numbers';

const FIELDS: readonly { readonly name: LimitName; readonly label: string; readonly description: string }[] = [
  {
    name: 'entities',
    label: 'Entities on the map',
    description: 'Of all layers together. Records of further ones are refused, and counted.',
  },
  {
    name: 'trailFixes',
    label: 'Fixes kept for trails',
    description: 'Of all entities together. When there are more, the oldest give way.',
  },
  {
    name: 'batches',
    label: 'Batches on their way to the map',
    description: 'Of each layer. With none left, reading waits for the map; nothing is dropped.',
  },
  {
    name: 'examples',
    label: 'Refused records kept as examples',
    description: 'Of each reason and layer. All of them stay in Kafka.',
  },
];

type Texts = Readonly<Record<LimitName, string>>;

const textsOf = (limits: Limits): Texts => ({
  entities: count(limits.entities),
  trailFixes: count(limits.trailFixes),
  batches: count(limits.batches),
  examples: count(limits.examples),
});

export function LimitsDialog() {
  const now = useLimits();
  const [texts, setTexts] = useState<Texts>(() => textsOf(now));
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const read = (name: LimitName) => readWholeNumber(texts[name], limitRanges[name]);
  const limitOf = (name: LimitName) => {
    const value = read(name);
    return typeof value === 'number' ? value : now[name];
  };
  const wanted: Limits = {
    entities: limitOf('entities'),
    trailFixes: limitOf('trailFixes'),
    batches: limitOf('batches'),
    examples: limitOf('examples'),
  };
  const { smooth } = useSmoothMotion();
  const memory = memoryOf(wanted, smooth);
  const isWrong = FIELDS.some(({ name }) => typeof read(name) === 'string');

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isWrong || busy) return;
    setBusy(true);
    setFailed('');
    const done = await ask('limits.change', wanted);
    setBusy(false);
    if (!done.ok) {
      setFailed(`${done.error.message} ${done.error.action}`);
      return;
    }
    useLimits.setState(wanted);
    closeDialog();
    toast({ level: 'info', message: 'The limits were changed. Every layer is read again from where it started.' });
  };

  return (
    <Modal opened onClose={closeDialog} title="Limits" size={440} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className={classes.form} onSubmit={(event) => void save(event)} noValidate>
        {FIELDS.map(({ name, label, description }, i) => {
          const value = read(name);
          return (
            <TextInput
              key={name}
              label={label}
              description={description}
              inputMode="numeric"
              data-autofocus={i === 0 || undefined}
              value={texts[name]}
              error={typeof value === 'string' ? value : null}
              onChange={(event) => {
                const text = event.currentTarget.value;
                setTexts((before) => ({ ...before, [name]: text }));
              }}
            />
          );
        })}
        <p className={classes.words} role="status" aria-label="Memory">
          Full, the map holds about {bytes(memory.entities)} of entities
          {smooth ? `, ${bytes(memory.gliding)} more for their smooth motion,` : ''} and {bytes(memory.trails)} of
          trails; each layer that is read has up to {bytes(memory.layer)} on the way to it. Reading takes up to{' '}
          {bytes(memory.reading)} beside, however much is read.
        </p>
        <DialogFooter failed={failed} cancel={closeDialog}>
          <Button variant="default" onClick={() => setTexts(textsOf(defaultLimits))}>
            Defaults
          </Button>
          <Button type="submit" loading={busy} disabled={isWrong}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </Modal>
  );
}
