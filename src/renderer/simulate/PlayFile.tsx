/** A file of positions: choose it, say how it becomes messages, play it. */
import { Button, NativeSelect } from '@mantine/core';
import { IconFile, IconPlayerPlay } from '@tabler/icons-react';
import type { PlayableFile } from '../../shared/contract';
import { TopicInput } from '../controls/TopicInput';
import { topicError } from '../inject/composeMessage';
import { useReadOnly } from '../state/readOnly';
import { bytes } from '../words/numbers';
import { shorten, showText } from '../words/showText';
import { absolute } from '../words/times';
import { speedChoices } from './playSpeeds';
import classes from './simulate.module.css';
import { chooseFile, playFile, useSimulate } from './simulateState';

const formats = { ndjson: 'NDJSON', gpx: 'GPX' } as const;

export function PlayFile() {
  const file = useSimulate((state) => state.file);
  return (
    <div className={classes.form}>
      <Button
        variant={file ? 'default' : 'filled'}
        leftSection={<IconFile size={14} aria-hidden />}
        onClick={() => void chooseFile()}
      >
        Choose a file…
      </Button>
      {file ? (
        <HowToPlay file={file} />
      ) : (
        <p className={classes.quiet}>
          An NDJSON file (one JSON message a line) or a GPX track. Its messages are sent at their own pace or faster.
        </p>
      )}
    </div>
  );
}

function HowToPlay({ file }: { file: PlayableFile }) {
  const { fileTopic, fileTopicTouched, keyField, speed } = useSimulate();
  const keys = [
    ...file.fields.map(({ path, example }) => ({
      value: path,
      label: `${showText(path)}   (such as ${showText(shorten(example, 40))})`,
    })),
    { value: '', label: '(no key)' },
  ];
  const readOnly = useReadOnly();
  const wrongTopic = topicError(fileTopic.trim());
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void playFile();
      }}
    >
      <div>
        <p className={classes.itemName} title={showText(file.name)}>
          {showText(file.name)}
        </p>
        <p className={classes.quiet}>
          {bytes(file.bytes)} · {formats[file.format]}
          {file.firstTime !== null && <> · begins {absolute(file.firstTime)}</>}
        </p>
      </div>
      <TopicInput
        label="File topic"
        value={fileTopic}
        error={fileTopicTouched && wrongTopic}
        onChange={(value) => useSimulate.setState({ fileTopic: value, fileTopicTouched: true })}
      />
      <NativeSelect
        label="Key field"
        data={keys}
        value={keyField}
        onChange={(event) => useSimulate.setState({ keyField: event.currentTarget.value })}
      />
      <NativeSelect
        label="Speed"
        description={
          file.firstTime === null ? 'The file has no times: it is sent without a pace of its own.' : undefined
        }
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={speedChoices}
        value={speed}
        onChange={(event) => useSimulate.setState({ speed: event.currentTarget.value })}
      />
      <Button type="submit" disabled={readOnly} leftSection={<IconPlayerPlay size={14} aria-hidden />}>
        Play
      </Button>
    </form>
  );
}
