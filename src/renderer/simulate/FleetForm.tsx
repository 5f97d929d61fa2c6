/** A fleet: how many, how fast they report, where, and the seed that makes it repeatable. */
import { Button, TextInput } from '@mantine/core';
import { IconDice3, IconFocusCentered, IconPlayerPlay } from '@tabler/icons-react';
import { useRef } from 'react';
import { IconButton } from '../controls/IconButton';
import { TopicInput } from '../controls/TopicInput';
import { useMap } from '../state/mapState';
import { useReadOnly } from '../state/readOnly';
import { areaWords, withinTheWorld } from '../words/places';
import { type FleetForm as Form, readFleet } from './fleetSpec';
import classes from './simulate.module.css';
import { changeFleet, newSeed, startFleet, useSimulate } from './simulateState';

export function FleetForm() {
  const { fleet, touched, area, starting } = useSimulate();
  const visible = useMap((state) => state.visible);
  const readOnly = useReadOnly();
  const form = useRef<HTMLFormElement>(null);
  const read = readFleet(fleet, area ?? visible);
  const bind = (field: keyof Form) => ({
    value: fleet[field],
    error: (touched.has(field) && !read.ok && read.errors[field]) || undefined,
    autoComplete: 'off',
    spellCheck: false,
  });
  const start = async () => {
    if (await startFleet()) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <form
      ref={form}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <TopicInput {...bind('topic')} label="Fleet topic" onChange={(value) => changeFleet('topic', value)} />
      <div className={classes.pair}>
        <TextInput
          {...bind('entities')}
          label="Entities"
          inputMode="numeric"
          onChange={(event) => changeFleet('entities', event.currentTarget.value)}
        />
        <TextInput
          {...bind('rate')}
          label="Messages a second"
          inputMode="decimal"
          onChange={(event) => changeFleet('rate', event.currentTarget.value)}
        />
      </div>
      <TextInput
        {...bind('seed')}
        label="Seed"
        description="The same seed gives the same courses."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        inputMode="numeric"
        onChange={(event) => changeFleet('seed', event.currentTarget.value)}
        rightSection={<IconButton name="Another seed" icon={IconDice3} size={24} onClick={newSeed} />}
      />
      <AreaChoice />
      {!read.ok && touched.size > 0 && read.errors.area && <p className={classes.wrong}>{read.errors.area}</p>}
      <Button
        type="submit"
        loading={starting}
        disabled={readOnly}
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
      >
        Start fleet
      </Button>
    </form>
  );
}

/** Follows the map until it is kept as it is; the button goes back to following. */
function AreaChoice() {
  const area = useSimulate((state) => state.area);
  const visible = useMap((state) => state.visible);
  const shown = area ?? visible;
  return (
    <fieldset className={classes.area}>
      <legend>Area: {area ? 'kept' : 'what the map shows'}</legend>
      <p>{shown ? areaWords(withinTheWorld(shown)) : 'The map is not there yet.'}</p>
      <div className={classes.areaButtons}>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconFocusCentered size={14} aria-hidden />}
          onClick={() => useSimulate.setState({ area: null })}
        >
          Use what the map shows
        </Button>
        {!area && visible && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => useSimulate.setState({ area: visible })}
            title="The map can then be moved, and the area stays"
          >
            Keep this
          </Button>
        )}
      </div>
    </fieldset>
  );
}
