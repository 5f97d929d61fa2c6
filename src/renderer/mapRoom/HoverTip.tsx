/** What is under the pointer: who, of which topic, how old, how fast; in the density view how many. */
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { useAge } from '../state/useNow';
import { cellWidthWords, cellWords } from '../words/density';
import { speedWords } from '../words/motion';
import { shorten, showText } from '../words/showText';
import classes from './mapRoom.module.css';

const FROM_POINTER = 14;
const WIDTH = 260;
const HEIGHT = 70;

export function HoverTip() {
  const hover = useMap((state) => state.hover);
  const cell = useMap((state) => state.cell);
  return hover ? <Tip hover={hover} /> : cell && <CellTip cell={cell} />;
}

/** Near the right or lower edge it goes to the other side of the pointer. */
function usePlace(x: number, y: number) {
  const { width, height } = useMap((state) => state.size);
  const left = x + FROM_POINTER + WIDTH > width ? x - FROM_POINTER : x + FROM_POINTER;
  const top = y + FROM_POINTER + HEIGHT > height ? y - FROM_POINTER - HEIGHT : y + FROM_POINTER;
  return { left, top, transform: left < x ? 'translateX(-100%)' : undefined };
}

function CellTip({ cell: { entities, x, y } }: { cell: NonNullable<ReturnType<typeof useMap.getState>['cell']> }) {
  const pointer = useMap((state) => state.pointer);
  const zoom = useMap((state) => state.view?.zoom);
  return (
    <div role="tooltip" className={classes.tip} style={usePlace(x, y)}>
      <b>{cellWords(entities)}</b>
      {pointer && zoom !== undefined && (
        <span className={classes.tipTopic}>about {cellWidthWords(pointer.lat, zoom)} wide</span>
      )}
    </div>
  );
}

function Tip({ hover: { entity, x, y } }: { hover: NonNullable<ReturnType<typeof useMap.getState>['hover']> }) {
  const age = useAge(entity.time);
  const layer = useMain((state) => state.layers.find(({ stream }) => stream === entity.stream));
  return (
    <div role="tooltip" className={classes.tip} style={usePlace(x, y)}>
      <b>
        <bdi>{showText(shorten(entity.id, 120))}</bdi>
      </b>
      <span className={classes.tipTopic}>
        <span className={classes.dot} style={{ background: layer?.style.color }} aria-hidden />
        {showText(layer?.topic ?? 'no longer on the map')}
      </span>
      <span>
        {age}
        {entity.speed !== null && ` · ${speedWords(entity.speed)}`}
        {entity.stale && ' · stale'}
      </span>
    </div>
  );
}
