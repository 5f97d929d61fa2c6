/** The map, and what lies over its edges: messages on top, the entity's card, the zoom buttons. */
import { useRef } from 'react';
import { EntityCard } from '../entity/EntityCard';
import { useMain } from '../state/mainState';
import { ConnectionTrouble } from './ConnectionTrouble';
import { DensityLegend } from './DensityLegend';
import { FirstStart } from './FirstStart';
import { HoverTip } from './HoverTip';
import { MapControls } from './MapControls';
import classes from './mapRoom.module.css';
import { Notices } from './Notices';
import { useMapView } from './useMapView';
import { usePointer } from './usePointer';

export function MapRoom() {
  const loading = useMain((state) => state.phase.kind === 'loading');
  const place = useRef<HTMLDivElement>(null);
  useMapView(place);
  usePointer(place);
  return (
    <section className="frame-map" aria-label="Map">
      <div ref={place} className="frame-fill" />
      <div className={classes.over}>
        <div className={classes.messages} aria-live="polite">
          <ConnectionTrouble />
          <Notices />
          <FirstStart />
        </div>
        <EntityCard />
      </div>
      <MapControls />
      <DensityLegend />
      <HoverTip />
      {loading && <p className="frame-words">Starting…</p>}
    </section>
  );
}
