/** What this app is made of, under which licence, and where it keeps what it keeps. */
import { Button, Modal } from '@mantine/core';
import { IconClipboardText, IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { About } from '../../shared/contract';
import { command } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { Mark } from '../topBar/Mark';
import { showText } from '../words/showText';
import classes from './about.module.css';
import { copyDiagnostics } from './copyDiagnostics';

const facts = ({ versions, licence, dataFolder, logFolder }: About): readonly (readonly [string, string])[] => [
  ['Electron', versions.electron],
  ['Chromium', versions.chromium],
  ['Node', versions.node],
  ['kafkajs', versions.kafkajs],
  ['Licence', licence],
  ['Data', dataFolder],
  ['Log', logFolder],
];

export function AboutDialog() {
  const [about, setAbout] = useState<About | null>(null);
  useEffect(() => {
    void command('app.about', {}).then(setAbout);
  }, []);
  return (
    <Modal opened onClose={closeDialog} title="About GeoStream" size={460} closeButtonProps={{ 'aria-label': 'Close' }}>
      <p className={classes.name}>
        <Mark />
        <strong>GeoStream {about?.versions.app}</strong>
      </p>
      <p className={classes.words}>See, drive and replay geographic streams on Apache Kafka.</p>
      <dl className={classes.facts}>
        {about &&
          facts(about).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{showText(value)}</dd>
            </div>
          ))}
      </dl>
      <div className={classes.buttons}>
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={16} stroke={1.6} aria-hidden />}
          onClick={() => void command('logs.show', {})}
        >
          Show the log folder
        </Button>
        <Button
          variant="default"
          leftSection={<IconClipboardText size={16} stroke={1.6} aria-hidden />}
          onClick={() => void copyDiagnostics()}
        >
          Copy diagnostics
        </Button>
      </div>
    </Modal>
  );
}
