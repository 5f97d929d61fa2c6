/** How long a topic's records are kept and what they take on disk; and what a change of it will do, before it is done. */
import { Modal } from '@mantine/core';
import { DialogFooter } from '../controls/DialogFooter';
import { byName } from '../state/byName';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import blocks from '../theme/blocks.module.css';
import { bytes, counted } from '../words/numbers';
import { replicaWords, retentionWords, untoldSentence } from '../words/retention';
import { showText } from '../words/showText';
import { RetentionFields } from './RetentionFields';
import classes from './topicDialogs.module.css';

export function RetentionDialog({ topic }: { topic: string }) {
  const storage = useMain((state) => byName(state.topicStorage, topic));
  const records = useMain((state) => byName(state.topicDetails, topic)?.records ?? null);
  const partitions = useMain((state) => byName(state.topics, topic)?.partitions ?? 0);
  return (
    <Modal
      opened
      onClose={closeDialog}
      title={`Retention of ${showText(topic)}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {storage === undefined ? (
        <div className={classes.form}>
          <p className={classes.words}>Asking the cluster…</p>
          <DialogFooter cancel={closeDialog}>{null}</DialogFooter>
        </div>
      ) : (
        <>
          <dl className={`${blocks.facts} ${classes.facts}`}>
            <div>
              <dt>On disk</dt>
              <dd>
                {storage.disk.kind === 'known' ? (
                  <>
                    {storage.disk.missing > 0 && 'at least '}
                    {bytes(storage.disk.bytes)}
                    <span className={classes.aside}> · {replicaWords(storage.disk, partitions)}</span>
                  </>
                ) : (
                  untoldSentence(storage.disk, 'size')
                )}
              </dd>
            </div>
            {records !== null && (
              <div>
                <dt>Holds</dt>
                <dd>{counted(records, 'record')}</dd>
              </div>
            )}
            <div>
              <dt>Now</dt>
              <dd>
                {storage.retention.kind === 'known'
                  ? retentionWords(storage.retention)
                  : untoldSentence(storage.retention, 'retention')}
              </dd>
            </div>
          </dl>
          {storage.retention.kind === 'known' ? (
            <RetentionFields topic={topic} partitions={partitions} now={storage.retention} disk={storage.disk} />
          ) : (
            <DialogFooter cancel={closeDialog} cancelWords="Close">
              {null}
            </DialogFooter>
          )}
        </>
      )}
    </Modal>
  );
}
