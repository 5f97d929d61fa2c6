/** What a layer's colours and sizes stand for: the layer itself, or a number of its records. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Layer } from '../../shared/contract';
import { styleLayer } from '../state/layerActions';
import classes from './layers.module.css';
import { byChoices, formOf, type MeasureForm, ofChoices, readMeasure } from './measureForm';

const rowClasses = { root: classes.measureRow, label: classes.measureLabel, wrapper: classes.measureWrapper };
const typedProps = { autoComplete: 'off', spellCheck: false };

export function LayerMeasure({ layer }: { layer: Layer }) {
  const { measure } = layer.style;
  const [form, setForm] = useState<MeasureForm>(() => formOf(measure));
  /** An empty field is no mistake before somebody has been there. */
  const [touched, setTouched] = useState(measure !== null);
  const read = readMeasure(form);
  const wrong = touched && !read.ok ? read : null;
  const same = read.ok && JSON.stringify(read.measure) === JSON.stringify(measure);
  const change = (changed: Partial<MeasureForm>) => setForm({ ...form, ...changed });
  const typed = (changed: Partial<MeasureForm>) => {
    setTouched(true);
    change(changed);
  };

  const choose = (of: MeasureForm['of']) => {
    change({ of });
    if (of === 'layer' && measure !== null) void styleLayer(layer, { measure: null });
  };
  const show = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (read.ok && !same) void styleLayer(layer, { measure: read.measure });
  };

  return (
    <form className={classes.restart} onSubmit={show} noValidate>
      <NativeSelect
        label="Colour and size"
        classNames={rowClasses}
        data={[...ofChoices]}
        value={form.of}
        onChange={(event) => choose(event.currentTarget.value === 'number' ? 'number' : 'layer')}
      />
      {form.of === 'number' && (
        <>
          <TextInput
            {...typedProps}
            label="Field"
            placeholder="speed"
            title="Name of a field of the records, or of a GeoJSON feature's properties, that holds a number"
            classNames={rowClasses}
            value={form.field}
            error={wrong?.field}
            onChange={(event) => typed({ field: event.currentTarget.value })}
          />
          <NativeSelect
            label="Shown as"
            classNames={rowClasses}
            data={[...byChoices]}
            value={form.by}
            onChange={(event) => {
              const chosen = byChoices.find(({ value }) => value === event.currentTarget.value);
              if (chosen) change({ by: chosen.value });
            }}
          />
          <div className={classes.scaleEnds}>
            <TextInput
              {...typedProps}
              label="From"
              placeholder="automatic"
              value={form.from}
              error={wrong?.from}
              onChange={(event) => typed({ from: event.currentTarget.value })}
            />
            <TextInput
              {...typedProps}
              label="To"
              placeholder="automatic"
              value={form.to}
              error={wrong?.to}
              onChange={(event) => typed({ to: event.currentTarget.value })}
            />
          </div>
          <p className={classes.hint}>Another field has the topic read again from where it started.</p>
          <Button type="submit" variant="default" size="compact-sm">
            Show it
          </Button>
        </>
      )}
    </form>
  );
}
