/** Offers to show a topic that is filled here and is not on the map. */
import { Button } from '@mantine/core';
import { IconMapPlus } from '@tabler/icons-react';
import { addLayerFrom, useWishes } from '../state/layerActions';
import { useMain } from '../state/mainState';
import type { ReadingRange } from '../topics/startForm';
import classes from './simulate.module.css';

const fromTheBeginning: ReadingRange = { start: { kind: 'beginning' }, stop: { kind: 'never' } };

export function PutOnMap({ topic }: { topic: string }) {
  const shown = useMain((state) => state.layers.some((layer) => layer.topic === topic));
  const wished = useWishes((state) => state.wished.get(topic)) === true;
  if (shown) return null;
  return (
    <Button
      className={classes.putOnMap}
      variant="light"
      size="compact-xs"
      leftSection={<IconMapPlus size={12} aria-hidden />}
      aria-label={`Put it on the map: ${topic}`}
      title="Read this topic from its beginning"
      loading={wished}
      onClick={() => void addLayerFrom(topic, fromTheBeginning)}
    >
      Put it on the map
    </Button>
  );
}
