/** What can be done with one layer: start again, what its colours mean, trails, ages, and how it ends. */
import { Button, NativeSelect, Popover, Switch } from '@mantine/core';
import { IconDots, IconHourglass, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Layer } from '../../shared/contract';
import { IconButton } from '../controls/IconButton';
import { openDialog } from '../state/dialogs';
import { removeLayer, restartLayer, styleLayer } from '../state/layerActions';
import { READ_ONLY, useReadOnly } from '../state/readOnly';
import { durationChoices, readDuration, usualAges } from '../words/times';
import { LayerMeasure } from './LayerMeasure';
import classes from './layers.module.css';
import { StartChooser } from './StartChooser';

export function LayerOptions({ layer }: { layer: Layer }) {
  const [opened, setOpened] = useState(false);
  const { topic, style } = layer;
  const readOnly = useReadOnly();
  const andClose = (act: () => void) => () => {
    setOpened(false);
    act();
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={300}
      middlewares={{ size: { padding: 8 } }}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <span>
          <IconButton
            name={`Options of ${topic}`}
            hint="Options"
            icon={IconDots}
            size={24}
            expanded={opened}
            onClick={() => setOpened(!opened)}
          />
        </span>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Options of ${topic}`} className={classes.scrolling}>
        <div className={classes.options}>
          <fieldset className={classes.restart}>
            <legend>Read it again</legend>
            <StartChooser label="Start again from" hint="Where this topic starts to be read again" />
            <Button
              variant="default"
              size="compact-sm"
              onClick={async () => {
                if (await restartLayer(topic)) setOpened(false);
              }}
            >
              Start again
            </Button>
          </fieldset>
          <LayerMeasure layer={layer} />
          <Switch
            size="xs"
            label="Trails"
            checked={style.trails}
            onChange={(event) => void styleLayer(layer, { trails: event.currentTarget.checked })}
          />
          <NativeSelect
            label="Fade after"
            description="Without a fix for this long, an entity is drawn faint."
            data={durationChoices(usualAges.fade, style.fadeAfterMs)}
            value={style.fadeAfterMs === null ? 'never' : String(style.fadeAfterMs)}
            onChange={(event) => void styleLayer(layer, { fadeAfterMs: readDuration(event.currentTarget.value) })}
          />
          <NativeSelect
            label="Take off the map after"
            description="Kafka keeps the records; the next fix brings it back."
            data={durationChoices(usualAges.hide, style.hideAfterMs)}
            value={style.hideAfterMs === null ? 'never' : String(style.hideAfterMs)}
            onChange={(event) => void styleLayer(layer, { hideAfterMs: readDuration(event.currentTarget.value) })}
          />
          <div className={classes.ends}>
            <Button
              variant="default"
              leftSection={<IconX size={14} aria-hidden />}
              onClick={andClose(() => void removeLayer(topic))}
            >
              Remove from the map
            </Button>
            <Button
              variant="default"
              leftSection={<IconHourglass size={14} aria-hidden />}
              onClick={andClose(() => openDialog({ kind: 'retention', topic }))}
            >
              Retention…
            </Button>
            <Button
              variant="subtle"
              className={classes.danger}
              leftSection={<IconTrash size={14} aria-hidden />}
              disabled={readOnly}
              title={readOnly ? READ_ONLY : undefined}
              onClick={andClose(() => openDialog({ kind: 'delete-topic', topic }))}
            >
              Delete the topic…
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
