/** Several entities, each with its own topic, key and position, sent in one go with an answer for each. */
import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { IconButton } from '../controls/IconButton';
import { useReadOnly } from '../state/readOnly';
import { coordinateText } from '../words/places';
import { shorten, showText } from '../words/showText';
import { shortAnswerWords } from './answerWords';
import classes from './inject.module.css';
import { clearLineUp, type LinedUp, removeFromLineUp, sendLineUp, sendWords, unsent, useInject } from './injectState';

export function LineUp() {
  const lineUp = useInject((state) => state.lineUp);
  const sending = useInject((state) => state.sending);
  const readOnly = useReadOnly();
  if (lineUp.length === 0) return null;
  return (
    <section className={classes.lineUp} aria-label="Lined up">
      <header>
        <h3 className={classes.title}>Lined up</h3>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={clearLineUp}>
          Clear
        </Button>
        <Button
          size="compact-xs"
          loading={sending}
          disabled={readOnly || unsent(lineUp).length === 0}
          onClick={() => void sendLineUp()}
        >
          {sendWords(lineUp)}
        </Button>
      </header>
      <ul aria-live="polite">
        {lineUp.map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ one: { id, outgoing, result } }: { one: LinedUp }) {
  const name = showText(shorten(outgoing.key ?? '', 120));
  return (
    <li>
      <div className={classes.who}>
        <span className={classes.key} title={name}>
          {name}
        </span>
        <span className={classes.where}>
          {showText(outgoing.topic)} · {coordinateText(outgoing.lat)}, {coordinateText(outgoing.lon)}
        </span>
        {result && (
          <span className={classes.result} data-kind={result.kind}>
            {showText(shortAnswerWords(result))}
          </span>
        )}
      </div>
      <IconButton name={`Remove ${name}`} hint="Remove" icon={IconX} size={24} onClick={() => removeFromLineUp(id)} />
    </li>
  );
}
