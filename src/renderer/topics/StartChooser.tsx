/** Chooses where reading starts: a kind, and for some kinds a value. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useStartChoice } from '../state/layerActions';
import { readStart, startChoices, startField } from './startForm';
import classes from './topicsPanel.module.css';

export function StartChooser({ label, hint }: { label: string; hint: string }) {
  const { form, touched } = useStartChoice();
  const field = startField(form.kind);
  const read = readStart(form);
  return (
    <>
      <NativeSelect
        label={label}
        title={hint}
        classNames={{ root: classes.start, label: classes.startLabel, wrapper: classes.startWrapper }}
        data={[...startChoices]}
        value={form.kind}
        onChange={(event) => {
          const chosen = startChoices.find(({ value }) => value === event.currentTarget.value);
          if (chosen) useStartChoice.setState({ form: { ...form, kind: chosen.value }, touched: false });
        }}
      />
      {field && (
        <TextInput
          label={field.label}
          placeholder={field.placeholder}
          autoComplete="off"
          spellCheck={false}
          value={form[field.name]}
          error={touched && 'error' in read ? read.error : undefined}
          onChange={(event) =>
            useStartChoice.setState({ form: { ...form, [field.name]: event.currentTarget.value }, touched: true })
          }
        />
      )}
    </>
  );
}
