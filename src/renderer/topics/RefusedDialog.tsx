/** Why records of a topic could not become points: each reason with how many, and the latest records as examples. */
import { Modal } from '@mantine/core';
import type { Refusal } from '../../shared/contract';
import { closeDialog } from '../state/dialogs';
import { countsOf, useMain } from '../state/mainState';
import { useCalm } from '../state/useCalm';
import blocks from '../theme/blocks.module.css';
import { counted } from '../words/numbers';
import { shorten, showText } from '../words/showText';
import classes from './topicDialogs.module.css';

/** Characters of an example; the whole record stays in Kafka. */
const MOST_SHOWN = 1_000;

export function RefusedDialog({ topic }: { topic: string }) {
  const all = useCalm(
    useMain((state) => state.counts),
    500,
  );
  const { refused, refusals } = countsOf(all, topic);
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={640}
      title={`${counted(refused, 'record')} of ${showText(topic)} refused`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={classes.words}>
        These records could not become points. They stay in Kafka, and reading goes on. Each reason shows its latest
        records, the newest first.
      </p>
      <ul className={classes.refusals}>
        {refusals
          .toSorted((a, b) => b.count - a.count)
          .map(({ reason, count, examples }) => (
            <li key={reason}>
              <h3>
                {showText(reason)} <span>{counted(count, 'record')}</span>
              </h3>
              {examples.toReversed().map((example) => (
                <RefusedRecord key={`${example.partition}:${example.offset}`} {...example} />
              ))}
            </li>
          ))}
      </ul>
    </Modal>
  );
}

function RefusedRecord({ partition, offset, detail, text }: Refusal['examples'][number]) {
  return (
    <>
      <p className={classes.detail}>
        Partition {partition}, offset {showText(offset)}
        {detail !== '' && `: ${showText(shorten(detail, MOST_SHOWN))}`}
      </p>
      <pre className={blocks.code}>
        <bdi>{text === '' ? 'empty' : showText(shorten(text, MOST_SHOWN))}</bdi>
      </pre>
    </>
  );
}
