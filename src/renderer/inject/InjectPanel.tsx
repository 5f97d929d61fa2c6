/** The form that sends a record: what, from where, to which topic; and the answer. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { IconListDetails, IconSend } from '@tabler/icons-react';
import { type KeyboardEvent, useDeferredValue, useRef } from 'react';
import { ReadOnlyNotice } from '../controls/ReadOnlyNotice';
import { TopicInput } from '../controls/TopicInput';
import { byName } from '../state/byName';
import { useMain } from '../state/mainState';
import { useReadOnly } from '../state/readOnly';
import blocks from '../theme/blocks.module.css';
import { Answer } from './Answer';
import { composeMessage, type InjectField, previewMessage } from './composeMessage';
import classes from './inject.module.css';
import { addToLineUp, change, send, useInject } from './injectState';
import { LineUp } from './LineUp';

export function InjectPanel() {
  const { form, touched, sending } = useInject();
  const topics = useMain((state) => state.topics);
  const connected = useMain((state) => state.connection.state.kind === 'connected');
  const readOnly = useReadOnly();
  const isNew = !byName(topics, form.topic.trim());
  const composed = composeMessage(form);
  const panel = useRef<HTMLElement>(null);

  const bind = (field: InjectField) => ({
    value: form[field],
    error: (touched.has(field) && !composed.ok && composed.errors[field]) || undefined,
    autoComplete: 'off',
    spellCheck: false,
  });
  /** The first field that is wrong gets the focus once it is marked. */
  const showWrong = (right: boolean) => {
    if (right) return;
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const submit = () => void send().then(showWrong);
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!readOnly) submit();
  };

  return (
    <section ref={panel} aria-label="Inject" className={classes.panel} onKeyDown={sendByKey}>
      <ReadOnlyNotice then="Nothing can be sent to it." />
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TopicInput
          {...bind('topic')}
          label="Topic"
          description={
            connected && !readOnly && isNew && composedTopicIsRight(composed)
              ? 'A new topic: sending creates it.'
              : undefined
          }
          onChange={(value) => change('topic', value)}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <TextInput
          {...bind('key')}
          label="Key"
          description="The entity. Left empty, the name among the fields is taken."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          onChange={(event) => change('key', event.currentTarget.value)}
        />
        <div className={classes.coordinates}>
          <TextInput
            {...bind('lat')}
            label="Latitude"
            placeholder="such as 59.7"
            onChange={(event) => change('lat', event.currentTarget.value)}
          />
          <TextInput
            {...bind('lon')}
            label="Longitude"
            placeholder="such as 24.9"
            onChange={(event) => change('lon', event.currentTarget.value)}
          />
          <p className={classes.hint}>Click on the map, or paste a pair into either.</p>
        </div>
        <Textarea
          {...bind('fields')}
          label="Message fields"
          placeholder="such as speed = 7.2"
          description="Lines name = value, or a JSON object."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          rows={4}
          resize="vertical"
          classNames={{ input: classes.code }}
          onChange={(event) => change('fields', event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" loading={sending} disabled={readOnly} leftSection={<IconSend size={14} aria-hidden />}>
            Send
          </Button>
          <Button
            variant="default"
            disabled={readOnly}
            leftSection={<IconListDetails size={14} aria-hidden />}
            onClick={() => showWrong(addToLineUp())}
          >
            Line up
          </Button>
        </div>
      </form>
      <Answer />
      <LineUp />
      <Preview />
    </section>
  );
}

const composedTopicIsRight = (composed: ReturnType<typeof composeMessage>): boolean =>
  composed.ok || composed.errors.topic === undefined;

function Preview() {
  const form = useDeferredValue(useInject((state) => state.form));
  const composed = composeMessage(form);
  return (
    <section className={classes.preview} aria-label="Preview">
      <h3 className={classes.title}>The message</h3>
      {composed.ok ? (
        <pre className={blocks.code}>{previewMessage(composed.outgoing)}</pre>
      ) : (
        <p className={classes.hint}>Shown here as soon as the fields above are complete.</p>
      )}
    </section>
  );
}
