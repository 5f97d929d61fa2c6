/** How records are sent, at the right panel's foot; the compression can be chosen. */
import { NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { Compression } from '../shared/contract';
import classes from './rightPanel.module.css';
import { command } from './state/command';
import { useMain } from './state/mainState';
import { useReadOnly } from './state/readOnly';
import { compressionChoices } from './words/sending';

export function ProducerSettings() {
  const compression = useMain((state) => state.connection.compression);
  const [wished, setWished] = useState<Compression | null>(null);
  const readOnly = useReadOnly();
  const id = useId();
  const choose = async (value: string) => {
    const chosen = compressionChoices.find((one) => one.value === value);
    if (!chosen) return;
    setWished(chosen.value);
    await command('produce.compression', { compression: chosen.value });
    setWished(null);
  };
  return (
    <footer className={classes.settings}>
      <p>
        <span title="Every in-sync replica of the partition has a record before it counts as sent">
          Acknowledged by all in-sync replicas
        </span>
        {' · '}
        <span title="A retry never writes a record twice">idempotent</span>
      </p>
      <div className={classes.compression}>
        <label htmlFor={id}>Compression</label>
        <NativeSelect
          id={id}
          size="xs"
          variant="unstyled"
          classNames={{ input: classes.compressionInput }}
          title="How records are packed from now on; they stay packed so in Kafka"
          data={[...compressionChoices]}
          value={wished ?? compression}
          disabled={readOnly}
          onChange={(event) => void choose(event.currentTarget.value)}
        />
      </div>
    </footer>
  );
}
