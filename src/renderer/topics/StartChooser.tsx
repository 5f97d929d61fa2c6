/** Chooses where reading starts and whether it stops: a kind each, and for some kinds a value. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useRangeChoice } from '../state/layerActions';
import { absolute } from '../words/times';
import { type RangeForm, readRange, readTime, startChoices, startField, stopChoices, stopField } from './startForm';
import classes from './topicsPanel.module.css';

const rowClasses = { root: classes.start, label: classes.startLabel, wrapper: classes.startWrapper };
const valueProps = {
  autoComplete: 'off',
  spellCheck: false,
  inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
};

/** What a time that was typed means, to the millisecond and with its zone. */
function timeMeant(text: string): string | undefined {
  const at = readTime(text);
  return at === null ? undefined : absolute(at);
}

export function StartChooser({ label, hint }: { label: string; hint: string }) {
  const { form, touched } = useRangeChoice();
  const { start, stop } = form;
  const first = startField(start.kind);
  const last = stopField(stop.kind);
  const read = readRange(form);
  const wrong = touched && !read.ok ? read : null;
  const change = (changed: Partial<RangeForm>, typed: boolean) =>
    useRangeChoice.setState({ form: { ...form, ...changed }, touched: typed });
  return (
    <>
      <NativeSelect
        label={label}
        title={hint}
        classNames={rowClasses}
        data={[...startChoices]}
        value={start.kind}
        onChange={(event) => {
          const chosen = startChoices.find(({ value }) => value === event.currentTarget.value);
          if (chosen) change({ start: { ...start, kind: chosen.value } }, false);
        }}
      />
      {first && (
        <TextInput
          {...valueProps}
          label={first.label}
          placeholder={first.placeholder}
          value={start[first.name]}
          description={first.name === 'time' ? timeMeant(start.time) : undefined}
          error={wrong?.start}
          onChange={(event) => change({ start: { ...start, [first.name]: event.currentTarget.value } }, true)}
        />
      )}
      <NativeSelect
        label="Then"
        title="Whether reading goes on for ever, or stops"
        classNames={rowClasses}
        data={[...stopChoices]}
        value={stop.kind}
        error={last ? undefined : wrong?.stop}
        onChange={(event) => {
          const chosen = stopChoices.find(({ value }) => value === event.currentTarget.value);
          if (chosen) change({ stop: { ...stop, kind: chosen.value } }, false);
        }}
      />
      {last && (
        <TextInput
          {...valueProps}
          label={last.label}
          placeholder={last.placeholder}
          value={stop[last.name]}
          description={last.name === 'time' ? timeMeant(stop.time) : undefined}
          error={wrong?.stop}
          onChange={(event) => change({ stop: { ...stop, [last.name]: event.currentTarget.value } }, true)}
        />
      )}
    </>
  );
}
