/** One topic: ticked when it is on the map. Plain elements, because scrolling makes many of these a second. */
import { IconHourglass, IconTrash } from '@tabler/icons-react';
import { memo, useId } from 'react';
import type { Topic } from '../../shared/contract';
import { byName } from '../state/byName';
import { openDialog } from '../state/dialogs';
import { addLayer, removeLayer, useWishes } from '../state/layerActions';
import { useMain } from '../state/mainState';
import { READ_ONLY, useReadOnly } from '../state/readOnly';
import { storageWords } from '../words/retention';
import { showText } from '../words/showText';
import { topicWords } from '../words/topics';
import classes from './topicList.module.css';

export const TopicRow = memo(function TopicRow({ topic }: { topic: Topic }) {
  const { name, partitions } = topic;
  const id = useId();
  const color = useMain((state) => state.layers.find((layer) => layer.topic === name)?.style.color);
  const wished = useWishes((state) => state.wished.get(name));
  const records = useMain((state) => byName(state.topicDetails, name)?.records);
  const rate = useMain((state) => byName(state.topicDetails, name)?.rate);
  const storage = useMain((state) => byName(state.topicStorage, name));
  const stored = storageWords(storage?.disk, storage?.retention);
  const readOnly = useReadOnly();
  return (
    <>
      <input
        type="checkbox"
        id={id}
        className={classes.tick}
        aria-label={name}
        checked={wished ?? color !== undefined}
        onChange={(event) => void (event.currentTarget.checked ? addLayer(name) : removeLayer(name))}
      />
      <label className={classes.label} htmlFor={id}>
        <span className={classes.name} title={showText(name)}>
          {showText(name)}
        </span>
        <span className={classes.detail}>{topicWords(partitions, records, rate)}</span>
        <span className={classes.detail} title={stored}>
          {stored}
        </span>
      </label>
      <div className={classes.actions}>
        <button
          type="button"
          className={classes.action}
          aria-label={`Retention of the topic ${name}…`}
          title="How long its records are kept…"
          onClick={() => openDialog({ kind: 'retention', topic: name })}
        >
          <IconHourglass size={16} stroke={1.6} aria-hidden />
        </button>
        <button
          type="button"
          className={classes.action}
          data-destructive
          aria-label={`Delete the topic ${name}…`}
          title={readOnly ? READ_ONLY : 'Delete this topic…'}
          disabled={readOnly}
          onClick={() => openDialog({ kind: 'delete-topic', topic: name })}
        >
          <IconTrash size={16} stroke={1.6} aria-hidden />
        </button>
      </div>
    </>
  );
});
