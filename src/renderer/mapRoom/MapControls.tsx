/** Zoom, the whole world, and who paints. */
import { IconMinus, IconPlus, IconWorld } from '@tabler/icons-react';
import { IconButton } from '../controls/IconButton';
import { useMap } from '../state/mapState';
import classes from './mapRoom.module.css';
import { PainterMenu } from './PainterMenu';

/** Degrees; the poles themselves are beyond Web Mercator. */
const world = { south: -60, west: -180, north: 75, east: 180 };

export function MapControls() {
  const map = useMap((state) => state.map);
  if (!map) return null;
  return (
    <div className={classes.controls} role="toolbar" aria-label="Map view">
      <IconButton name="Zoom in" icon={IconPlus} onClick={() => map.zoomIn()} />
      <IconButton name="Zoom out" icon={IconMinus} onClick={() => map.zoomOut()} />
      <IconButton name="Show the whole world" icon={IconWorld} onClick={() => map.fit(world)} />
      <PainterMenu />
    </div>
  );
}
