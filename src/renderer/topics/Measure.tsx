/** A number and its unit, side by side. */
import { NativeSelect, TextInput } from '@mantine/core';
import classes from './topicDialogs.module.css';

interface MeasureProps<U extends string> {
  readonly label: string;
  readonly value: string;
  readonly unit: U;
  readonly units: Readonly<Record<U, number>>;
  readonly description?: string | undefined;
  readonly error: string | null;
  readonly onChange: (value: string, unit: U) => void;
}

export function Measure<U extends string>(props: MeasureProps<U>) {
  const { label, value, unit, units, description, error, onChange } = props;
  const names = Object.keys(units) as U[];
  return (
    <div className={classes.measure}>
      <TextInput
        label={label}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={value}
        description={error === null ? description : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value, unit)}
      />
      <NativeSelect
        aria-label={`Unit of ${label.toLowerCase()}`}
        data={names}
        value={unit}
        onChange={(event) => {
          const chosen = names.find((name) => name === event.currentTarget.value);
          if (chosen) onChange(value, chosen);
        }}
      />
    </div>
  );
}
