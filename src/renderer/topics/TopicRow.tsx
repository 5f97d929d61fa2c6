/** One topic: ticked when it is on the map. Plain elements, because scrolling makes many of these a second. */
import { IconTrash } from '@tabler/icons-react';
import { memo, useId } from 'react';
import type { Topic } from '../../shared/contract';
import { openDialog } from '../state/dialogs';
import { addLayer, removeLayer, useWishes } from '../state/layerActions';
import { useMain } from '../state/mainState';
import { counted } from '../words/numbers';
import { showText } from '../words/showText';
import classes from './topicList.module.css';

export const TopicRow = memo(function TopicRow({ topic }: { topic: Topic }) {
  const { name, records, partitions } = topic;
  const id = useId();
  const color = useMain((state) => state.layers.find((layer) => layer.topic === name)?.style.color);
  const wished = useWishes((state) => state.wished[name]);
  const held = records === null ? 'records not counted yet' : counted(records, 'record');
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
        <span className={classes.name} title={name}>
          {showText(name)}
        </span>
        <span className={classes.detail}>
          {held} · {counted(partitions, 'partition')}
        </span>
      </label>
      <button
        type="button"
        className={classes.delete}
        aria-label={`Delete the topic ${name}…`}
        title="Delete this topic…"
        onClick={() => openDialog({ kind: 'delete-topic', topic: name })}
      >
        <IconTrash size={16} stroke={1.6} aria-hidden />
      </button>
    </>
  );
});
