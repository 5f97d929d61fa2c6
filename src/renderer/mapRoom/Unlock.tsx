/** The profile's secrets were not stored: asks for exactly those that are missing, and connects with them. */
import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { NewSecrets, SecretName } from '../../shared/profiles';
import { Failed } from '../controls/DialogFooter';
import { FileField } from '../profiles/FileField';
import { SecretInput } from '../profiles/SecretInput';
import { ask, command } from '../state/command';
import { openDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { missingWords, secretLabels } from '../words/clusters';
import { showText } from '../words/showText';
import classes from './messages.module.css';

/** What was typed; of a key the token of the chosen file, which the main process holds. */
type Typed = Partial<Record<SecretName, { readonly text: string; readonly shown: string }>>;

const isSecret = (name: string): name is SecretName => name in secretLabels;

export function Unlock({ missing }: { missing: readonly string[] }) {
  const { profile, name } = useMain((state) => state.connection.cluster);
  const [typed, setTyped] = useState<Typed>({});
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const asked = missing.filter(isSecret);
  const complete = asked.every((one) => (typed[one]?.text ?? '') !== '');
  const change = (one: SecretName, text: string, shown = '') => setTyped({ ...typed, [one]: { text, shown } });

  const choose = async () => {
    const file = await command('profiles.chooseFile', { kind: 'key' });
    if (file) change('key', file.token, `${file.fileName}: ${file.summary}`);
  };
  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (!complete || busy) return;
    setBusy(true);
    setFailed('');
    const secrets: NewSecrets = {};
    for (const one of asked) {
      const text = typed[one]?.text ?? '';
      if (one === 'key') secrets.key = { kind: 'held', token: text };
      else secrets[one] = { kind: 'typed', text };
    }
    // They are gone from the page whatever comes of it.
    setTyped({});
    const done = await ask('profiles.unlock', { id: profile, secrets });
    setBusy(false);
    if (!done.ok) setFailed(`${done.error.message} ${done.error.action}`);
  };

  return (
    <form
      className={classes.message}
      aria-label={`Unlock ${name}`}
      data-level="warning"
      noValidate
      autoComplete="off"
      onSubmit={(event) => void unlock(event)}
    >
      <IconLock size={18} stroke={1.6} aria-hidden />
      <div className={classes.unlock}>
        <p>
          <b>{showText(name)}</b> needs {missingWords(missing)} to connect.
        </p>
        {asked.map((one) =>
          one === 'key' ? (
            <FileField
              key={one}
              label={secretLabels[one]}
              shown={typed.key?.shown ?? null}
              none="None chosen"
              choose={() => void choose()}
              remove={() => change('key', '')}
            />
          ) : (
            <SecretInput
              key={one}
              label={secretLabels[one]}
              value={typed[one]?.text ?? ''}
              onChange={(text) => change(one, text)}
            />
          ),
        )}
        <Failed text={failed} />
        <div className={classes.unlockButtons}>
          <Button type="submit" size="compact-sm" disabled={!complete} loading={busy}>
            Connect
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => openDialog({ kind: 'profiles', profile })}
          >
            Edit the profile…
          </Button>
          <span className={classes.action}>Kept until the app ends.</span>
        </div>
      </div>
    </form>
  );
}
