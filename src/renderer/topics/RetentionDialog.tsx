/** How long a topic's records are kept and what they take on disk; and what a change of it will do, before it is done. */
import { Modal } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { DiskUse, TopicStorage } from '../../shared/topicStorage';
import { DialogFooter } from '../controls/DialogFooter';
import { ReadOnlyNotice } from '../controls/ReadOnlyNotice';
import { byName } from '../state/byName';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { useReadOnly } from '../state/readOnly';
import blocks from '../theme/blocks.module.css';
import { bytes, counted } from '../words/numbers';
import { replicaWords, retentionWords, untoldSentence } from '../words/retention';
import { showText } from '../words/showText';
import { RetentionFields } from './RetentionFields';
import classes from './topicDialogs.module.css';

export function RetentionDialog({ topic }: { topic: string }) {
  const storage = useStorage(topic);
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={`Retention of ${showText(topic)}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {storage ? <Known storage={storage} /> : <p className={classes.words}>Asking the cluster…</p>}
    </Modal>
  );
}

/** As last known: what was typed outlives a moment in which the cluster does not answer. */
function useStorage(topic: string): TopicStorage | undefined {
  const storage = useMain((state) => byName(state.topicStorage, topic));
  const [last, setLast] = useState(storage);
  const isNews = storage !== undefined && (storage.retention.kind === 'known' || last?.retention.kind !== 'known');
  if (isNews && storage !== last) setLast(storage);
  return last;
}

function Known({ storage }: { storage: TopicStorage }) {
  const { name, disk, retention } = storage;
  const records = useMain((state) => byName(state.topicDetails, name)?.records ?? null);
  const partitions = useMain((state) => byName(state.topics, name)?.partitions ?? 0);
  const readOnly = useReadOnly();
  const isKnown = retention.kind === 'known';
  return (
    <div className={classes.form}>
      <dl className={blocks.facts}>
        <div>
          <dt>On disk</dt>
          <dd>{disk.kind === 'known' ? <Size disk={disk} partitions={partitions} /> : untoldSentence(disk, 'size')}</dd>
        </div>
        {records !== null && (
          <div>
            <dt>Holds</dt>
            <dd>{counted(records, 'record')}</dd>
          </div>
        )}
        <div>
          <dt>Now</dt>
          <dd>{isKnown ? retentionWords(retention) : untoldSentence(retention, 'retention')}</dd>
        </div>
      </dl>
      {isKnown && retention.changeable && !readOnly ? (
        <RetentionFields topic={name} partitions={partitions} now={retention} disk={disk} />
      ) : (
        <>
          <ReadOnlyNotice then="Its retention cannot be changed." />
          {isKnown && !retention.changeable && <TooOld />}
          <DialogFooter cancel={closeDialog} cancelWords="Close">
            {null}
          </DialogFooter>
        </>
      )}
    </div>
  );
}

function Size({ disk, partitions }: { disk: Extract<DiskUse, { kind: 'known' }>; partitions: number }) {
  return (
    <>
      {disk.missing > 0 && 'at least '}
      {bytes(disk.bytes)}
      <span className={classes.aside}> · {replicaWords(disk, partitions)}</span>
    </>
  );
}

const TooOld = () => (
  <p className={blocks.warning} role="note">
    <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
    <span>
      This cluster cannot change single settings of a topic: that needs Kafka 2.3 or newer. Use the tools of the cluster
      itself (kafka-configs.sh).
    </span>
  </p>
);
