/** One entity: its newest fix, where that came from, and the whole record. Follows the map while it is open. */
import { Button, Tooltip } from '@mantine/core';
import { IconCurrentLocation, IconPencil, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { IconButton } from '../controls/IconButton';
import { fillForm } from '../inject/injectState';
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { openTab } from '../state/panels';
import { clearSelection, type Selection, useSelection } from '../state/selection';
import { toast } from '../state/toasts';
import { useAge } from '../state/useNow';
import blocks from '../theme/blocks.module.css';
import { headingWords, speedWords } from '../words/motion';
import { counted, figure } from '../words/numbers';
import { positionWords } from '../words/places';
import { shorten, showText } from '../words/showText';
import { absolute } from '../words/times';
import { editAgain } from './editAgain';
import classes from './entityCard.module.css';
import { RecordView } from './RecordView';
import { type RecordState, useRecord } from './useRecord';

export function EntityCard() {
  const selected = useSelection((state) => state.selected);
  return selected && <Card key={`${selected.fix.stream}/${selected.fix.entity}`} selected={selected} />;
}

function Card({ selected }: { selected: Selection }) {
  const { fix, topic, gone } = selected;
  const layer = useMain((state) => state.layers.find((one) => one.topic === topic));
  const record = useRecord(topic, fix.partition, fix.offset);
  return (
    <aside className={classes.card} aria-label="Entity">
      <header className={classes.head}>
        <div className={classes.who}>
          <h2 className={classes.name} title={showText(shorten(fix.id, 1_000))}>
            <bdi>{showText(shorten(fix.id, 250))}</bdi>
          </h2>
          <p className={classes.topic}>
            <span className={classes.dot} style={{ background: layer?.style.color }} aria-hidden />
            <span title={showText(topic)}>{showText(topic)}</span>
          </p>
        </div>
        <IconButton name="Close the card" hint="Close  Esc" icon={IconX} size={24} onClick={clearSelection} />
      </header>
      <div className={classes.scroll}>
        {gone && <p className={classes.gone}>It has left the map. This was its last fix.</p>}
        <Fix selected={selected} field={layer?.style.measure?.field} />
        <Actions selected={selected} record={record} />
        <RecordView state={record} />
      </div>
    </aside>
  );
}

function Fix({ selected: { fix }, field }: { selected: Selection; field: string | undefined }) {
  const age = useAge(fix.time);
  return (
    <dl className={blocks.facts}>
      <Fact name="Position">{positionWords(fix.lat, fix.lon)}</Fact>
      <Fact name="Time">
        <Tooltip label={absolute(fix.time)}>
          <time dateTime={isoTime(fix.time)} className={classes.hoverable}>
            {age}
          </time>
        </Tooltip>
        {fix.stale && <span className={classes.quiet}> · stale</span>}
      </Fact>
      <Fact name="Speed">{fix.speed === null ? 'not given' : speedWords(fix.speed)}</Fact>
      <Fact name="Heading">{fix.heading === null ? 'not given' : headingWords(fix.heading)}</Fact>
      {field !== undefined && (
        <Fact name={showText(shorten(field, 40))}>{fix.measure === null ? 'not given' : figure(fix.measure)}</Fact>
      )}
      <Fact name="Record">
        partition {fix.partition}, offset {fix.offset}
      </Fact>
      <Fact name="Trail">{counted(fix.trail, 'fix', 'fixes')}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Empty when it is out of the range of dates: the attribute is then of no use. */
const isoTime = (time: number): string => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : '');

function Actions({ selected: { fix }, record }: { selected: Selection; record: RecordState }) {
  const map = useMap((state) => state.map);
  const edit = () => {
    if (!record.record) return;
    fillForm(editAgain(record.record, fix.id, fix));
    openTab('inject');
    toast({ level: 'info', message: 'The form is filled. message_id and times are filled in afresh on sending.' });
  };
  return (
    <div className={classes.actions}>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconCurrentLocation size={14} aria-hidden />}
        onClick={() => map?.goTo(fix.lat, fix.lon)}
      >
        Centre on it
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconPencil size={14} aria-hidden />}
        disabled={!record.record}
        onClick={edit}
      >
        Send again, edited
      </Button>
    </div>
  );
}
